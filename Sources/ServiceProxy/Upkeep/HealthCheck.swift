/// What a node tells load balancers at a healthCheckNodePort (core/v1 ServiceSpec; kube-proxy's service health server).
public struct HealthCheck: Hashable, Sendable {
    /// The Service.
    public let service: ServiceName
    /// The TCP port, on the addresses that NodePorts are on.
    public let port: UInt16
    /// The number of ready endpoints on the node. Ones that are about to end do not count, also while they still serve.
    public let localEndpoints: Int

    /// Whether the node is to get traffic: the answer is 200, else 503.
    public var isHealthy: Bool { localEndpoints > 0 }

    /// Describes a Service's endpoints on a node.
    public init(service: ServiceName, port: UInt16, localEndpoints: Int) {
        self.service = service
        self.port = port
        self.localEndpoints = localEndpoints
    }

    /// What a Service's ports give, or nil where it has no such port.
    init?(_ ports: [ServicePort], of service: ServiceName, on node: ProxyNode) {
        guard let port = ports.lazy.compactMap(\.healthCheckNodePort).first else { return nil }
        self.service = service
        self.port = port
        // A pod counts once, however many ports and families it has.
        localEndpoints =
            Set(ports.map(\.family)).map { family in
                Set(
                    ports.lazy.filter { $0.family == family }.flatMap(\.endpoints)
                        .filter { $0.isReady && $0.node == node.name }.map(\.address)
                ).count
            }.max() ?? 0
    }
}
