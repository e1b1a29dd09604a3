extension JSONValue {
    /// A field as Go sees it: an empty text is as good as none.
    func text(_ field: String) -> String? {
        guard let text = self[field]?.string, !text.isEmpty else { return nil }
        return text
    }

    /// The elements of a list, or none.
    func elements(_ field: String) -> [JSONValue] { self[field]?.array ?? [] }

    /// Whether a field is absent, null or an empty text.
    func isUnset(_ field: String) -> Bool {
        switch self[field] {
        case nil, .null, "": true
        default: false
        }
    }

    /// Sets a field that is not set.
    mutating func setDefault(_ field: String, _ value: JSONValue) {
        if isUnset(field), object != nil { self[field] = value }
    }

    /// Sets a number that is not set or 0.
    mutating func setDefaultNumber(_ field: String, _ value: Int64) {
        if self[field] == nil || self[field] == .null || self[field] == 0, object != nil {
            self[field] = .integer(value)
        }
    }

    /// Changes an object in a field, where there is one.
    mutating func change(_ field: String, _ change: (inout JSONValue) -> Void) {
        guard case .object(var fields) = self, let place = fields.index(forKey: field),
            case .object = fields.values[place]
        else { return }
        // The tree gives up its reference first, so that the field is changed in place.
        self = .null
        change(&fields.values[place])
        self = .object(fields)
    }

    /// Changes an object in a field, and makes it where the field is absent.
    mutating func changeOrMake(_ field: String, _ change: (inout JSONValue) -> Void) {
        if object != nil, self[field] == nil || self[field] == .null { self[field] = [:] }
        self.change(field, change)
    }

    /// Changes every object in a list.
    mutating func changeEach(_ field: String, _ change: (inout JSONValue) -> Void) {
        guard case .object(var fields) = self, let place = fields.index(forKey: field),
            case .array(var elements) = fields.values[place]
        else { return }
        self = .null
        fields.values[place] = .null
        for index in elements.indices {
            if case .object = elements[index] { change(&elements[index]) }
        }
        fields.values[place] = .array(elements)
        self = .object(fields)
    }
}
