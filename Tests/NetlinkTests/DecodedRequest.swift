import Testing

/// A netlink request taken apart with offsets from the kernel's documentation (netlink(7), rtnetlink(7)) and nothing of
/// the module under test, so that encoder and decoder cannot be wrong together.
struct DecodedRequest: Equatable {
    var type: UInt16
    var flags: UInt16
    var header: [UInt8]
    var attributes: [Attribute]

    /// An attribute: bytes, or more attributes behind a header structure that may be empty.
    indirect enum Attribute: Equatable {
        case value(type: UInt16, [UInt8])
        case nest(type: UInt16, header: [UInt8], [Attribute])

        var type: UInt16 {
            switch self {
            case .value(let type, _), .nest(let type, _, _): type
            }
        }
    }

    struct Malformed: Error {
        let offset: Int
    }

    /// The attributes that hold attributes, by the message type and the attributes around them, with the size of the
    /// structure in front.
    private static let nests: [[UInt16]: Int] = [
        [16, 18]: 0,  // RTM_NEWLINK, IFLA_LINKINFO
        [16, 18, 2]: 0,  // IFLA_INFO_DATA
        [16, 18, 2, 1]: 16,  // VETH_INFO_PEER, where the data is long enough for an ifinfomsg
        [108, 52]: 0,  // RTM_NEWLINKPROP, IFLA_PROP_LIST
    ]

    /// The sizes of ifinfomsg, ifaddrmsg, rtmsg and ndmsg, by message type.
    private static let headerSizes: [UInt16: Int] = [
        16: 16, 17: 16, 108: 16, 20: 8, 21: 8, 24: 12, 25: 12, 28: 12, 29: 12,
    ]

    /// Takes a whole message apart; what does not add up throws.
    init(_ message: [UInt8]) throws {
        let length = try Self.number(message, 0, 4)
        guard length == message.count || (length + 3) & ~3 == message.count else { throw Malformed(offset: 0) }
        type = UInt16(try Self.number(message, 4, 2))
        flags = UInt16(try Self.number(message, 6, 2))
        let size = try #require(Self.headerSizes[type], "message type \(type)")
        guard message.count >= 16 + size else { throw Malformed(offset: 16) }
        header = Array(message[16..<16 + size])
        attributes = try Self.attributes(Array(message[(16 + size)..<length]), path: [type])
    }

    private static func attributes(_ bytes: [UInt8], path: [UInt16]) throws -> [Attribute] {
        var attributes: [Attribute] = []
        var offset = 0
        while offset < bytes.count {
            let length = try number(bytes, offset, 2)
            let type = UInt16(try number(bytes, offset + 2, 2)) & 0x3fff
            guard length >= 4, offset + length <= bytes.count else { throw Malformed(offset: offset) }
            attributes.append(try attribute(type, Array(bytes[offset + 4..<offset + length]), path: path + [type]))
            offset += (length + 3) & ~3
            guard offset <= bytes.count + 3 else { throw Malformed(offset: offset) }
        }
        // The kernel does not care about the order.
        return attributes.sorted { $0.type < $1.type }
    }

    private static func attribute(_ type: UInt16, _ value: [UInt8], path: [UInt16]) throws -> Attribute {
        if path == [24, 9] { return .nest(type: type, header: [], try nextHops(value)) }
        guard let size = nests[path], value.count >= size, path != [16, 18, 2, 1] || value.count > 16 else {
            return .value(type: type, value)
        }
        return .nest(type: type, header: Array(value[..<size]), try attributes(Array(value[size...]), path: path))
    }

    /// RTA_MULTIPATH: rtnexthop structures, each with its length, flags, weight and interface, then attributes.
    private static func nextHops(_ bytes: [UInt8]) throws -> [Attribute] {
        var hops: [Attribute] = []
        var offset = 0
        while offset < bytes.count {
            let length = try number(bytes, offset, 2)
            guard length >= 8, offset + length <= bytes.count else { throw Malformed(offset: offset) }
            hops.append(
                .nest(
                    type: 0, header: Array(bytes[offset + 2..<offset + 8]),
                    try attributes(Array(bytes[offset + 8..<offset + length]), path: [24, 9, 0])))
            offset += (length + 3) & ~3
        }
        return hops
    }

    private static func number(_ bytes: [UInt8], _ offset: Int, _ count: Int) throws -> Int {
        guard offset + count <= bytes.count else { throw Malformed(offset: offset) }
        return bytes[offset..<offset + count].reversed().reduce(0) { $0 << 8 | Int($1) }
    }
}
