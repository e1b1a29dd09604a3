import NIOHTTP1

/// What a node tells load balancers about one Service on its healthCheckNodePort.
public struct HealthCheck: Hashable, Sendable {
    /// The Service's namespace.
    public let namespace: String
    /// The Service's name.
    public let name: String
    /// How many ready endpoints of it the node has.
    public let localEndpoints: Int

    /// Describes a Service's endpoints on a node.
    public init(namespace: String, name: String, localEndpoints: Int) {
        self.namespace = namespace
        self.name = name
        self.localEndpoints = localEndpoints
    }

    /// 200 where the node has endpoints, 503 where it has none.
    var status: HTTPResponseStatus { localEndpoints > 0 ? .ok : .serviceUnavailable }

    /// What kube-proxy answers, for balancers that read it.
    var body: String {
        let service = JSONText.object([("namespace", JSONText.string(namespace)), ("name", JSONText.string(name))])
        return JSONText.object([
            ("service", service), ("localEndpoints", String(localEndpoints)), ("serviceProxyHealthy", "true"),
        ])
    }
}
