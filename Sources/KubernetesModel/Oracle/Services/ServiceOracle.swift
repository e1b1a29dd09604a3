import Addressing

/// Says what Services make of new flows, from the cluster's objects alone: the core/v1 and discovery/v1 API texts and
/// the enhancement proposals (KEPs) that they rest on. What programs under test do is judged by it, so it shares
/// nothing with any of them, and is as plain as can be: every question reads all objects anew.
public struct ServiceOracle: Sendable {
    /// The cluster.
    public let cluster: ClusterSnapshot

    /// Asks a cluster.
    public init(_ cluster: ClusterSnapshot) { self.cluster = cluster }

    /// What becomes of a new flow.
    ///
    /// - Parameters:
    ///   - target: where it is sent to, before anybody rewrites it.
    ///   - source: who sends it.
    /// - Returns: the answer, with the questions that the API leaves open still open; see `ServiceAnswer.settled(by:)`.
    /// - Throws: `FlowError` where the source cannot send to such a target.
    public func answer(for target: FlowTarget, from source: FlowSource) throws(FlowError) -> ServiceAnswer {
        let client = try cluster.client(source, target.address.family)
        let claims = claims(on: target, from: client)
        guard let first = claims.first else { return unclaimed(target) }
        guard claims.count > 1 else { return answer(first, client) }
        let options = claims.map {
            ServiceAnswer.Option(name: "\($0.service.namespace)/\($0.service.name)", answer: answer($0, client))
        }
        let names = options.map(\.name).joined(separator: ", ")
        return .either(
            .addressClaimedTwice, options,
            because: "\(target) belongs to several Services (\(names)): any of them may have it")
    }

    private func answer(_ claim: ServiceClaim, _ client: FlowClient) -> ServiceAnswer {
        let served = servedAnswer(claim, client)
        guard let question = claim.question else { return served }
        let unserved = ServiceAnswer(
            outcome: .notAService,
            because:
                "\(claim.words): a NodePort is on its nodes' first addresses, others are left to the proxy (KEP-3866)")
        return .either(
            question,
            [.init(name: "forwarded", answer: served), .init(name: "not-forwarded", answer: unserved)],
            because: "\(claim.words): whether NodePorts are served on this address is up to the proxy (KEP-3866)")
    }

    /// The answer at an address that is served.
    private func servedAnswer(_ claim: ServiceClaim, _ client: FlowClient) -> ServiceAnswer {
        switch claim.kind {
        case .clusterIP: internalAnswer(claim, client)
        case .externalIP, .nodePort: externalAnswer(claim, client)
        case .loadBalancerIP: sourceRangesAnswer(claim, client, allowed: externalAnswer(claim, client))
        }
    }

    // MARK: Targets that nobody claims

    /// The answer for a target that is no port of a Service's address.
    private func unclaimed(_ target: FlowTarget) -> ServiceAnswer {
        if let owner = cluster.services.first(where: { $0.clusterIPs.contains(target.address) }) {
            let name = "Service \(owner.namespace)/\(owner.name)"
            guard owner.isProxied else {
                return ServiceAnswer(
                    outcome: .notAService, because: "\(name) is left to another proxy by its labels (core/v1 Service)")
            }
            return unspecified(
                .unknownPort, "\(name) has no port \(target.port)/\(target.transport.rawValue) at \(target.address)")
        }
        if cluster.serviceCIDRs.contains(where: { $0.contains(target.address) }) {
            return unspecified(.unallocatedAddress, "\(target.address) is in the service range, and no Service's")
        }
        return ServiceAnswer(
            outcome: .notAService, because: "\(target) is no address and port of a Service: routing alone decides")
    }

    private func unspecified(_ question: ServiceQuestion, _ fact: String) -> ServiceAnswer {
        let outcomes: [(name: String, outcome: ServiceAnswer.Outcome)] = [
            ("refused", .refused), ("dropped", .dropped), ("not-forwarded", .notAService),
        ]
        let options = outcomes.map {
            ServiceAnswer.Option(
                name: $0.name, answer: ServiceAnswer(outcome: $0.outcome, because: "\(fact): \($0.name)"))
        }
        return .either(question, options, because: "\(fact): what happens is up to the proxy (KEP-3866)")
    }
}
