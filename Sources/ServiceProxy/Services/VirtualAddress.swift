public import Addressing
public import KubernetesModel

/// An address and port that no process listens on: packets to it go to an endpoint of a Service.
public struct VirtualAddress: Hashable, Sendable {
    /// The address.
    public let address: IPAddress
    /// What is spoken there.
    public let transport: TransportProtocol
    /// The port.
    public let port: UInt16

    /// Names an address and port.
    public init(_ address: IPAddress, _ transport: TransportProtocol, _ port: UInt16) {
        self.address = address
        self.transport = transport
        self.port = port
    }
}

extension VirtualAddress: CustomStringConvertible {
    /// `10.96.0.10:53/UDP`
    public var description: String { "\(address.withPort(port))/\(transport.rawValue)" }
}

extension TransportProtocol {
    /// The number in IP headers (IANA protocol numbers).
    var number: UInt8 {
        switch self {
        case .tcp: 6
        case .udp: 17
        case .sctp: 132
        }
    }
}
