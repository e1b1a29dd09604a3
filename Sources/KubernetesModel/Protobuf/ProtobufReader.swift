/// Reads the fields of a message in protobuf's wire format, one after the other.
struct ProtobufReader {
    /// What a field holds.
    enum Content {
        case number(UInt64)
        case bytes(ArraySlice<UInt8>)
    }

    private var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    /// The next field's number and content; nil at the end.
    ///
    /// - Throws: `ProtobufError` where the message is cut off, or has a field of a type that is not written today.
    mutating func next() throws(ProtobufError) -> (field: UInt64, content: Content)? {
        guard !rest.isEmpty else { return nil }
        let key = try varint()
        switch key & 7 {
        case 0: return (key >> 3, .number(try varint()))
        case 2: return (key >> 3, .bytes(try take(varint())))
        default: throw ProtobufError("field \(key >> 3) has the wire type \(key & 7), which is not read")
        }
    }

    private mutating func varint() throws(ProtobufError) -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 7) {
            guard let byte = rest.popFirst() else { throw ProtobufError("unexpected EOF") }
            value |= UInt64(byte & 0x7f) << shift
            if byte & 0x80 == 0 { return value }
        }
        throw ProtobufError("a number has more than 64 bits")
    }

    private mutating func take(_ count: UInt64) throws(ProtobufError) -> ArraySlice<UInt8> {
        guard count <= UInt64(rest.count) else { throw ProtobufError("unexpected EOF") }
        defer { rest = rest.dropFirst(Int(count)) }
        return rest.prefix(Int(count))
    }
}

/// What is wrong with a body that is protobuf.
struct ProtobufError: Error, CustomStringConvertible {
    let description: String
    /// Whether the body may well be right, and is only not read.
    let isUnsupported: Bool

    init(_ description: String, isUnsupported: Bool = false) {
        self.description = description
        self.isUnsupported = isUnsupported
    }
}
