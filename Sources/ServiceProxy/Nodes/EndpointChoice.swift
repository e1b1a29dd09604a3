/// The endpoints of a port that one node uses, by the traffic policy that applies to a packet.
struct EndpointChoice: Hashable, Sendable {
    /// Those for traffic with the policy Cluster.
    var cluster: [ServiceEndpoint]
    /// Those for traffic with the policy Local: on the node itself.
    var local: [ServiceEndpoint]
    /// Whether anybody anywhere could take traffic. Without, packets are refused; where only the policy leaves nobody,
    /// they are dropped.
    let hasAny: Bool

    /// Chooses among all endpoints of a port. Where a policy's scope has nobody who is ready, those count who end and can
    /// still answer (KEP-1669); who cannot answer never counts.
    init(of endpoints: [ServiceEndpoint], on node: ProxyNode) {
        let ready = endpoints.kept(where: \.isReady)
        let fallbacks = ready.count == endpoints.count ? [] : endpoints.filter(\.isFallback)
        hasAny = !ready.isEmpty || !fallbacks.isEmpty
        // Only ready endpoints have hints that count, so that there is somebody ready in the topology whenever it is heeded.
        let hint = TopologyHint(for: node, among: ready)
        cluster = ready.isEmpty ? fallbacks : hint.map { hint in ready.kept { hint.includes($0) } } ?? ready
        let localReady = ready.kept { $0.node == node.name }
        local = localReady.isEmpty ? fallbacks.filter { $0.node == node.name } : localReady
    }
}

extension Array {
    /// Like `filter`, and shares the array's storage where all elements stay.
    fileprivate func kept(where isKept: (Element) -> Bool) -> [Element] { allSatisfy(isKept) ? self : filter(isKept) }
}
