import Addressing

/// Fills in what nodes and hosts leave open, around what they give.
struct LabCompletion {
    private(set) var spec: LabSpec
    private(set) var sources: SourceMap
    private(set) var problems: [Problem] = []

    /// Completes the nodes and hosts. The ranges must be valid.
    init(_ spec: LabSpec, sources: SourceMap) {
        self.spec = spec
        self.sources = sources
        completeAddresses()
        completePodRanges()
    }

    /// Node addresses go from the underlay's tenth address upward, host addresses from its hundredth; where these are
    /// taken, from the first.
    private mutating func completeAddresses() {
        let given = Set(spec.nodes.flatMap(\.address) + spec.hosts.flatMap(\.address))
        var pools = spec.underlay.cidr.map { AddressPool($0, taken: given) }
        for index in spec.nodes.indices {
            let path = FieldPath.root["node"][index]["address"]
            spec.nodes[index].address = completed(spec.nodes[index].address, from: 10, &pools, at: path)
        }
        for index in spec.hosts.indices {
            let path = FieldPath.root["host"][index]["address"]
            spec.hosts[index].address = completed(spec.hosts[index].address, from: 100, &pools, at: path)
        }
        // The second address is rarely anybody's; a range without room does without an API server on the underlay.
        guard spec.nodes.count + spec.hosts.count < SpecValidation.maximumBridgePorts else { return }
        spec.underlay.controlPlane = pools.indices.compactMap { pools[$0].take(from: 2) ?? pools[$0].take(from: 1) }
    }

    private mutating func completed(
        _ given: [IPAddress], from offset: UInt128, _ pools: inout [AddressPool], at path: FieldPath
    ) -> [IPAddress] {
        var addresses: [IPAddress] = []
        for index in pools.indices where !given.contains(where: { $0.family == pools[index].range.family }) {
            guard let address = pools[index].take(from: offset) ?? pools[index].take(from: 1) else {
                problems.append(
                    Problem(
                        path: path, message: "the underlay \(pools[index].range) has no free address left",
                        remedy: "use a larger range"))
                continue
            }
            addresses.append(address)
        }
        return sources.ordered(given, adding: addresses, by: spec.underlay.cidr.map(\.family), \.family, at: path)
    }

    private mutating func completePodRanges() {
        var pools = spec.cluster.podCIDR.map { range in
            NodeRangePool(range, nodes: spec.nodes.count, taken: spec.nodes.flatMap(\.podCIDR))
        }
        for index in spec.nodes.indices {
            let given = spec.nodes[index].podCIDR
            let path = FieldPath.root["node"][index]["pod-cidr"]
            var ranges: [CIDR] = []
            for pool in pools.indices where !given.contains(where: { $0.family == pools[pool].range.family }) {
                guard let range = pools[pool].take() else {
                    problems.append(
                        Problem(
                            path: path,
                            message: "the cluster's pod range \(pools[pool].range) has no room for another node",
                            remedy: "use a larger range, or give the nodes smaller ones"))
                    continue
                }
                ranges.append(range)
            }
            spec.nodes[index].podCIDR = sources.ordered(
                given, adding: ranges, by: spec.cluster.families, \.family, at: path)
        }
    }
}

extension SourceMap {
    /// Values of a list in the order of the families, with the places of those that were written.
    mutating func ordered<Value: Equatable>(
        _ given: [Value], adding more: [Value], by families: [AddressFamily], _ family: (Value) -> AddressFamily,
        at path: FieldPath
    ) -> [Value] {
        let places = given.indices.map { self[path[$0]] }
        let all = given.enumerated().map { ($1, places[$0]) } + more.map { ($0, nil) }
        func rank(_ value: Value) -> Int { families.firstIndex(of: family(value)) ?? families.count }
        let order = all.enumerated().sorted { (rank($0.element.0), $0.offset) < (rank($1.element.0), $1.offset) }
        for (index, item) in order.enumerated() { self[path[index]] = item.element.1 }
        return order.map(\.element.0)
    }
}
