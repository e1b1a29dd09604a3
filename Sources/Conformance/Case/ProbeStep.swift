public import Addressing

/// A step that sends probes from many to many at once.
public struct ProbeStep: Hashable, Sendable {
    /// Its name, for steps that compare themselves with it; nil: none.
    public var id: String?
    /// Who sends.
    public var from: [ParticipantSelector]
    /// Whom or what is dialled.
    public var to: [DestinationSelector]
    /// Which pairs of senders and receivers count.
    public var relation: ProbeRelation = .any
    /// With what; every pair is probed with each of them, once a family.
    public var protocols: [ProbeProtocol]
    /// How many probes of each kind every pair gets.
    public var count = 1
    /// The port that all are sent from; nil: each from one of its own.
    public var sourcePort: UInt16?
    /// How large the probes are; nil: as small as they can be.
    public var size: ProbeSize?
    /// Whether routers may not fragment the probes.
    public var dontFragment = false
    /// Whether the receiver sends back the probe itself instead of what it saw, so that both directions are as large.
    public var isEchoed = false
    /// Which of the destination's addresses is dialled; nil: the pod's, or the Service's cluster IP.
    public var target: ProbeTarget?
    /// The nodes whose addresses are dialled with a NodePort, or through which hosts outside the cluster reach the
    /// Service's other addresses.
    public var through: [ParticipantSelector] = [.nodes]
    /// The families to probe in; empty: all that the lab has.
    public var families: [AddressFamily] = []
    /// What must become of the probes.
    public var expectation: ProbeExpectation = .all([.delivered])
    /// What must be true of all probes together.
    public var checks = GroupChecks()
    /// For how long the step is repeated until it is met; nil: it is carried out once.
    public var settle: Duration?
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

/// How large a probe is.
public enum ProbeSize: Hashable, Sendable {
    /// So many bytes behind the UDP or ICMP header.
    case payload(Int)
    /// An IP packet as large as the sender's interface takes.
    case mtu
}
