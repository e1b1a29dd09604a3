public import Addressing

/// One probe: from whom, to which address, and who may receive it.
public struct Flow: Hashable, Sendable {
    /// Its number in the case, from 1.
    public var number: Int
    /// What tells its packets from those of all others of the run: 16 hexadecimal digits.
    public var token: ProbeToken
    /// Who sends.
    public var sender: Participant
    /// Whom or what it is sent to.
    public var destination: FlowDestination
    /// With what.
    public var kind: ProbeProtocol
    /// The address that is dialled.
    public var dialled: Endpoint
    /// Who may receive it; empty where nobody may.
    public var receivers: [Receiver]
    /// The node that leads the dialled address to a receiver's; nil where the two are the same.
    public var translator: Participant?
    /// How large the probe is.
    public var size: ProbeSize?
    /// Whether routers may not fragment it.
    public var dontFragment = false
    /// Whether it is to come back whole.
    public var isEchoed = false
    /// The port that it is sent from; nil: one that nobody else uses.
    public var sourcePort: UInt16?

    /// The family.
    public var family: AddressFamily { dialled.address.family }
    /// Whether sender and destination share a network namespace, so that no interface but the loopback is passed.
    public var isLocal: Bool {
        guard case .participant(let receiver) = destination else { return false }
        return sender.networkNamespace == receiver.networkNamespace
    }
    /// Whether whoever may answer says who it is.
    public var isServed: Bool { receivers.isEmpty || receivers.contains { $0.container != nil } }
    /// Whether an answer belongs to it. An SCTP INIT is judged by its arrival: the receiver may not speak SCTP.
    public var hasAnswer: Bool { if case .sctp = kind { false } else { true } }
    /// Whether its sender translates by itself, so that no capture shows its packets as they were sent.
    var isTranslatedAtSender: Bool { translator?.networkNamespace == sender.networkNamespace }
}

extension Flow: CustomStringConvertible {
    /// `pod/default/pod-a > pod/default/pod-b tcp/8080 IPv4`
    public var description: String {
        let isPlain = receivers.allSatisfy { $0.arrival == dialled } && destination.participant != nil
        return "\(sender.name) > \(destination.name) \(kind)\(isPlain ? "" : " through \(dialled)") \(family)"
    }
}

/// Whom or what a probe is sent to.
public enum FlowDestination: Hashable, Sendable {
    /// A pod, node or host.
    case participant(Participant)
    /// An address of a Service, as the probe's target says.
    case service(namespace: String, name: String, ProbeTarget)
    /// An address that is written down, and whose it may be.
    case address(IPAddress)

    /// `pod/default/pod-a`, `service/default/web`, `10.96.0.200`.
    public var name: String {
        switch self {
        case .participant(let participant): participant.name
        case .service(let namespace, let name, _): "service/\(namespace)/\(name)"
        case .address(let address): "\(address)"
        }
    }

    /// The name without the namespaces that every reader can do without.
    public var shortName: String {
        switch self {
        case .participant(let participant): participant.shortName
        case .service(LabModel.fixtureNamespace, let name, _), .service("default", let name, _): name
        case .service(let namespace, let name, _): "\(namespace)/\(name)"
        case .address(let address): "\(address)"
        }
    }

    /// The pod, node or host; nil for addresses that are nobody's own.
    public var participant: Participant? {
        if case .participant(let participant) = self { participant } else { nil }
    }
}

/// Somebody who may receive a probe, and how it is to arrive there.
public struct Receiver: Hashable, Sendable {
    /// Who.
    public var participant: Participant
    /// The container that is to answer; nil where none can.
    public var container: String?
    /// The address and port that it is to arrive at.
    public var arrival: Endpoint
    /// Whose address the receiver is to see as the source.
    public var source: SourceRule = .kept
    /// Whether its answers come back the way that the request took. Where they lead round the node that translates, being
    /// reached is all that can be asked.
    public var isAnswered = true

    /// `pod/default/pod-a at 10.244.1.5:8080, source kept`
    var demand: String { "\(participant.name) at \(arrival)\(source.demand)" }
}

/// Whose address a receiver is to see as a probe's source.
public enum SourceRule: String, Hashable, Sendable, CaseIterable {
    /// The sender's own.
    case kept
    /// One of the node that leads the probe to its receiver.
    case masqueraded
    /// Either.
    case any

    var demand: String { self == .any ? "" : ", source \(rawValue)" }
}

/// An address with a port; 0 where the protocol has none.
public struct Endpoint: Hashable, Sendable {
    /// The address.
    public var address: IPAddress
    /// The port, in host order.
    public var port: UInt16

    /// Pairs an address and a port.
    public init(_ address: IPAddress, _ port: UInt16) {
        self.address = address
        self.port = port
    }
}

extension Endpoint: CustomStringConvertible {
    /// The text for reports and messages.
    public var description: String { port == 0 ? "\(address)" : address.withPort(port) }
}
