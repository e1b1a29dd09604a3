extension PolicyOracle {
    /// Whether a flow passes that a Service leads to one of its endpoints: the endpoint's own port counts.
    ///
    /// - Parameters:
    ///   - source: who sends it.
    ///   - candidate: the endpoint that gets it.
    ///   - forwarding: the Service's answer, which the endpoint is from.
    ///   - transport: what is spoken.
    /// - Throws: `FlowError` where the source cannot send to that endpoint.
    public func verdict(
        from source: FlowSource, to candidate: ServiceAnswer.Candidate, of forwarding: ServiceAnswer.Forwarding,
        _ transport: TransportProtocol
    ) throws(FlowError) -> PolicyVerdict {
        let family = candidate.address.family
        let sender = try cluster.policyParty(source, family)
        var destination = cluster.policyParty(at: candidate.address)
        if let pod = candidate.pod, cluster.pod(pod) != nil {
            destination = try cluster.policyParty(.pod(pod), family)
        }
        var flow = PolicyFlow(sender, destination, .port(transport, candidate.port))
        flow.isThroughService = true
        if candidate.source != .preserved {
            flow.masquerader = try cluster.policyParty(.node(forwarding.node), family)
        }
        return verdict(flow)
    }
}
