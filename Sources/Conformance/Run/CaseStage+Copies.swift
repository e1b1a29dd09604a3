import KubernetesModel

/// Many objects of one manifest.
extension CaseStage {
    /// What `{copy}` becomes until the number is known: names that are read have to be good ones.
    static let copyMark = "copy-number"

    /// The objects as often as a step wants them. Those that nothing tells apart are one.
    static func copies(_ count: Int, of objects: [APIObject]) -> [APIObject] {
        var all: [APIObject] = []
        for number in 1...count {
            for object in objects {
                let copy = APIObject(object.value.replacing(copyMark, with: "\(number)"))
                if number == 1 || copy != object { all.append(copy) }
            }
        }
        return all
    }
}

extension JSONValue {
    /// The value with a text replaced by another one wherever it stands in a text.
    fileprivate func replacing(_ text: String, with other: String) -> JSONValue {
        switch self {
        case .string(let own): .string(own.replacing(text, with: other))
        case .array(let items): .array(items.map { $0.replacing(text, with: other) })
        case .object(let fields): .object(fields.mapValues { $0.replacing(text, with: other) })
        default: self
        }
    }
}
