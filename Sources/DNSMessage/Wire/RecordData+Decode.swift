internal import Addressing

extension RecordData {
    /// Reads the data of a record: the next `length` bytes, all of them.
    static func read(
        _ type: RecordType, length: Int, from reader: inout MessageReader
    ) throws(MessageError) -> RecordData {
        let start = reader.offset
        guard reader.remaining >= length else { throw .truncated(offset: reader.bytes.count) }
        let data = try contents(type, length: length, from: &reader)
        guard reader.offset == start + length else { throw .wrongDataLength(type, offset: start) }
        return data
    }

    private static func contents(
        _ type: RecordType, length: Int, from reader: inout MessageReader
    ) throws(MessageError) -> RecordData {
        let end = reader.offset + length
        switch type {
        case .a:
            return try .a(IPv4Address(rawValue: reader.uint32()))
        case .aaaa:
            var number: UInt128 = 0
            for _ in 0..<4 { number = try number << 32 | UInt128(reader.uint32()) }
            return .aaaa(IPv6Address(rawValue: number))
        case .cname:
            return try .cname(reader.name())
        case .ns:
            return try .ns(reader.name())
        case .ptr:
            return try .ptr(reader.name())
        case .soa:
            return try .soa(
                StartOfAuthority(
                    primary: reader.name(), mailbox: reader.name(), serial: reader.uint32(), refresh: reader.uint32(),
                    retry: reader.uint32(), expire: reader.uint32(), minimum: reader.uint32()))
        case .srv:
            return try .srv(
                ServiceLocation(
                    priority: reader.uint16(), weight: reader.uint16(), port: reader.uint16(), target: reader.name()))
        case .txt:
            var texts: [[UInt8]] = []
            while reader.offset < end { try texts.append(reader.take(Int(reader.byte()))) }
            return .txt(texts)
        default:
            return try .other(type, other(type, until: end, from: &reader))
        }
    }

    /// Takes data as they are, but for the names in types that were defined when names in data were still compressed
    /// (RFC 3597, section 4): their pointers would mean nothing in another message.
    private static func other(
        _ type: RecordType, until end: Int, from reader: inout MessageReader
    ) throws(MessageError) -> [UInt8] {
        var bytes: [UInt8] = []
        for part in Part.parts(of: type) {
            switch part {
            case .bytes(let count): bytes += try reader.take(count)
            case .text:
                let count = try reader.byte()
                bytes += try [count] + reader.take(Int(count))
            case .name: bytes += try reader.name().wire
            }
        }
        guard reader.offset <= end else { throw .wrongDataLength(type, offset: reader.offset) }
        return try bytes + reader.take(end - reader.offset)
    }

    private enum Part {
        case bytes(Int)
        case text
        case name

        /// The beginning of a type's data, up to its last name.
        static func parts(of type: RecordType) -> [Part] {
            switch type.rawValue {
            case 3, 4, 7, 8, 9, 39: [.name]  // MD, MF, MB, MG, MR; DNAME
            case 14, 17: [.name, .name]  // MINFO, RP
            case 15, 18, 21, 36: [.bytes(2), .name]  // MX, AFSDB, RT, KX
            case 26: [.bytes(2), .name, .name]  // PX
            case 35: [.bytes(4), .text, .text, .text, .name]  // NAPTR
            default: []
            }
        }
    }
}
