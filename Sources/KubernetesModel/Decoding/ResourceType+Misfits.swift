/// The fields of a tree that do not fit a kind's schema.
public struct Misfits: Sendable {
    /// Fields of a wrong type, in the order of their paths; the detail is Go's message.
    public let wrongTypes: [FieldError]
    /// The paths of unknown fields, such as `spec.containers[0].foo`, in order.
    public let unknownFields: [String]
}

extension ResourceType {
    /// Every field of an object that does not fit the kind's schema: what `decode(_:)` refuses, and all of it at once.
    public func misfits(in value: JSONValue) -> Misfits {
        guard case .object(let fields) = value else {
            let detail = "json: cannot unmarshal \(value.typeName) into Go value of type v1.\(kind)"
            return Misfits(wrongTypes: [FieldError(.typeInvalid, "", detail)], unknownFields: [])
        }
        var decoder = TreeDecoder()
        _ = decoder.object(fields, schema)
        let faults = decoder.faults.sorted { $0.path < $1.path }
        return Misfits(
            wrongTypes: faults.map { FieldError(.typeInvalid, $0.path, $0.message) },
            unknownFields: decoder.unknownFields.sorted())
    }

    /// The table that an unknown field stands in, and the fields that it could have.
    ///
    /// - Parameter field: a path such as `spec.ports[0].prot`, as `misfits(in:)` gives it.
    /// - Returns: the path of the table, such as `spec.ports[0]`, and the names of its fields.
    public func fieldNames(beside field: String) -> (parent: String, fields: [String]) {
        var current = schema
        var parent = Substring()
        var rest = field[...]
        // A known field leads one table deeper; what no known field leads to is the unknown one.
        while let name = rest.split(separator: ".", maxSplits: 1).first?.prefix(while: { $0 != "[" }),
            let next = current.fields[String(name)]
        {
            var (schema, end) = (next, name.endIndex)
            var isTable = true
            descend: while isTable {
                switch schema {
                case .object(let object):
                    current = object
                    break descend
                case .list(let element, _):
                    guard let close = field[end...].firstIndex(of: "]") else { isTable = false; continue }
                    (schema, end) = (element, field.index(after: close))
                case .map(let element):
                    // Keys may hold dots: those of maps of tables do not.
                    guard end < field.endIndex else { isTable = false; continue }
                    let key = field[field.index(after: end)...].prefix { $0 != "." && $0 != "[" }
                    (schema, end) = (element, key.endIndex)
                default: isTable = false
                }
            }
            guard isTable, end < field.endIndex else { break }
            parent = field[..<end]
            rest = field[field.index(after: end)...]
        }
        return (String(parent), Array(current.fields.keys))
    }
}
