import Addressing

extension NetworkPolicy {
    /// The rules of a direction that allow a flow to or from a party. ICMP is allowed by none.
    func rules(
        _ direction: Direction, allowing party: PolicyParty, _ flow: PolicyFlow, _ cluster: ClusterSnapshot,
        _ profile: PolicyProfile
    ) -> [PolicyRuleReference] {
        guard case .port(let transport, let number) = flow.traffic else { return [] }
        let server = flow.destination.pod(profile)
        return rules(direction).enumerated().compactMap { index, rule in
            let peer = rule.peers.firstIndex { means(party, $0, cluster, profile) }
            let port = rule.ports.firstIndex { $0.means(number, transport, of: server) }
            guard rule.peers.isEmpty || peer != nil, rule.ports.isEmpty || port != nil else { return nil }
            return PolicyRuleReference(
                policy: PolicyReference(self), direction: direction, rule: index, peer: peer, port: port)
        }
    }

    /// Whether a peer of this policy's rules means a party.
    private func means(
        _ party: PolicyParty, _ peer: Peer, _ cluster: ClusterSnapshot, _ profile: PolicyProfile
    ) -> Bool {
        switch peer {
        case .malformed: return false
        case .block(let block, let exceptions):
            return block.contains(party.address) && !exceptions.contains { $0.contains(party.address) }
        case .pods(let pods, let namespaces):
            guard let pod = party.pod(profile) else { return false }
            let isNamespaceMeant =
                namespaces.map { $0.matches(cluster.labels(ofNamespace: pod.namespace)) }
                ?? (pod.namespace == namespace)
            return isNamespaceMeant && pods.map { $0.matches(pod.labels) } ?? true
        }
    }
}

extension NetworkPolicy.Port {
    /// Whether a port of a rule means one of the destination's.
    ///
    /// - Parameter pod: the destination where it is a pod: only pods have names for their ports.
    func means(_ number: UInt16, _ transport: TransportProtocol, of pod: Pod?) -> Bool {
        switch self {
        case .malformed: false
        case .all(let meant): meant == transport
        case .range(let meant, let numbers): meant == transport && numbers.contains(number)
        case .named(let meant, let name): meant == transport && pod?.number(of: .string(name), transport) == number
        }
    }
}
