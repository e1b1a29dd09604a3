/// Reading for people: what is absent or of another type is empty.
extension JSONValue {
    /// The string at the end of a path, or empty.
    func text(at path: String...) -> String { self[path: path]?.string ?? "" }

    /// The whole number at the end of a path, or 0.
    func number(at path: String...) -> Int64 { self[path: path]?.integer ?? 0 }

    /// The truth value at the end of a path, or false.
    func flag(at path: String...) -> Bool { self[path: path]?.bool ?? false }

    /// The elements of the list at the end of a path.
    func elements(at path: String...) -> [JSONValue] { self[path: path]?.array ?? [] }

    /// The fields of the object at the end of a path, in the order of their names.
    func fields(at path: String...) -> [(key: String, value: JSONValue)] {
        (self[path: path]?.object ?? [:]).sorted { $0.key < $1.key }
    }

    /// A string as it is, anything else as JSON, such as a targetPort.
    var plainText: String { string ?? text }
}

extension APIObject {
    /// The string at the end of a path, or empty.
    func text(at path: String...) -> String { value[path: path]?.string ?? "" }

    /// The whole number at the end of a path, or 0.
    func number(at path: String...) -> Int64 { value[path: path]?.integer ?? 0 }

    /// The elements of the list at the end of a path.
    func elements(at path: String...) -> [JSONValue] { value[path: path]?.array ?? [] }
}

extension String {
    /// The text, or another one where it is empty.
    func or(_ other: String) -> String { isEmpty ? other : self }
}
