import KubernetesModel

/// Which zone's or node's traffic each endpoint is meant for.
enum EndpointHints {
    /// How much more than its share of the traffic an endpoint may get under topology-mode Auto.
    private static let overload = 0.2

    /// Gives hints to all endpoints of one family, or takes them away.
    static func apply(to plan: inout SlicePlan, of service: Service, nodes: [String: Node]) {
        let mode = service.annotations[EndpointLabels.topologyMode]
        if mode == "Auto" || mode == "auto" {
            let shares = zoneShares(Array(nodes.values))
            let hints = zones(for: readyZones(plan), shares: shares)
            var next = hints?.makeIterator()
            change(&plan) { endpoint in
                guard endpoint.isReady, let zone = next?.next() else { return }
                endpoint.zoneHints = [zone]
            }
            return
        }
        let distribution = service.trafficDistribution
        change(&plan) { endpoint in
            guard let zone = endpoint.zone else { return }
            switch distribution {
            case "PreferClose", "PreferSameZone": endpoint.zoneHints = [zone]
            case "PreferSameNode":
                endpoint.zoneHints = [zone]
                endpoint.nodeHints = endpoint.nodeName.map { [$0] } ?? []
            default: break
            }
        }
    }

    /// Visits every endpoint, always in the same order.
    private static func change(_ plan: inout SlicePlan, _ change: (inout EndpointSlice.Endpoint) -> Void) {
        for name in plan.kept.keys.sorted() {
            guard var content = plan.kept[name] else { continue }
            for index in content.endpoints.indices { change(&content.endpoints[index]) }
            plan.kept[name] = content
        }
        for slice in plan.created.indices {
            for index in plan.created[slice].endpoints.indices { change(&plan.created[slice].endpoints[index]) }
        }
    }

    private static func readyZones(_ plan: SlicePlan) -> [String?] {
        let kept = plan.kept.keys.sorted().compactMap { plan.kept[$0] }
        return (kept + plan.created).flatMap(\.endpoints).filter(\.isReady).map(\.zone)
    }

    /// Each zone's share of the nodes' CPUs; nil where a node does not tell its zone or there is only one. Nodes that do
    /// not tell their CPUs count alike.
    static func zoneShares(_ nodes: [Node]) -> [String: Double]? {
        var capacity: [String: Double] = [:]
        for node in nodes {
            guard let zone = node.zone else { return nil }
            capacity[zone, default: 0] += Double(node.allocatableMilliCPUs ?? 1_000)
        }
        let total = capacity.values.reduce(0, +)
        guard capacity.count > 1, total > 0 else { return nil }
        return capacity.mapValues { $0 / total }
    }

    /// The zone that each endpoint is for, given where each is: every zone gets about its share, and as many endpoints as
    /// possible serve their own zone.
    ///
    /// - Returns: nil where there are too few endpoints to be fair, or one does not tell its zone.
    static func zones(for endpoints: [String?], shares: [String: Double]?) -> [String]? {
        guard let shares, endpoints.count >= shares.count else { return nil }
        var hints: [String] = []
        for zone in endpoints {
            guard let zone else { return nil }
            hints.append(zone)
        }
        let minimum = shares.mapValues { Int(($0 * Double(endpoints.count) / (1 + overload)).rounded(.up)) }
        guard minimum.values.reduce(0, +) <= endpoints.count else { return nil }
        var surplus: [String: Int] = [:]
        for zone in hints { surplus[zone, default: 0] += 1 }
        for (zone, count) in minimum { surplus[zone, default: 0] -= count }
        for receiver in surplus.keys.sorted() {
            while surplus[receiver, default: 0] < 0 {
                guard let giver = surplus.max(by: { ($0.value, $1.key) < ($1.value, $0.key) }), giver.value > 0,
                    let index = hints.lastIndex(of: giver.key)
                else { return nil }
                hints[index] = receiver
                surplus[giver.key] = giver.value - 1
                surplus[receiver, default: 0] += 1
            }
        }
        return hints
    }
}
