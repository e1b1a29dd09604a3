import KubernetesModel

/// How endpoints with the same ports are spread over slices, with as few slices written as possible: endpoints stay
/// where they are, slices that change anyway take the new ones, and no slice is over its capacity.
struct SlicePacking {
    /// What each slice that stays has then.
    private(set) var kept: [String: [EndpointSlice.Endpoint]] = [:]
    /// The endpoints of new slices.
    private(set) var created: [[EndpointSlice.Endpoint]] = []
    /// The slices that are left without endpoints.
    private(set) var emptied: [String] = []

    /// What tells an endpoint from others, whatever its state.
    private struct Identity: Hashable {
        let addresses: [String]
        let hostname: String?
        let namespace: String
        let name: String

        init(_ endpoint: EndpointSlice.Endpoint) {
            addresses = endpoint.addresses.count > 1 ? endpoint.addresses.sorted() : endpoint.addresses
            hostname = endpoint.hostname
            namespace = endpoint.target?.namespace ?? ""
            name = endpoint.target?.name ?? ""
        }
    }

    /// Spreads endpoints over slices.
    ///
    /// - Parameter capacity: how many endpoints a slice has at most.
    init(_ desired: [EndpointSlice.Endpoint], into existing: [EndpointSlice], capacity: Int) {
        var order: [Identity] = []
        var wanted: [Identity: EndpointSlice.Endpoint] = [:]
        for endpoint in desired {
            let identity = Identity(endpoint)
            if wanted.updateValue(endpoint, forKey: identity) == nil { order.append(identity) }
        }
        let changed = keep(&wanted, in: existing, capacity: capacity)
        var rest = order.compactMap { wanted[$0] }[...]
        fill(changed, with: &rest, capacity: capacity)
        place(&rest, capacity: capacity)
    }

    /// Leaves the endpoints that are still wanted where they are.
    ///
    /// - Returns: the slices that have to be written in any case.
    private mutating func keep(
        _ wanted: inout [Identity: EndpointSlice.Endpoint], in existing: [EndpointSlice], capacity: Int
    ) -> [String] {
        var changed: [String] = []
        for slice in existing {
            var endpoints: [EndpointSlice.Endpoint] = []
            var isChanged = false
            for endpoint in slice.endpoints {
                let identity = Identity(endpoint)
                guard endpoints.count < capacity, let current = wanted.removeValue(forKey: identity) else {
                    isChanged = true
                    continue
                }
                endpoints.append(current)
                if !isChanged, !Self.areEqualButForHints(current, endpoint) { isChanged = true }
            }
            if endpoints.isEmpty {
                emptied.append(slice.name)
            } else {
                kept[slice.name] = endpoints
                if isChanged { changed.append(slice.name) }
            }
        }
        return changed
    }

    private static func areEqualButForHints(
        _ one: EndpointSlice.Endpoint, _ other: EndpointSlice.Endpoint
    ) -> Bool {
        var one = one
        one.zoneHints = other.zoneHints
        one.nodeHints = other.nodeHints
        return one == other
    }

    /// Puts new endpoints into slices that are written anyway, the fullest first.
    private mutating func fill(
        _ changed: [String], with rest: inout ArraySlice<EndpointSlice.Endpoint>, capacity: Int
    ) {
        let fullestFirst = changed.sorted { (-(kept[$0]?.count ?? 0), $0) < (-(kept[$1]?.count ?? 0), $1) }
        for name in fullestFirst {
            guard !rest.isEmpty else { return }
            let taken = rest.prefix(capacity - (kept[name]?.count ?? 0))
            kept[name]?.append(contentsOf: taken)
            rest.removeFirst(taken.count)
        }
    }

    /// Puts what is left into the fullest slice that can take it all, or else into new slices.
    private mutating func place(_ rest: inout ArraySlice<EndpointSlice.Endpoint>, capacity: Int) {
        while !rest.isEmpty {
            let count = rest.count
            let fitting = kept.filter { $0.value.count + count <= capacity }
            if let name = fitting.max(by: { ($0.value.count, $1.key) < ($1.value.count, $0.key) })?.key {
                kept[name]?.append(contentsOf: rest)
                rest = []
            } else {
                created.append(Array(rest.prefix(capacity)))
                rest.removeFirst(min(capacity, count))
            }
        }
    }
}
