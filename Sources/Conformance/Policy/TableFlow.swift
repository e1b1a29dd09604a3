public import Addressing
import PacketCapture
public import Topology

/// One flow of a truth table: from whom to whose port.
public struct TableFlow: Hashable, Sendable {
    /// Who sends.
    public let sender: Participant
    /// Who is to receive it, at its own address.
    public let receiver: Participant
    /// What is spoken.
    public let transport: Topology.Transport
    /// The receiver's port.
    public let port: UInt16
    /// The address that its packets come from.
    public let source: IPAddress
    /// The address that they are sent to.
    public let destination: IPAddress

    /// The family of the packets.
    public var family: AddressFamily { destination.family }

    /// Describes a flow; nil where one of both has no address of the family.
    public init?(
        from sender: Participant, to receiver: Participant, _ transport: Topology.Transport, _ port: UInt16,
        _ family: AddressFamily
    ) {
        guard let source = sender.address(family), let destination = receiver.address(family) else { return nil }
        self.source = source
        self.destination = destination
        self.sender = sender
        self.receiver = receiver
        self.transport = transport
        self.port = port
    }

    /// The addresses and ports of its packets.
    func key(from sourcePort: UInt16) -> FlowKey {
        FlowKey(
            source: source, destination: destination, transport: transport.ipProtocol, sourcePort: sourcePort,
            destinationPort: port)
    }
}

extension TableFlow: CustomStringConvertible {
    /// `pod/x/a > pod/y/b tcp/80 IPv4`
    public var description: String {
        "\(sender.name) > \(receiver.name) \(transport.rawValue.lowercased())/\(port) \(family)"
    }
}

/// What became of a flow of a truth table, by the packets at both ends.
public enum TableFate: Hashable, Sendable {
    /// It arrived, and the answer came back.
    case allowed
    /// It arrived, and no answer came back.
    case unanswered
    /// It did not arrive, and its sender was told so.
    case rejected(by: IPAddress, String)
    /// It did not arrive, and nobody said so; where it was seen last.
    case dropped(after: String?)
    /// There is no telling.
    case inconclusive(String)

    /// Whether it got through; nil where that cannot be told.
    public var isAllowed: Bool? {
        switch self {
        case .allowed, .unanswered: true
        case .rejected, .dropped: false
        case .inconclusive: nil
        }
    }
}

extension TableFate: CustomStringConvertible {
    /// The fate in words.
    public var description: String {
        switch self {
        case .allowed: "allowed"
        case .unanswered: "arrived, and the answer did not come back"
        case .rejected(let address, let how): "rejected with \(how) by \(address)"
        case .dropped(let place): "dropped" + (place.map { " after \($0)" } ?? ": no packet of it was seen")
        case .inconclusive(let reason): reason
        }
    }
}

extension Topology.Transport {
    var ipProtocol: IPProtocol {
        switch self {
        case .tcp: .tcp
        case .udp: .udp
        case .sctp: .sctp
        }
    }
}
