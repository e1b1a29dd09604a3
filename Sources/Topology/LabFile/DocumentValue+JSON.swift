package import KubernetesModel

extension DocumentValue {
    /// The value as JSON, without its places; values of types that JSON does not have are null.
    package var json: JSONValue {
        switch content {
        case .string(let text): .string(text)
        case .integer(let number): .integer(Int64(number))
        case .boolean(let flag): .bool(flag)
        case .number(let number): .number(number)
        case .null, .other: .null
        case .list(let values): .array(values.map(\.json))
        case .table(let entries): .object(Dictionary(entries.map { ($0.key, $0.value.json) }) { $1 })
        }
    }

    /// A value that was not written in a file.
    package init(_ json: JSONValue, at path: FieldPath = .root) {
        self.path = path
        position = nil
        switch json {
        case .null: content = .null
        case .bool(let flag): content = .boolean(flag)
        case .integer(let number): content = .integer(Int(number))
        case .number(let number): content = .number(number)
        case .string(let text): content = .string(text)
        case .array(let values):
            content = .list(values.enumerated().map { DocumentValue($1, at: path[$0]) })
        case .object(let fields):
            let entries = fields.sorted { $0.key < $1.key }
            content = .table(entries.map { Entry(key: $0.key, value: DocumentValue($0.value, at: path[$0.key])) })
        }
    }

    /// Where the value at a path of the API's spelling was written, such as `spec.ports[0].port`; of one that was not
    /// written, where the nearest value around it was.
    package func position(of field: String) -> Position? {
        var value = self
        var known = position
        for step in Self.steps(field) {
            let next: DocumentValue? =
                switch (value.content, step) {
                case (.table(let entries), .key(let key)): entries.first { $0.key == key }?.value
                case (.list(let values), .index(let index)): values.indices.contains(index) ? values[index] : nil
                default: nil
                }
            guard let next else { break }
            value = next
            known = next.position ?? known
        }
        return known
    }

    /// `spec.ports[0].port` and `metadata.labels[a.b/c]` as steps.
    private static func steps(_ field: String) -> [FieldPath.Step] {
        var steps: [FieldPath.Step] = []
        var word = ""
        var isInBrackets = false
        func end() {
            if isInBrackets, let index = Int(word) {
                steps.append(.index(index))
            } else if !word.isEmpty {
                steps.append(.key(word))
            }
            word = ""
        }
        for character in field {
            switch character {
            case "." where !isInBrackets: end()
            case "[" where !isInBrackets:
                end()
                isInBrackets = true
            case "]" where isInBrackets:
                end()
                isInBrackets = false
            default: word.append(character)
            }
        }
        end()
        return steps
    }
}
