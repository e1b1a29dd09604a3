internal import NIOHTTP1
internal import ServiceProxy

extension HealthCheck {
    /// 200 where the node has endpoints, 503 where it has none.
    var status: HTTPResponseStatus { isHealthy ? .ok : .serviceUnavailable }

    /// What kube-proxy answers, for balancers that read it.
    var body: String {
        let service = JSONText.object([
            ("namespace", JSONText.string(service.namespace)), ("name", JSONText.string(service.name)),
        ])
        return JSONText.object([
            ("service", service), ("localEndpoints", String(localEndpoints)), ("serviceProxyHealthy", "true"),
        ])
    }
}
