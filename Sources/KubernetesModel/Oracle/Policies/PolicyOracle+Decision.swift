import Addressing

extension PolicyOracle {
    /// What holds at one end of a flow, by one implementation's answers to what is open.
    ///
    /// - Parameters:
    ///   - direction: egress at the source, ingress at the destination.
    ///   - subject: who is at this end.
    ///   - peer: who is at the other.
    func decision(
        _ direction: NetworkPolicy.Direction, at subject: PolicyParty, towards peer: PolicyParty, _ flow: PolicyFlow,
        _ profile: PolicyProfile
    ) -> PolicyDecision {
        func decided(_ grounds: PolicyDecision.Grounds, _ reason: String) -> PolicyDecision {
            PolicyDecision(
                direction: direction, grounds: grounds,
                because: "\(direction.words) \(direction == .egress ? "of" : "to") \(subject.words): \(reason)")
        }
        guard let pod = subject.pod(profile) else {
            let reason = subject.isHostNetworkPod ? "a pod in its node's network is taken for its node" : "it is no pod"
            return decided(.noPod, "no policy is about it, since \(reason)")
        }
        if flow.isExempt(profile) { return decided(.ownAddress, "a pod always reaches itself") }
        if isOwnNode(peer, of: subject, direction, profile) {
            return decided(.ownNode, "\(peer.words) is the pod's own node, for which policies do not hold")
        }
        let policies = policies(isolating: pod, direction)
        guard !policies.isEmpty else { return decided(.notIsolated, "no policy selects the pod for it") }
        let names = policies.map { PolicyReference($0) }.sorted()
        let list = names.map(\.description).joined(separator: ", ")
        if case .icmp = flow.traffic, profile[.icmp] == "allowed" {
            return decided(.icmpPasses, "policies (\(list)) are about TCP, UDP and SCTP only")
        }
        let rules = policies.flatMap { $0.rules(direction, allowing: peer, flow, cluster, profile) }
        if rules.isEmpty {
            return decided(
                .denied(by: names),
                "isolated by \(list), and no rule allows \(flow.traffic) "
                    + "\(direction == .egress ? "to" : "from") \(peer.words): denied")
        }
        return decided(
            .allowed(by: rules), "allowed by \(rules.map(\.description).joined(separator: ", "))")
    }

    /// The policies that isolate a pod: those of its namespace that select it and are about that direction.
    private func policies(isolating pod: Pod, _ direction: NetworkPolicy.Direction) -> [NetworkPolicy] {
        cluster.networkPolicies.filter { policy in
            policy.namespace == pod.namespace && policy.directions.contains(direction)
                && policy.podSelector.matches(pod.labels)
        }
    }

    /// Whether the other end is the pod's own node and no policy holds for it. The API lets that node in (networking/v1
    /// NetworkPolicySpec); the documentation exempts both directions.
    private func isOwnNode(
        _ peer: PolicyParty, of subject: PolicyParty, _ direction: NetworkPolicy.Direction, _ profile: PolicyProfile
    ) -> Bool {
        guard peer.pod(profile) == nil, let node = peer.node, node == subject.node else { return false }
        return direction == .ingress || profile[.egressToOwnNode] == "allowed"
    }
}

extension NetworkPolicy.Direction {
    /// `ingress` or `egress`.
    var words: String { self == .ingress ? "ingress" : "egress" }
}
