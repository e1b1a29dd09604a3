extension Schema {
    /// The shape of a field or map entry, or nil where nothing is known of it.
    func part(_ field: String) -> Schema? {
        switch self {
        case .object(let object): object.fields[field]
        case .map(let entry): entry
        default: nil
        }
    }

    /// The shape of a list's elements, or nil where this is no list.
    var element: Schema? {
        if case .list(let element, _) = self { element } else { nil }
    }

    /// Whether an object has such a field by its type, other than a map, where entries come and go.
    func declares(_ field: String) -> Bool {
        if case .object(let object) = self { object.fields[field] != nil } else { false }
    }
}

extension JSONValue {
    /// The fields of an object, for changing them in place: the value is empty until they are given back.
    mutating func takeFields() -> [String: JSONValue] {
        guard case .object(let fields) = self else { return [:] }
        self = .null
        return fields
    }
}
