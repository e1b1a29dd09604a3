import Yams

/// Tells the types of scalars apart (YAML 1.1's core types, as Kubernetes' tools read them).
enum YAMLScalar {
    private static let words: Set<String> = [
        "true", "True", "TRUE", "false", "False", "FALSE", "yes", "Yes", "YES", "no", "No", "NO", "on", "On", "ON",
        "off", "Off", "OFF", "null", "Null", "NULL",
    ]

    /// The value of a scalar.
    static func content(of scalar: Node.Scalar) -> DocumentValue.Content {
        let isPlain = scalar.tag.description.isEmpty
        if isPlain, let content = simple(scalar.string) { return content }
        let node = Node.scalar(isPlain ? Node.Scalar(scalar.string) : scalar)
        switch Tag.Name(rawValue: node.tag.description) {
        case .str, .timestamp: return .string(scalar.string)
        case .null: return .null
        case .bool: return node.bool.map { .boolean($0) } ?? .other("a malformed boolean")
        case .int: return node.int.map { .integer($0) } ?? .other("a number that is too large")
        case .float:
            return node.float.map { $0.isFinite ? .number($0) : .string(scalar.string) } ?? .other("a malformed number")
        default: return .other("a value with a tag")
        }
    }

    /// Whether a key is the merge key.
    static func isMerge(_ scalar: Node.Scalar) -> Bool {
        let tag = scalar.tag.description
        // A key's tag has been looked up when the mapping was read: only its style tells plain words from quoted ones.
        return tag == Tag.Name.merge.rawValue || scalar.string == "<<" && scalar.style == .plain
    }

    /// The value of a plain text whose type is beyond doubt, or nil.
    private static func simple(_ text: String) -> DocumentValue.Content? {
        guard let first = text.utf8.first else { return nil }
        switch first {
        case UInt8(ascii: "0")...UInt8(ascii: "9"):
            let isDecimal = text.utf8.count < 18 && text.utf8.allSatisfy { (48...57).contains($0) }
            return isDecimal && (first != 48 || text.utf8.count == 1) ? Int(text).map { .integer($0) } : nil
        case UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "~"), UInt8(ascii: "<"),
            UInt8(ascii: "="):
            return nil
        default: return words.contains(text) ? nil : .string(text)
        }
    }
}
