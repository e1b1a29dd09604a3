import Addressing

extension ServiceOracle {
    /// loadBalancerSourceRanges: who may use a load balancer's address, clients within the cluster included. They do
    /// not guard NodePorts and external IPs.
    ///
    /// - Parameter allowed: the answer for whom they let in.
    func sourceRangesAnswer(_ claim: ServiceClaim, _ client: FlowClient, allowed: ServiceAnswer) -> ServiceAnswer {
        let ranges = claim.service.loadBalancerSourceRanges
        // A node that holds the load balancer's address itself may send from it.
        if ranges.isEmpty || client.address == claim.target.address
            || ranges.contains(where: { $0.contains(client.address) })
        {
            return allowed
        }
        let denied = ServiceAnswer(
            outcome: .dropped,
            because:
                "\(claim.words): \(client.address) is in none of its loadBalancerSourceRanges: dropped "
                + "(core/v1 ServiceSpec)")
        if !ranges.contains(where: { $0.family == client.address.family }) {
            return .either(
                .sourceRangesOfOtherFamily,
                [.init(name: "dropped", answer: denied), .init(name: "forwarded", answer: allowed)],
                because:
                    "\(claim.words): whether loadBalancerSourceRanges of the other family guard it is up to the proxy")
        }
        guard allowed.outcome == .refused else { return denied }
        return .either(
            .sourceRangesWithoutEndpoints,
            [.init(name: "dropped", answer: denied), .init(name: "refused", answer: allowed)],
            because: "\(claim.words): neither endpoints nor a source that is let in; "
                + "which is seen first is up to the proxy")
    }
}
