/// The fields of a protobuf message by their numbers, and how they are said in JSON.
struct ProtobufMessage: Sendable {
    /// What a field is.
    indirect enum Field: Sendable {
        /// Text and numbers of which JSON leaves the empty ones out.
        case text, number, flag
        /// What is there only if it was set, and then even if it is nought.
        case setNumber, setFlag
        case texts
        case map
        /// A map of bytes, which JSON has in base64.
        case dataMap
        /// A number or a text (IntOrString).
        case numberOrText
        case message(ProtobufMessage)
        case messages(ProtobufMessage)
        /// A message whose fields JSON has beside those of the outer one.
        case inlined(ProtobufMessage)
        /// What the server sets itself.
        case ignored
    }

    let fields: [UInt64: (name: String, field: Field)]

    init(_ fields: [UInt64: (String, Field)]) { self.fields = fields.mapValues { (name: $0.0, field: $0.1) } }

    /// The tree of a message.
    ///
    /// - Throws: `ProtobufError` where it is none, or has fields that are not read.
    func tree(_ bytes: ArraySlice<UInt8>) throws(ProtobufError) -> [String: JSONValue] {
        var tree: [String: JSONValue] = [:]
        var reader = ProtobufReader(bytes)
        while let (number, content) = try reader.next() {
            guard let (name, field) = fields[number] else {
                throw ProtobufError("field \(number) is not read; send JSON", isUnsupported: true)
            }
            switch (field, content) {
            case (.text, .bytes(let bytes)):
                if !bytes.isEmpty { tree[name] = .string(try Self.text(bytes)) }
            case (.number, .number(let value)):
                if value != 0 { tree[name] = .integer(Int64(bitPattern: value)) }
            case (.setNumber, .number(let value)): tree[name] = .integer(Int64(bitPattern: value))
            case (.flag, .number(let value)): if value != 0 { tree[name] = true }
            case (.setFlag, .number(let value)): tree[name] = .bool(value != 0)
            case (.texts, .bytes(let bytes)): tree.append(.string(try Self.text(bytes)), to: name)
            case (.map, .bytes(let bytes)):
                let (key, value) = try Self.entry(bytes)
                tree.set(.string(try Self.text(value)), for: key, in: name)
            case (.dataMap, .bytes(let bytes)):
                let (key, value) = try Self.entry(bytes)
                tree.set(.string(Base64.text(of: value)), for: key, in: name)
            case (.numberOrText, .bytes(let bytes)): tree[name] = try Self.numberOrText(bytes)
            case (.message(let message), .bytes(let bytes)): tree[name] = .object(try message.tree(bytes))
            case (.messages(let message), .bytes(let bytes)): tree.append(.object(try message.tree(bytes)), to: name)
            case (.inlined(let message), .bytes(let bytes)): tree.merge(try message.tree(bytes)) { $1 }
            case (.ignored, _): break
            default: throw ProtobufError("the field \(name) is of another type")
            }
        }
        return tree
    }

    private static func text(_ bytes: ArraySlice<UInt8>) throws(ProtobufError) -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else { throw ProtobufError("a text is not UTF-8") }
        return text
    }

    private static func entry(_ bytes: ArraySlice<UInt8>) throws(ProtobufError) -> (String, ArraySlice<UInt8>) {
        var (key, value) = ("", ArraySlice<UInt8>())
        var reader = ProtobufReader(bytes)
        while let (number, content) = try reader.next() {
            guard case .bytes(let bytes) = content else { throw ProtobufError("a map's entry is of another type") }
            if number == 1 { key = try text(bytes) } else if number == 2 { value = bytes }
        }
        return (key, value)
    }

    private static func numberOrText(_ bytes: ArraySlice<UInt8>) throws(ProtobufError) -> JSONValue {
        var (isText, number, word) = (false, Int64(0), "")
        var reader = ProtobufReader(bytes)
        while let field = try reader.next() {
            switch field {
            case (1, .number(let value)): isText = value == 1
            case (2, .number(let value)): number = Int64(bitPattern: value)
            case (3, .bytes(let bytes)): word = try text(bytes)
            default: throw ProtobufError("an IntOrString has a field \(field.field)")
            }
        }
        return isText ? .string(word) : .integer(number)
    }
}

extension [String: JSONValue] {
    fileprivate mutating func append(_ element: JSONValue, to name: String) {
        self[name] = .array((self[name]?.array ?? []) + [element])
    }

    fileprivate mutating func set(_ value: JSONValue, for key: String, in name: String) {
        var map = self[name]?.object ?? [:]
        map[key] = value
        self[name] = .object(map)
    }
}
