public import Addressing

/// Where a flow is sent to.
public struct FlowTarget: Hashable, Sendable {
    /// The destination address.
    public let address: IPAddress
    /// What is spoken.
    public let transport: TransportProtocol
    /// The destination port.
    public let port: UInt16

    /// Makes a target.
    public init(_ address: IPAddress, _ transport: TransportProtocol, _ port: UInt16) {
        self.address = address
        self.transport = transport
        self.port = port
    }
}

extension FlowTarget: CustomStringConvertible {
    /// `10.96.0.10:53/UDP`.
    public var description: String { "\(address.withPort(port))/\(transport.rawValue)" }
}
