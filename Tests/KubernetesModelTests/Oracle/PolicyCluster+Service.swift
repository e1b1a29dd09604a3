import KubernetesModel

extension PolicyCluster {
    /// A Service at 10.96.0.10 and its NodePort 30080, with one endpoint.
    static func service(port: Int64, targetPort: Int64, to address: String, on node: String) -> [APIObject] {
        let service = APIObject(
            .services, namespace: "x", name: "web",
            [
                "spec": [
                    "type": "NodePort", "clusterIPs": ["10.96.0.10"],
                    "ports": [["port": .integer(port), "nodePort": 30080]],
                ]
            ])
        var slice = APIObject(
            .endpointSlices, namespace: "x", name: "web",
            [
                "addressType": "IPv4", "ports": [["name": "", "port": .integer(targetPort)]],
                "endpoints": [["addresses": [.string(address)], "nodeName": .string(node)]],
            ])
        slice.labels = ["kubernetes.io/service-name": "web"]
        return [service, slice]
    }

    /// Whether a flow to the Service passes at its endpoint.
    func throughService(_ source: FlowSource, _ target: String, _ profile: PolicyProfile = [:]) throws -> String {
        let target = try FlowTarget(parsing: target)
        let answer = try ServiceOracle(snapshot).answer(for: target, from: source).settled(by: .kubeProxyNFTables)
        guard case .forwarded(let forwarding) = answer.outcome, let candidate = forwarding.candidates.first else {
            return answer.because
        }
        return try oracle.verdict(from: source, to: candidate, of: forwarding, target.transport).settled(by: profile)
            .words
    }
}
