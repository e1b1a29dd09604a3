public import Addressing
public import Topology

/// A bound socket that was opened elsewhere, in a pod's network namespace, and is to be served.
///
/// A TCP socket must be listening. Neither has to be non-blocking: the server sets that.
public struct ListeningSocket: Hashable, Sendable {
    /// The socket's descriptor. Whoever is given this value to serve owns it from then on.
    public let fileDescriptor: Int32
    /// TCP or UDP.
    public let transport: Transport
    /// The socket's family. An IPv6 socket without IPV6_V6ONLY serves IPv4 too.
    public let family: AddressFamily

    /// Describes a socket; it is checked when it is served.
    public init(fileDescriptor: Int32, transport: Transport, family: AddressFamily) {
        self.fileDescriptor = fileDescriptor
        self.transport = transport
        self.family = family
    }
}

/// Opens a socket in a pod's own network namespace, so that what it sends leaves from there.
///
/// It is given the peer's address and port and TCP or UDP, and returns a descriptor that the server then owns: of the
/// address's family, connected, connecting or neither. It must not wait for the peer. What it throws is shown to
/// the client as the reason why the dial failed.
public typealias PodConnector = @Sendable (IPAddress, UInt16, Transport) async throws -> Int32

/// A socket together with the workload that answers on it.
public struct WorkloadListener: Sendable {
    /// The socket.
    public let socket: ListeningSocket
    /// Who answers.
    public let identity: WorkloadIdentity
    /// How `/dial` leaves from the pod.
    public let connector: PodConnector

    /// Pairs a socket with a workload.
    public init(socket: ListeningSocket, identity: WorkloadIdentity, connector: @escaping PodConnector) {
        self.socket = socket
        self.identity = identity
        self.connector = connector
    }
}
