public import Addressing

/// An IPv4 (RFC 791) or IPv6 (RFC 8200) packet.
public struct IPPacket: Hashable, Sendable {
    /// The header, with what its options or extension headers say.
    public let header: IPHeader
    /// The transport header.
    public let transport: Transport
    /// The captured bytes behind the transport header; behind the IP header where the transport is not decoded.
    public var payload: Range<Int> { payloadBytes.range }
    /// How long that payload was on the wire, by the headers' own account.
    public var payloadLength: Int { Int(wirePayloadLength) }
    /// The captured bytes of the IP header, options and extension headers included.
    public var headerRange: Range<Int> { headerBytes.range }
    /// Whether everything was there and made sense.
    public let completeness: Completeness

    // Narrow fields: the packet is a value that is copied.
    let payloadBytes: ByteRange
    let headerBytes: ByteRange
    let wirePayloadLength: UInt32

    /// The packet that an ICMP error quotes: the one that was refused.
    public var quoted: IPPacket? {
        guard case .icmpError(_, let quoted) = transport else { return nil }
        return quoted
    }
}

/// The fields of an IPv4 or IPv6 header.
public struct IPHeader: Hashable, Sendable {
    /// The source address.
    public let source: IPAddress
    /// The destination address.
    public let destination: IPAddress
    /// The transport protocol, behind all extension headers.
    public internal(set) var transportProtocol: IPProtocol
    /// The time to live or hop limit.
    public let hopLimit: UInt8
    /// The type of service or traffic class: DSCP (6 bits) and ECN (2 bits).
    public let trafficClass: UInt8
    /// The flow label; 0 in IPv4, which has none.
    public let flowLabel: UInt32
    /// The packet's length on the wire by its own account, in bytes, headers included.
    public var totalLength: Int { Int(wireLength) }
    /// The datagram's identification; nil in an IPv6 packet without a fragment header.
    public internal(set) var identification: UInt32?
    /// Where this fragment's data begins in the datagram, in bytes.
    public var fragmentOffset: Int { Int(offset) }
    /// Whether fragments follow.
    public internal(set) var moreFragments: Bool
    /// Whether routers may not fragment the packet. IPv6 routers never may.
    public let dontFragment: Bool
    /// The options or extension headers that are there.
    public internal(set) var extensions: IPExtensions

    let wireLength: UInt32
    var offset: UInt16

    /// The family.
    public var family: AddressFamily { source.family }
    /// Whether the packet is a part of a datagram.
    public var isFragment: Bool { fragmentOffset != 0 || moreFragments }
}

/// Options of an IPv4 header, extension headers of IPv6.
public struct IPExtensions: OptionSet, Hashable, Sendable {
    /// The bits.
    public let rawValue: UInt8

    /// Takes the bits.
    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// The IPv4 header has options.
    public static let options = IPExtensions(rawValue: 1)
    /// Hop-by-hop options (0)
    public static let hopByHop = IPExtensions(rawValue: 2)
    /// Routing (43)
    public static let routing = IPExtensions(rawValue: 4)
    /// Fragment (44)
    public static let fragment = IPExtensions(rawValue: 8)
    /// Destination options (60)
    public static let destinationOptions = IPExtensions(rawValue: 16)
    /// Authentication (51, RFC 4302)
    public static let authentication = IPExtensions(rawValue: 32)
}

/// A protocol number in an IP header (IANA "Assigned Internet Protocol Numbers").
public struct IPProtocol: RawRepresentable, Hashable, Sendable {
    /// The number.
    public let rawValue: UInt8

    /// Takes the number.
    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// ICMP (1)
    public static let icmp = IPProtocol(rawValue: 1)
    /// TCP (6)
    public static let tcp = IPProtocol(rawValue: 6)
    /// UDP (17)
    public static let udp = IPProtocol(rawValue: 17)
    /// ICMPv6 (58)
    public static let icmpv6 = IPProtocol(rawValue: 58)
    /// SCTP (132)
    public static let sctp = IPProtocol(rawValue: 132)
}

extension IPProtocol: CustomStringConvertible {
    /// The usual name, such as `TCP`.
    public var description: String {
        switch self {
        case .icmp: "ICMP"
        case .tcp: "TCP"
        case .udp: "UDP"
        case .icmpv6: "ICMPv6"
        case .sctp: "SCTP"
        default: "protocol \(rawValue)"
        }
    }
}
