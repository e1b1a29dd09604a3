/// What an IP packet carries.
public enum Transport: Hashable, Sendable {
    /// A TCP segment (RFC 9293).
    case tcp(TCPHeader)
    /// A UDP datagram (RFC 768).
    case udp(UDPHeader)
    /// An SCTP packet (RFC 9260).
    case sctp(SCTPHeader)
    /// An ICMP or ICMPv6 message (RFC 792, RFC 4443).
    case icmp(ICMPHeader)
    /// An ICMP or ICMPv6 error with the packet that caused it, as much of it as is quoted.
    indirect case icmpError(ICMPHeader, quoted: IPPacket)
    /// A VXLAN packet with the frame inside it (RFC 7348).
    indirect case vxlan(UDPHeader, VXLANHeader)
    /// The ports of a TCP, UDP or SCTP header that is cut off behind them.
    case ports(source: UInt16, destination: UInt16)
    /// A later fragment: the transport header was in the first one.
    case fragment
    /// A protocol that is not decoded; `IPHeader.transportProtocol` tells which.
    case other
    /// The header is cut off, or contradicts itself.
    case missing
}

/// A transport header and what is left behind it.
struct TransportResult {
    var transport: Transport
    var rest: Extent
    var completeness: Completeness
}

extension Transport {
    static func decode(_ header: IPHeader, _ bytes: RawSpan, in extent: Extent, depth: Int) -> TransportResult {
        switch header.transportProtocol {
        case .tcp: TCPHeader.decode(bytes, in: extent)
        case .udp: UDPHeader.decode(bytes, in: extent, depth: depth)
        case .sctp: SCTPHeader.decode(bytes, in: extent)
        case .icmp where header.family == .ipv4: ICMPHeader.decode(.ipv4, bytes, in: extent, depth: depth)
        case .icmpv6 where header.family == .ipv6: ICMPHeader.decode(.ipv6, bytes, in: extent, depth: depth)
        default: TransportResult(transport: .other, rest: extent, completeness: .complete)
        }
    }

    /// What is known of a header that is cut short: its ports, which come first in all three protocols.
    static func cut(_ bytes: RawSpan, in extent: Extent, _ shortfall: Completeness) -> TransportResult {
        guard extent.shortfall(of: 4) == nil else {
            return TransportResult(transport: .missing, rest: extent, completeness: shortfall)
        }
        let start = extent.start
        let ports = Transport.ports(source: bytes.uint16(start), destination: bytes.uint16(start + 2))
        return TransportResult(transport: ports, rest: extent.dropping(4), completeness: shortfall)
    }
}
