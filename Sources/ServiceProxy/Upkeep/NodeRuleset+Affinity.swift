internal import Addressing
internal import KubernetesModel
public import Nftables

extension NodeRuleset {
    /// Where the tables hold which endpoint a client has.
    public var affinityMaps: [AffinityMap] {
        AddressFamily.allCases.flatMap { layout == .dataMaps ? mapsOfClients($0) : setsOfClients($0) }
    }

    private func mapsOfClients(_ family: AddressFamily) -> [AffinityMap] {
        let timeouts = families[family]?.counts.keys.compactMap { container -> UInt32? in
            if case .sticky(let timeout) = container { timeout } else { nil }
        }
        return (timeouts ?? []).sorted().map { AffinityMap(family, timeout: $0) }
    }

    private func setsOfClients(_ family: AddressFamily) -> [AffinityMap] {
        guard let ruleset = families[family] else { return [] }
        let ports = services.values.lazy.joined().filter { $0.port.family == family && $0.port.affinityTimeout != nil }
        return ports.flatMap { ruleset.layout.pieces(of: $0).ownSets }.sorted { $0.name < $1.name }.map {
            AffinityMap(ruleset.frame.identity, $0.name, isMap: false, timeout: $0.timeout ?? 0)
        }
    }

    /// The clients in such a map, as it was read from the kernel, who have an endpoint that is not used any more: to be
    /// deleted. Clients of ports that are not sticky any more are among them. A set of an endpoint goes with the endpoint,
    /// and has none.
    public func staleAffinity(in map: AffinityMap, _ elements: [ReadElement]) -> [MapElement] {
        guard map.isMap, !elements.isEmpty else { return [] }
        return clients(in: map, elements, areStale: true)
    }

    /// The tables as a whole, with the clients that were in the kernel's and whose endpoints are still used: a new proxy, or
    /// one that puts its tables right, leaves clients where they are.
    ///
    /// - Parameters:
    ///   - built: the tables without clients; nil: they are made.
    ///   - elements: what was read from the maps or sets of clients.
    public func tables(
        _ built: [Table]? = nil, keeping elements: [AffinityMap: [ReadElement]]
    ) -> [Table] {
        var tables = built ?? tables
        for (map, elements) in elements where !elements.isEmpty {
            guard let place = tables.firstIndex(where: { $0.identity == map.table }) else { continue }
            if map.isMap {
                guard let index = tables[place].maps.firstIndex(where: { $0.name == map.name }) else { continue }
                tables[place].maps[index].elements = clients(in: map, elements, areStale: false)
            } else if let index = tables[place].sets.firstIndex(where: { $0.name == map.name }) {
                let types = tables[place].sets[index].key
                tables[place].sets[index].elements = elements.compactMap { element in
                    element.key(as: types).map { SetElement($0, timeout: element.expiration.map { max($0, 1) }) }
                }
            }
        }
        return tables
    }

    private func clients(in map: AffinityMap, _ elements: [ReadElement], areStale: Bool) -> [MapElement] {
        guard let family = AddressFamily.allCases.first(where: { TableFamily($0) == map.table.family }) else {
            return []
        }
        let podRanges = settings.podRanges(of: family)
        var ports: [VirtualAddress: (port: NodeServicePort, destination: NodeServicePort.Destination)] = [:]
        for servicePorts in services.values {
            for port in servicePorts where port.port.affinityTimeout == map.timeout && port.port.family == family {
                for destination in port.destinations { ports[destination.address] = (port, destination) }
            }
        }
        return elements.compactMap { element in
            guard let client = AffinityClient(element, family) else { return nil }
            // What is neither a pod's nor the node's is from outside: the policy Local has others for it.
            let isInside =
                node.addresses.contains(client.source) || podRanges.contains { $0.contains(client.source) }
            let endpoints = ports[client.address].map { $0.port.endpoints(for: $0.destination, isInside: isInside) }
            let isStale = endpoints?.contains { $0.target == client.target } != true
            return isStale == areStale ? client.element : nil
        }
    }
}
