import Addressing

extension ServiceOracle {
    /// The endpoints that a claim is about, as the node sees them that rewrites the flow.
    func endpoints(for claim: ServiceClaim) -> ServiceEndpoints {
        cluster.endpoints(of: claim.service, claim.port, claim.target.address.family, seenFrom: claim.node)
    }

    /// No endpoint in the whole cluster: refused at once, whatever the policy.
    func withoutEndpoints(_ claim: ServiceClaim) -> ServiceAnswer {
        ServiceAnswer(outcome: .refused, because: "\(claim.words): no endpoint in the whole cluster: refused")
    }

    /// Policy Local, and endpoints elsewhere only: dropped, so that clients of a load balancer try again.
    func withoutLocalEndpoints(_ claim: ServiceClaim, policy: String, source: String) -> ServiceAnswer {
        ServiceAnswer(
            outcome: .dropped,
            because: "\(claim.words): \(policy), and \(claim.node) has no usable endpoint: dropped (\(source))")
    }

    /// Sent on to one of the endpoints.
    func forwarded(
        _ claim: ServiceClaim, _ client: FlowClient, to endpoints: [ServiceEndpoints.Endpoint],
        _ source: ServiceAnswer.ObservedSource, because reason: String
    ) -> ServiceAnswer {
        let candidates = endpoints.map { endpoint in
            ServiceAnswer.Candidate(
                address: endpoint.address, port: endpoint.port, pod: endpoint.pod, node: endpoint.node,
                source: observed(source, of: client, at: endpoint),
                isReturnPathTranslated: endpoint.node == claim.node || client.isOn(claim.node))
        }
        return ServiceAnswer(
            outcome: .forwarded(
                .init(
                    candidates: candidates, node: claim.node,
                    affinitySeconds: claim.service.affinityTimeoutSeconds)),
            because: "\(claim.words): \(reason)")
    }

    /// A pod that reaches itself cannot get its own address as source, else it would answer itself without the Service.
    private func observed(
        _ source: ServiceAnswer.ObservedSource, of client: FlowClient, at endpoint: ServiceEndpoints.Endpoint
    ) -> ServiceAnswer.ObservedSource {
        let isHairpin = client.kind == .pod && client.address == endpoint.address
        return isHairpin && source == .preserved ? .either(.hairpinSource) : source
    }
}

extension [ServiceEndpoints.Endpoint] {
    /// `2 endpoints`, with what is special about them.
    var words: String {
        let count = self.count == 1 ? "1 endpoint" : "\(self.count) endpoints"
        return contains(where: \.isReady) ? count : "\(count) that only end but still serve (KEP-1669)"
    }
}
