public import KubernetesModel

/// What names a Service in a cluster.
public struct ServiceName: Hashable, Sendable {
    /// Its namespace.
    public let namespace: String
    /// Its name.
    public let name: String
    /// A hash of both: names are looked up far more often than they are made.
    private let hash: Int

    /// Names a Service.
    public init(namespace: String, name: String) {
        self.namespace = namespace
        self.name = name
        var hasher = Hasher()
        hasher.combine(name)
        hasher.combine(namespace)
        hash = hasher.finalize()
    }

    /// Whether both have the same namespace and name.
    public static func == (left: ServiceName, right: ServiceName) -> Bool {
        left.hash == right.hash && left.name == right.name && left.namespace == right.namespace
    }

    /// Feeds the hash of both into a hasher.
    public func hash(into hasher: inout Hasher) { hasher.combine(hash) }
}

extension ServiceName: Comparable {
    /// By namespace, then by name.
    public static func < (left: ServiceName, right: ServiceName) -> Bool {
        left.namespace == right.namespace ? left.name < right.name : left.namespace < right.namespace
    }
}

extension ServiceName: CustomStringConvertible {
    /// `default/web`
    public var description: String { "\(namespace)/\(name)" }
}

/// What names a port of a Service: endpoints belong to it by the port's name and protocol.
public struct ServicePortName: Hashable, Sendable {
    /// The Service.
    public let service: ServiceName
    /// The port's name; empty where the only port has none.
    public let port: String
    /// What it speaks.
    public let transport: TransportProtocol

    /// Names a port.
    public init(service: ServiceName, port: String, transport: TransportProtocol) {
        self.service = service
        self.port = port
        self.transport = transport
    }
}

extension ServicePortName: Comparable {
    /// By Service, then by name, then by protocol.
    public static func < (left: ServicePortName, right: ServicePortName) -> Bool {
        if left.service != right.service { return left.service < right.service }
        return left.port == right.port
            ? left.transport.rawValue < right.transport.rawValue : left.port < right.port
    }
}

extension ServicePortName: CustomStringConvertible {
    /// `default/web:http`, or `default/web` where the port has no name.
    public var description: String { port.isEmpty ? "\(service)" : "\(service):\(port)" }
}
