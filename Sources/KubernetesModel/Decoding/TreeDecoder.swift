/// Walks through a tree with its schema. Methods give nil where the tree can stay as it is, so that good objects are
/// not copied.
struct TreeDecoder {
    private enum Segment {
        case field(String)
        case index(Int)
        case key(String)
    }

    private(set) var unknownFields: [String] = []
    private(set) var faults: [(path: String, message: String)] = []
    private var path: [Segment] = []
    private var structure = ""

    /// The fault that is named: the first one by its path.
    var firstFault: String? { faults.min { $0.path < $1.path }?.message }

    mutating func object(_ fields: [String: JSONValue], _ schema: ObjectSchema) -> [String: JSONValue]? {
        let outer = structure
        structure = schema.name
        defer { structure = outer }
        var changed: [String: JSONValue]?
        for (field, value) in fields {
            guard let fieldSchema = schema.fields[field] else {
                path.append(.field(field))
                unknownFields.append(shownPath)
                path.removeLast()
                continue
            }
            if value.isNull {
                changed = changed ?? fields
                changed?[field] = nil
                continue
            }
            path.append(.field(field))
            if let decoded = self.value(value, fieldSchema) {
                changed = changed ?? fields
                changed?[field] = decoded
            }
            path.removeLast()
        }
        return changed
    }

    private mutating func value(_ value: JSONValue, _ schema: Schema) -> JSONValue? {
        switch (schema, value) {
        case (.any, _), (.string, .string), (.boolean, .bool), (.integerOrString, .string): return nil
        case (.object(let schema), .object(let fields)): return object(fields, schema).map(JSONValue.object)
        case (.list(let element, _), .array(let elements)): return list(elements, element)
        case (.map(let element), .object(let fields)): return map(fields, element)
        case (.integer(let bits), .integer), (.integer(let bits), .number): return whole(value, bits, schema)
        case (.integerOrString, .integer), (.integerOrString, .number): return whole(value, 32, schema)
        case (.quantity, .string), (.quantity, .integer), (.quantity, .number): return quantity(value)
        case (.time, .string(let text)): refuse(TimestampSyntax.fault(in: text))
        case (.bytes, .string(let text)): refuse(Base64.fault(in: text))
        case (.integerOrString, _): refuse("json: cannot unmarshal \(value.typeName) into Go value of type int32")
        case (.time, _): refuse("json: cannot unmarshal \(value.typeName) into Go value of type string")
        case (.quantity, _): refuse(Quantity.Fault.format.rawValue)
        default: refuse(mismatch(value.typeName, schema))
        }
        return nil
    }

    private mutating func list(_ elements: [JSONValue], _ schema: Schema) -> JSONValue? {
        var changed: [JSONValue]?
        for (index, element) in elements.enumerated() {
            path.append(.index(index))
            let decoded = element.isNull ? schema.zero : value(element, schema)
            path.removeLast()
            if let decoded {
                changed = changed ?? elements
                changed?[index] = decoded
            }
        }
        return changed.map(JSONValue.array)
    }

    private mutating func map(_ fields: [String: JSONValue], _ schema: Schema) -> JSONValue? {
        var changed: [String: JSONValue]?
        for (key, element) in fields {
            path.append(.key(key))
            let decoded = element.isNull ? schema.zero : value(element, schema)
            path.removeLast()
            if let decoded {
                changed = changed ?? fields
                changed?[key] = decoded
            }
        }
        return changed.map(JSONValue.object)
    }

    private mutating func whole(_ value: JSONValue, _ bits: Int, _ schema: Schema) -> JSONValue? {
        let number: Int64?
        switch value {
        case .integer(let whole): number = whole
        case .number(let fraction): number = Int64(exactly: fraction)
        default: number = nil
        }
        guard let number, bits == 64 || Int32(exactly: number) != nil else {
            if case .integerOrString = schema {
                refuse("json: cannot unmarshal number \(value.text) into Go value of type int32")
            } else {
                refuse(mismatch("number \(value.text)", schema))
            }
            return nil
        }
        return value == .integer(number) ? nil : .integer(number)
    }

    /// Numbers become text, as the API server answers them.
    private mutating func quantity(_ value: JSONValue) -> JSONValue? {
        let text = value.string ?? value.text
        do throws(Quantity.Fault) { _ = try Quantity(text) } catch { refuse(error.rawValue) }
        return value.string == nil ? .string(text) : nil
    }

    // MARK: Words

    private mutating func refuse(_ message: String?) {
        if let message { faults.append((shownPath, message)) }
    }

    private func mismatch(_ found: String, _ schema: Schema) -> String {
        var field = ""
        var names: [String] = []
        for case .field(let name) in path {
            names.append(name)
            field = name
        }
        let type = schema.goType(alias: GoTypeAlias.named["\(structure).\(field)"])
        return "json: cannot unmarshal \(found) into Go struct field \(structure).\(names.joined(separator: ".")) "
            + "of type \(type)"
    }

    private var shownPath: String {
        var text = ""
        for segment in path {
            switch segment {
            case .field(let name): text += text.isEmpty ? name : ".\(name)"
            case .index(let index): text += "[\(index)]"
            case .key(let key): text += ".\(key)"
            }
        }
        return text
    }
}

extension Schema {
    /// What null stands for in a list or map: Go's zero value.
    fileprivate var zero: JSONValue? {
        switch self {
        case .string, .time, .bytes: ""
        case .boolean: false
        case .integer, .integerOrString: 0
        case .quantity: "0"
        case .map, .object: [:]
        case .list: []
        case .any: nil
        }
    }

    /// The type's name in the API's source.
    fileprivate func goType(alias: String?) -> String {
        switch self {
        case .string: alias ?? "string"
        case .boolean: "bool"
        case .integer(let bits): "int\(bits)"
        case .integerOrString: "intstr.IntOrString"
        case .quantity: "resource.Quantity"
        case .time: "v1.Time"
        case .bytes: "[]uint8"
        case .any: "interface {}"
        case .map(.quantity): "v1.ResourceList"
        case .map(let element): "map[string]\(element.goType(alias: nil))"
        case .list(let element, _): "[]\(element.goType(alias: alias))"
        case .object(let schema): "v1.\(schema.name)"
        }
    }
}
