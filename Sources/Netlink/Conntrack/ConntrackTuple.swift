public import Addressing

/// The addresses and ports of one direction of a connection (struct nf_conntrack_tuple).
public struct ConntrackTuple: Hashable, Sendable {
    /// Who sends.
    public var source: IPAddress
    /// To whom.
    public var destination: IPAddress
    /// The sender's port.
    public var sourcePort: UInt16
    /// The port that is sent to.
    public var destinationPort: UInt16

    /// Describes a direction.
    public init(source: IPAddress, sourcePort: UInt16, destination: IPAddress, destinationPort: UInt16) {
        self.source = source
        self.destination = destination
        self.sourcePort = sourcePort
        self.destinationPort = destinationPort
    }
}

extension ConntrackTuple: CustomStringConvertible {
    /// `10.244.1.5:40000 > 10.96.0.10:80`
    public var description: String {
        "\(source.withPort(sourcePort)) > \(destination.withPort(destinationPort))"
    }
}
