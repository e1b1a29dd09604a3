public import Addressing
internal import CLinux

/// A connection that a namespace tracks (`conntrack -L`): of TCP, UDP or another protocol with ports.
public struct ConntrackEntry: Hashable, Sendable {
    /// The IP protocol number: 6 TCP, 17 UDP, 132 SCTP.
    public var transportProtocol: UInt8
    /// The direction of its first packet, as it was sent.
    public var original: ConntrackTuple
    /// The direction of the answers, as they are sent: where the destination was translated, they come from the real one.
    public var reply: ConntrackTuple
    /// What has become of it so far (enum ip_conntrack_status): a bit each.
    public var status: UInt32
    /// The zone that keeps it apart from others of the same addresses and ports; 0 where there are none.
    public var zone: UInt16
    /// What tells it from an earlier one with the same addresses and ports (CTA_ID); nil where that was not read.
    public var identifier: UInt32?

    /// Describes a connection.
    public init(
        transportProtocol: UInt8, original: ConntrackTuple, reply: ConntrackTuple, status: UInt32 = 0, zone: UInt16 = 0,
        identifier: UInt32? = nil
    ) {
        self.transportProtocol = transportProtocol
        self.original = original
        self.reply = reply
        self.status = status
        self.zone = zone
        self.identifier = identifier
    }

    /// The family of its addresses.
    public var family: AddressFamily { original.source.family }

    /// Whether the destination of its packets is rewritten (IPS_DST_NAT): it is then the reply's source.
    public var isDestinationTranslated: Bool { status & UInt32(IPS_DST_NAT.rawValue) != 0 }

    /// Whether the source of its packets is rewritten (IPS_SRC_NAT): it is then the reply's destination.
    public var isSourceTranslated: Bool { status & UInt32(IPS_SRC_NAT.rawValue) != 0 }

    /// Whether it has been answered (IPS_SEEN_REPLY).
    public var isAnswered: Bool { status & UInt32(IPS_SEEN_REPLY.rawValue) != 0 }
}

extension ConntrackEntry: CustomStringConvertible {
    /// `tcp 10.244.1.5:40000 > 10.96.0.10:80, reply 10.244.2.7:8080 > 10.244.1.5:40000`
    public var description: String {
        let name =
            switch Int(transportProtocol) {
            case Int(IPPROTO_TCP): "tcp"
            case Int(IPPROTO_UDP): "udp"
            case Int(IPPROTO_SCTP): "sctp"
            default: "protocol \(transportProtocol)"
            }
        return "\(name) \(original), reply \(reply)"
    }
}
