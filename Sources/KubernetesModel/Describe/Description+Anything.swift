extension Description {
    /// Kinds without a layout of their own: every field on a line.
    mutating func describeAnything() {
        name()
        if type.isNamespaced { line("Namespace", object.namespace) }
        labelsAndAnnotations()
        let hidden: Set<String> = [
            ".metadata.managedFields", ".metadata.name", ".metadata.namespace", ".metadata.labels",
            ".metadata.annotations",
        ]
        fields(object.value, level: 0, path: "", hidden)
        eventTable()
    }

    private mutating func fields(_ value: JSONValue, level: Int, path: String, _ hidden: Set<String>) {
        for (field, child) in (value.object ?? [:]).sorted(by: { $0.key < $1.key }) {
            let path = "\(path).\(field)"
            if hidden.contains(path) { continue }
            let label = Self.label(for: field)
            switch child {
            case .object:
                out.add(level, "\(label):")
                fields(child, level: level + 1, path: path, hidden)
            case .array(let elements):
                out.add(level, "\(label):")
                for element in elements {
                    if element.object != nil {
                        fields(element, level: level + 1, path: path, hidden)
                    } else {
                        out.add(level + 1, element.plainText)
                    }
                }
            default: out.add(level, "\(label):\t\(child.isNull ? "<nil>" : child.plainText)")
            }
        }
    }

    /// `creationTimestamp` as `Creation Timestamp`, `apiVersion` as `API Version`.
    static func label(for field: String) -> String {
        var words: [String] = []
        var word = ""
        let characters = Array(field)
        for (index, character) in characters.enumerated() {
            let previous = index > 0 ? characters[index - 1] : character
            let next = index + 1 < characters.count ? characters[index + 1] : character
            let startsWord =
                character.isUppercase && (previous.isLowercase || (previous.isUppercase && next.isLowercase))
            if startsWord, !word.isEmpty {
                words.append(word)
                word = ""
            }
            word.append(character)
        }
        words.append(word)
        let capitals: Set<String> = ["API", "URL", "UID", "OSB", "GUID"]
        return words.map { word in
            capitals.contains(word.uppercased()) ? word.uppercased() : word.prefix(1).uppercased() + word.dropFirst()
        }.joined(separator: " ")
    }
}
