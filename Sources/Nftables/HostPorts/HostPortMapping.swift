public import Addressing

/// A port of a node that leads to a port of a pod on it (Pod `spec.containers[].ports[].hostPort`).
public struct HostPortMapping: Hashable, Sendable, Codable {
    /// The node's address; nil, 0.0.0.0 and :: stand for all of them (`hostIP`).
    public var hostIP: IPAddress?
    /// The node's port.
    public var hostPort: UInt16
    /// The IP protocol number: 6 TCP, 17 UDP, 132 SCTP.
    public var protocolNumber: UInt8
    /// The pod's address. It decides which family the mapping is for.
    public var podAddress: IPAddress
    /// The pod's port (`containerPort`).
    public var podPort: UInt16
    /// Whose mapping it is, such as `default/pod-a`.
    public var comment: String

    /// Describes a mapping.
    public init(
        hostIP: IPAddress? = nil, hostPort: UInt16, protocolNumber: UInt8, podAddress: IPAddress, podPort: UInt16,
        comment: String
    ) {
        self.hostIP = hostIP
        self.hostPort = hostPort
        self.protocolNumber = protocolNumber
        self.podAddress = podAddress
        self.podPort = podPort
        self.comment = comment
    }

    /// The one address that the port is mapped on, nil where it is all of the node's.
    var boundAddress: IPAddress? {
        hostIP.flatMap { $0 == .unspecified($0.family) ? nil : $0 }
    }
}
