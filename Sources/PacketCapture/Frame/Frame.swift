/// One Ethernet frame, decoded as far as its captured bytes go.
///
/// The value holds numbers and ranges into the captured bytes, never a copy of them. Only what lies inside another
/// packet (the frame in a VXLAN packet, the packet that an ICMP error quotes) is allocated.
public struct Frame: Hashable, Sendable {
    /// The Ethernet header, or nil where fewer than its 14 bytes were captured.
    public let ethernet: EthernetHeader?
    /// What the frame carries.
    public let network: Network
    /// Whether everything was there and made sense, the network packet and the frame inside a tunnel included.
    public let completeness: Completeness
    /// The captured bytes behind the Ethernet header and its tags.
    public var payload: Range<Int> { payloadBytes.range }

    let payloadBytes: ByteRange

    /// What an Ethernet frame carries.
    public enum Network: Hashable, Sendable {
        /// An ARP message.
        case arp(ARPMessage)
        /// An IPv4 or IPv6 packet.
        case ip(IPPacket)
        /// A protocol that is not decoded; `EthernetHeader.etherType` tells which.
        case other
        /// The header is cut off, or contradicts itself: see `completeness`.
        case missing
    }

    /// The IP packet that the frame carries; in a tunnel's frame that is the outer one.
    public var packet: IPPacket? {
        guard case .ip(let packet) = network else { return nil }
        return packet
    }

    /// The ARP message that the frame carries.
    public var arp: ARPMessage? {
        guard case .arp(let message) = network else { return nil }
        return message
    }

    /// The frame inside this one where this is a VXLAN packet.
    public var encapsulated: Frame? {
        guard case .ip(let packet) = network, case .vxlan(_, let vxlan) = packet.transport else { return nil }
        return vxlan.inner
    }

    /// The frame inside all tunnels: this frame itself where there is none.
    public var innermost: Frame {
        var frame = self
        while let inner = frame.encapsulated { frame = inner }
        return frame
    }

    /// The flow of the innermost packet, or nil where it is not IP.
    public var flow: FlowKey? {
        innermost.packet?.flow
    }
}

/// How much of a frame or packet could be decoded.
public enum Completeness: Int, Hashable, Sendable, Comparable {
    /// All that the headers announce was there.
    case complete
    /// The captured bytes end before the packet does: cut by the snap length or by who quoted it.
    case truncated
    /// A header contradicts itself or what it is carried in.
    case malformed

    /// Orders from whole to useless, so that the worst of several is their maximum.
    public static func < (left: Completeness, right: Completeness) -> Bool { left.rawValue < right.rawValue }
}
