import Addressing

extension ServiceOracle {
    /// External IPs, load balancer IPs and NodePorts: externalTrafficPolicy says which endpoints and whether the client
    /// keeps its address. internalTrafficPolicy has no say there.
    func externalAnswer(_ claim: ServiceClaim, _ client: FlowClient) -> ServiceAnswer {
        let endpoints = endpoints(for: claim)
        guard !endpoints.usableAnywhere.isEmpty else { return withoutEndpoints(claim) }
        switch claim.service.externalTrafficPolicy {
        case .cluster:
            return forwarded(
                claim, client, to: endpoints.forCluster, .masqueraded,
                because:
                    "externalTrafficPolicy Cluster: any of \(endpoints.forCluster.words), "
                    + "and the node's address as source")
        case .local:
            return localAnswer(claim, client, endpoints)
        }
    }

    /// externalTrafficPolicy Local is for traffic from outside. Within the cluster its addresses have the meaning of
    /// Cluster (core/v1 ServiceSpec), which a node can tell for its own traffic and for that of its pods.
    private func localAnswer(
        _ claim: ServiceClaim, _ client: FlowClient, _ endpoints: ServiceEndpoints
    ) -> ServiceAnswer {
        let isOwnTraffic = client.isOn(claim.node)
        switch client.kind {
        case .outside: return fromOutside(claim, client, endpoints)
        case .pod where isOwnTraffic: return fromPod(claim, client, endpoints)
        case .node where isOwnTraffic: return fromNode(claim, client, endpoints)
        case .pod:
            return remoteNodePort(
                claim, .localNodePortFromRemotePod, all: fromPod(claim, client, endpoints),
                local: fromOutside(claim, client, endpoints))
        case .node:
            return remoteNodePort(
                claim, .localNodePortFromRemoteNode, all: fromNode(claim, client, endpoints),
                local: fromOutside(claim, client, endpoints))
        }
    }

    private func fromOutside(
        _ claim: ServiceClaim, _ client: FlowClient, _ endpoints: ServiceEndpoints
    ) -> ServiceAnswer {
        guard !endpoints.forLocal.isEmpty else {
            return withoutLocalEndpoints(claim, policy: "externalTrafficPolicy Local", source: "core/v1 ServiceSpec")
        }
        return forwarded(
            claim, client, to: endpoints.forLocal, .preserved,
            because: "externalTrafficPolicy Local: \(claim.node)'s own, \(endpoints.forLocal.words), "
                + "and the client keeps its address")
    }

    private func fromPod(
        _ claim: ServiceClaim, _ client: FlowClient, _ endpoints: ServiceEndpoints
    ) -> ServiceAnswer {
        forwarded(
            claim, client, to: endpoints.forCluster, .preserved,
            because: "externalTrafficPolicy Local means Cluster for pods: any of \(endpoints.forCluster.words), "
                + "and the pod keeps its address")
    }

    private func fromNode(
        _ claim: ServiceClaim, _ client: FlowClient, _ endpoints: ServiceEndpoints
    ) -> ServiceAnswer {
        forwarded(
            claim, client, to: endpoints.forCluster, .masqueraded,
            because: "externalTrafficPolicy Local means Cluster for nodes: any of \(endpoints.forCluster.words), "
                + "and the node's address as source")
    }

    /// Whoever dials another node's NodePort meets that node's proxy, which may take it for somebody from outside; the API
    /// warns clients of the cluster that at NodePorts the policy may concern them (core/v1 ServiceSpec).
    private func remoteNodePort(
        _ claim: ServiceClaim, _ question: ServiceQuestion, all: ServiceAnswer, local: ServiceAnswer
    ) -> ServiceAnswer {
        .either(
            question,
            [.init(name: "all-endpoints", answer: all), .init(name: "local-endpoints", answer: local)],
            because:
                "\(claim.words): whether externalTrafficPolicy Local holds for clients of other nodes is up to "
                + "the proxy (core/v1 ServiceSpec)")
    }
}
