import Addressing
import PacketCapture

/// A packet of a probe's kind at one capture point: of a tunnel's packet the one inside.
struct Sighting: Sendable {
    /// Which way it passed the point's interface.
    enum Direction: Hashable, Sendable {
        case incoming
        case outgoing
        /// The loopback shows a packet once.
        case loopback
    }

    /// Its index among the captured packets.
    let packet: Int
    /// The index of its point.
    let point: Int
    /// Nanoseconds since 1970.
    let timestamp: UInt64
    let direction: Direction
    /// The innermost IP packet.
    let ip: IPPacket
    /// The outer IP header where it was in a tunnel.
    let tunnel: IPHeader?

    /// Whether it comes in at its point, not in a tunnel.
    var isArriving: Bool { direction != .outgoing && tunnel == nil }
    /// Whether it has no transport header: a fragment but the first.
    var isLaterFragment: Bool { ip.header.fragmentOffset > 0 }

    var source: Endpoint { Endpoint(ip.header.source, ports.source) }
    var destination: Endpoint { Endpoint(ip.header.destination, ports.destination) }

    /// The ports; 0 where there are none that count: an echo's identifier is not a place to send to.
    private var ports: (source: UInt16, destination: UInt16) {
        if case .icmp = ip.transport { return (0, 0) }
        return ip.transport.ports ?? (0, 0)
    }

    /// Decodes a captured packet; nil where it is no IP packet, or only passed by, as a bridge floods frames.
    init?(_ captured: CapturedPacket, index: Int, at point: ObservationPoint) {
        let frame = captured.frame
        guard let outer = frame.packet, let inner = frame.innermost.packet else { return nil }
        if point.isLoopback {
            direction = .loopback
        } else if let station = point.station, let ethernet = frame.ethernet {
            // A bridge that sends a rewritten frame back to where it came from leaves its source: it is from and to the station.
            if ethernet.destination == station {
                direction = .incoming
            } else if ethernet.source == station {
                direction = .outgoing
            } else if ethernet.destination == .broadcast {
                direction = .incoming
            } else {
                return nil
            }
        } else {
            direction = .incoming
        }
        packet = index
        self.point = captured.point
        timestamp = captured.timestamp
        ip = inner
        tunnel = frame.encapsulated == nil ? nil : outer.header
    }
}
