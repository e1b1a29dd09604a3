internal import DNSMessage

/// What a server has to know of a query besides the name.
struct Query {
    /// The second word of the header.
    let flags: UInt16
    /// The length of the name on the wire. It begins behind the header and holds no pointer.
    let nameLength: Int
    let type: RecordType
    let recordClass: RecordClass
    /// What the OPT record says, or nil where there is none.
    let edns: Extension?

    struct Extension {
        let payloadSize: Int
        let version: UInt8
        let wantsDNSSEC: Bool
    }

    /// Where the question ends, behind its type and class.
    var end: Int { Message.headerLength + nameLength + 4 }

    var recursionDesired: Bool { flags & 0x0100 != 0 }

    /// A query, or the code that says why it is none. The bytes are at least a header's.
    static func read(_ bytes: UnsafeRawBufferPointer) -> Result {
        let flags = bytes.uint16(2)
        guard flags & 0x7800 == 0 else { return .unusable(.notImplemented) }
        guard bytes.uint16(4) == 1, let nameLength = nameLength(bytes) else { return .unusable(.formatError) }
        let end = Message.headerLength + nameLength + 4
        let type = RecordType(rawValue: bytes.uint16(end - 4))
        let recordClass = RecordClass(rawValue: bytes.uint16(end - 2))
        func query(_ edns: Extension?) -> Result {
            .query(Query(flags: flags, nameLength: nameLength, type: type, recordClass: recordClass, edns: edns))
        }
        // Nearly every query has nothing behind the question, or an OPT record.
        guard bytes.uint32(6) == 0, bytes.uint16(10) <= 1 else { return readWhole(bytes, query) }
        if bytes.uint16(10) == 0 { return bytes.count == end ? query(nil) : .unusable(.formatError) }
        guard bytes.count >= end + 11, bytes[end] == 0, bytes.uint16(end + 1) == RecordType.opt.rawValue,
            bytes.uint16(end + 9) == 0, bytes.count == end + 11
        else { return readWhole(bytes, query) }
        return query(
            Extension(
                payloadSize: Int(bytes.uint16(end + 3)), version: bytes[end + 6],
                wantsDNSSEC: bytes[end + 7] & 0x80 != 0))
    }

    enum Result {
        case query(Query)
        case unusable(ResponseCode)
    }

    /// The length of the question's name where it is whole, not compressed, and followed by type and class.
    private static func nameLength(_ bytes: UnsafeRawBufferPointer) -> Int? {
        var place = Message.headerLength
        while place < bytes.count {
            let length = Int(bytes[place])
            guard length <= DomainName.longestLabel else { return nil }
            place += 1 + length
            let nameLength = place - Message.headerLength
            guard nameLength <= DomainName.longest else { return nil }
            if length == 0 { return place + 4 <= bytes.count ? nameLength : nil }
        }
        return nil
    }

    /// Queries of any other shape are read with all their records.
    private static func readWhole(_ bytes: UnsafeRawBufferPointer, _ query: (Extension?) -> Result) -> Result {
        guard let message = try? Message(decoding: Array(bytes)) else { return .unusable(.formatError) }
        return query(
            message.edns.map { edns in
                Extension(
                    payloadSize: Int(edns.payloadSize), version: edns.version, wantsDNSSEC: edns.wantsDNSSEC)
            })
    }
}

/// How a query came, and its answer goes.
public enum DNSTransport: Hashable, Sendable {
    /// UDP: an answer has to be as short as the client says that it takes.
    case datagram
    /// TCP: an answer may be as long as any.
    case stream
}
