public import Addressing

/// Somebody who answers at a port of a Service, as all of its EndpointSlices together say.
public struct ServiceEndpoint: Hashable, Sendable {
    /// The address.
    public let address: IPAddress
    /// The port there.
    public internal(set) var port: UInt16
    /// Whether new connections go there.
    public let isReady: Bool
    /// Whether it can answer, terminating or not.
    public let isServing: Bool
    /// Whether it was told to end.
    public let isTerminating: Bool
    /// The node it is on, or nil.
    public let node: String?
    /// The zones whose traffic is meant for it; empty where it has no hints.
    public let zoneHints: [String]
    /// The nodes whose traffic is meant for it; empty where it has no hints.
    public let nodeHints: [String]
    /// The pod, or nil where it is none.
    public let pod: Pod?

    /// What names a pod.
    public struct Pod: Hashable, Sendable, CustomStringConvertible {
        /// Its namespace.
        public let namespace: String
        /// Its name.
        public let name: String

        /// Names a pod.
        public init(namespace: String, name: String) {
            self.namespace = namespace
            self.name = name
        }

        /// `default/web-1`
        public var description: String { "\(namespace)/\(name)" }
    }

    /// Describes an endpoint.
    public init(
        address: IPAddress, port: UInt16, isReady: Bool = true, isServing: Bool = true, isTerminating: Bool = false,
        node: String? = nil, zoneHints: [String] = [], nodeHints: [String] = [], pod: Pod? = nil
    ) {
        self.address = address
        self.port = port
        self.isReady = isReady
        self.isServing = isServing
        self.isTerminating = isTerminating
        self.node = node
        self.zoneHints = zoneHints
        self.nodeHints = nodeHints
        self.pod = pod
    }

    /// Whether it is asked only where nobody is ready: it ends, and can still answer (KEP-1669).
    public var isFallback: Bool { !isReady && isServing && isTerminating }

    /// The address and port.
    var target: EndpointTarget { EndpointTarget(address: address, port: port) }
}

extension ServiceEndpoint: CustomStringConvertible {
    /// `10.244.1.5:8080`
    public var description: String { address.withPort(port) }
}

/// Where packets to an endpoint go.
struct EndpointTarget: Hashable, Sendable {
    let address: IPAddress
    let port: UInt16
}
