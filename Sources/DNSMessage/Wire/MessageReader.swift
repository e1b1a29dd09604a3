/// Reads the parts of a message one after the other, never past its end.
struct MessageReader {
    let bytes: [UInt8]
    private(set) var offset: Int

    init(_ bytes: [UInt8], at offset: Int = 0) {
        self.bytes = bytes
        self.offset = offset
    }

    /// How many bytes are left.
    var remaining: Int { bytes.count - offset }

    mutating func byte() throws(MessageError) -> UInt8 {
        guard remaining >= 1 else { throw .truncated(offset: offset) }
        defer { offset += 1 }
        return bytes[offset]
    }

    mutating func uint16() throws(MessageError) -> UInt16 {
        guard remaining >= 2 else { throw .truncated(offset: offset) }
        defer { offset += 2 }
        return UInt16(bytes[offset]) << 8 | UInt16(bytes[offset + 1])
    }

    mutating func uint32() throws(MessageError) -> UInt32 {
        let high = try uint16()
        return try UInt32(high) << 16 | UInt32(uint16())
    }

    mutating func take(_ count: Int) throws(MessageError) -> [UInt8] {
        guard remaining >= count else { throw .truncated(offset: offset) }
        defer { offset += count }
        return Array(bytes[offset..<offset + count])
    }

    /// Reads a name and follows its compression pointers (RFC 1035, section 4.1.4).
    ///
    /// Each pointer must lead to before the place where the part that it ends began, so that reading ends: a loop is
    /// not possible. The name's length is bounded, and so is the number of pointers.
    mutating func name() throws(MessageError) -> DomainName {
        let start = offset
        var wire: [UInt8] = []
        var place = offset
        var partStart = offset
        var end: Int?
        var pointers = 0
        while true {
            guard place < bytes.count else { throw .truncated(offset: place) }
            let length = Int(bytes[place])
            switch length {
            case 0:
                wire.append(0)
                offset = end ?? place + 1
                return DomainName(valid: wire)
            case 1...DomainName.longestLabel:
                let next = place + 1 + length
                guard next <= bytes.count else { throw .truncated(offset: bytes.count) }
                guard wire.count + 1 + length < DomainName.longest else { throw .nameTooLong(offset: start) }
                wire += bytes[place..<next]
                place = next
            case 0xc0...:
                guard place + 1 < bytes.count else { throw .truncated(offset: place + 1) }
                let target = (length & 0x3f) << 8 | Int(bytes[place + 1])
                guard target < partStart else { throw .forwardPointer(offset: place) }
                pointers += 1
                guard pointers <= DomainName.longest / 2 else { throw .tooManyPointers(offset: start) }
                end = end ?? place + 2
                (place, partStart) = (target, target)
            default:
                throw .reservedLabel(offset: place)
            }
        }
    }
}
