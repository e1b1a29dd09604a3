import Addressing

extension ServiceOracle {
    /// ClusterIPs: internalTrafficPolicy says which endpoints, for pods, nodes and outside clients alike (KEP-2086),
    /// and has no say in the source address.
    func internalAnswer(_ claim: ServiceClaim, _ client: FlowClient) -> ServiceAnswer {
        let endpoints = endpoints(for: claim)
        guard !endpoints.usableAnywhere.isEmpty else { return withoutEndpoints(claim) }
        let source: ServiceAnswer.ObservedSource =
            switch client.kind {
            case .pod: .preserved
            case .node: .either(.nodeToClusterIPSource)
            case .outside: .either(.clusterIPFromOutsideSource)
            }
        switch claim.service.internalTrafficPolicy {
        case .cluster:
            return forwarded(
                claim, client, to: endpoints.forCluster, source,
                because: "internalTrafficPolicy Cluster: any of \(endpoints.forCluster.words)")
        case .local:
            guard !endpoints.forLocal.isEmpty else {
                return withoutLocalEndpoints(claim, policy: "internalTrafficPolicy Local", source: "KEP-2086")
            }
            return forwarded(
                claim, client, to: endpoints.forLocal, source,
                because: "internalTrafficPolicy Local: \(claim.node)'s own, \(endpoints.forLocal.words)")
        }
    }
}
