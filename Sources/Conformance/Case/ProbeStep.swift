public import Addressing
public import Topology

/// A step that sends probes from many to many at once.
public struct ProbeStep: Hashable, Sendable {
    /// Who sends.
    public var from: [ParticipantSelector]
    /// Who is to receive.
    public var to: [ParticipantSelector]
    /// Which pairs of them count.
    public var relation: ProbeRelation = .any
    /// With what; every pair is probed with each of them, once a family.
    public var protocols: [ProbeProtocol]
    /// How large the probes are; nil: as small as they can be.
    public var size: ProbeSize?
    /// Whether routers may not fragment the probes.
    public var dontFragment = false
    /// Whether the receiver sends back the probe itself instead of what it saw, so that both directions are as large.
    public var isEchoed = false
    /// Which of the receiver's addresses is dialled.
    public var target: ProbeTarget = .podIP
    /// The families to probe in; empty: all that the lab has.
    public var families: [AddressFamily] = []
    /// What must become of the probes.
    public var expectation: ProbeExpectation = .all(.delivered)
    /// Where the step stands in its file, for messages: `step[0]`.
    public var keyPath: String
}

/// Which pairs of senders and receivers are probed. A pair of one and the same is only meant with `self`.
public enum ProbeRelation: String, Hashable, Sendable, CaseIterable {
    /// All pairs of different ones.
    case any
    /// Both are on, or are, the same node.
    case sameNode = "same-node"
    /// They are on different nodes; a host outside the cluster is on none.
    case otherNode = "other-node"
    /// The sender is its own receiver.
    case itself = "self"
}

/// What a probe is made of: `tcp/8080`, `udp/8080`, `sctp/8080`, and `ping` in a step of its own.
public enum ProbeProtocol: Hashable, Sendable {
    case tcp(UInt16)
    case udp(UInt16)
    case sctp(UInt16)
    case ping

    /// Reads `tcp/8080`.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let port = UInt16(parts[1]), port > 0, String(port) == parts[1] else { return nil }
        switch parts[0] {
        case "tcp": self = .tcp(port)
        case "udp": self = .udp(port)
        case "sctp": self = .sctp(port)
        default: return nil
        }
    }

    /// The receiver's port; 0 for a ping.
    public var port: UInt16 {
        switch self {
        case .tcp(let port), .udp(let port), .sctp(let port): port
        case .ping: 0
        }
    }

    /// The transport as the API names it, or nil for a ping.
    public var transport: Topology.Transport? {
        switch self {
        case .tcp: .tcp
        case .udp: .udp
        case .sctp: .sctp
        case .ping: nil
        }
    }
}

extension ProbeProtocol: CustomStringConvertible {
    /// The text for reports and messages.
    public var description: String {
        switch self {
        case .tcp(let port): "tcp/\(port)"
        case .udp(let port): "udp/\(port)"
        case .sctp(let port): "sctp/\(port)"
        case .ping: "ping"
        }
    }
}

/// How large a probe is.
public enum ProbeSize: Hashable, Sendable {
    /// So many bytes behind the UDP or ICMP header.
    case payload(Int)
    /// An IP packet as large as the sender's interface takes.
    case mtu
}

/// Which address of the receiver is dialled.
public enum ProbeTarget: String, Hashable, Sendable, CaseIterable {
    /// The address of the pod; of nodes and hosts their own.
    case podIP = "pod-ip"
    /// The node's address and the hostPort of the container's port.
    case hostPort = "host-port"
    /// The loopback: 127.0.0.1 or ::1. With `where = "self"` only.
    case localhost
}

/// What must become of a step's probes.
public enum ProbeExpectation: Hashable, Sendable {
    /// The same of all.
    case all(ExpectedOutcome)
    /// By sender and receiver. Every pair that is probed must have an entry, and every entry a pair.
    case table([ExpectedPair: ExpectedOutcome])
}

/// A sender and a receiver of an expectation's table.
public struct ExpectedPair: Hashable, Sendable {
    /// The sender.
    public var from: ParticipantSelector
    /// The receiver.
    public var to: ParticipantSelector
}

/// What may be expected of a probe.
public enum ExpectedOutcome: String, Hashable, Sendable, Codable, CaseIterable {
    /// It reaches the right receiver with source and destination unchanged, and so does the answer.
    case delivered
    /// It is refused, by a reset or an ICMP error.
    case refused
    /// It is lost.
    case dropped
}
