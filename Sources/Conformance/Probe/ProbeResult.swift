public import Addressing

/// What became of a probe as its sender's socket saw it.
public struct ProbeResult: Hashable, Sendable {
    /// The address and port from which the socket sent, by its own account; nil where it could not be had.
    public var source: Endpoint?
    /// How it ended.
    public var ending: ProbeEnding
    /// The MTU of the interface that has the sender's address; nil where it is not known.
    public var interfaceMTU: Int?
    /// Whether TCP has sent its first segment, by its kernel's account, and waits for the answer.
    public var isConnecting: Bool

    /// Describes a result.
    public init(source: Endpoint?, ending: ProbeEnding, interfaceMTU: Int? = nil, isConnecting: Bool = false) {
        self.source = source
        self.ending = ending
        self.interfaceMTU = interfaceMTU
        self.isConnecting = isConnecting
    }
}

/// How a probe ended for its sender's socket.
public enum ProbeEnding: Hashable, Sendable {
    /// An answer came.
    case answered(ProbeAnswer)
    /// Nothing came, or nothing was waited for.
    case silent
    /// The kernel said that the network refuses it: an errno.
    case refused(Int32)
    /// The sender's own kernel would not let it out: an errno.
    case notSent(Int32)
    /// The prober failed, which says nothing of the network.
    case harness(String)
}

/// An answer to a probe.
public struct ProbeAnswer: Hashable, Sendable {
    /// From where it came.
    public var from: Endpoint
    /// What the server saw; nil for an echo and a ping.
    public var report: ServerReport?
    /// Whether what came back is what was sent. True where nothing was to come back.
    public var isIntact: Bool

    /// Describes an answer.
    public init(from: Endpoint, report: ServerReport? = nil, isIntact: Bool = true) {
        self.from = from
        self.report = report
        self.isIntact = isIntact
    }
}

/// What the built-in server saw of a request: its answer to `seen`.
public struct ServerReport: Hashable, Sendable, Codable {
    /// The server's namespace.
    public var namespace: String
    /// Its pod.
    public var pod: String
    /// Its container.
    public var container: String
    /// The source address that it saw.
    public var source: IPAddress
    /// The source port that it saw.
    public var sourcePort: UInt16
    /// The address to which the request came.
    public var destination: IPAddress
    /// The port to which the request came.
    public var destinationPort: UInt16
    /// The request's id.
    public var id: String
    /// How many bytes the datagram or the request's body had.
    public var length: Int

    /// Describes what a server saw.
    public init(
        namespace: String, pod: String, container: String, source: IPAddress, sourcePort: UInt16,
        destination: IPAddress,
        destinationPort: UInt16, id: String, length: Int
    ) {
        self.namespace = namespace
        self.pod = pod
        self.container = container
        self.source = source
        self.sourcePort = sourcePort
        self.destination = destination
        self.destinationPort = destinationPort
        self.id = id
        self.length = length
    }
}
