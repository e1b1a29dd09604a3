internal import Addressing
internal import KubernetesModel
internal import Nftables

extension DataMapLayout {
    func pieces(of port: NodeServicePort) -> RulesetPieces {
        let comment = port.port.comment
        let destinations = port.destinations
        var pieces = RulesetPieces()
        if let clusterIP = port.port.clusterIP {
            pieces.shared.append(SharedElement(container: .clusterIPs, address: clusterIP))
        }
        var (internalKeys, externalKeys): ([[Value]], [[Value]]) = ([], [])
        for destination in destinations {
            if destination.isExternal {
                externalKeys.append(destination.address.key)
            } else {
                internalKeys.append(destination.address.key)
            }
        }
        if !internalKeys.isEmpty {
            add(port.internalTreatment, of: port, isExternal: false, internalKeys, comment, to: &pieces)
        }
        if !externalKeys.isEmpty {
            add(port.externalTreatment, of: port, isExternal: true, externalKeys, comment, to: &pieces)
        }
        addSourceRanges(of: port, destinations, comment, to: &pieces)
        for address in hairpins(port) { pieces.shared.append(SharedElement(container: .hairpin, address: address)) }
        return pieces
    }

    private func add(
        _ treatment: NodeServicePort.Treatment, of port: NodeServicePort, isExternal: Bool, _ keys: [[Value]],
        _ comment: String?, to pieces: inout RulesetPieces
    ) {
        if treatment == .reject { return pieces.add(keys, to: .noEndpoints, comment) }
        // From an external address, pods and the node itself reach endpoints all the same.
        if treatment == .drop { pieces.add(keys, to: .noLocalEndpoints, comment) }
        let policy = isExternal ? port.port.externalTrafficPolicy : port.port.internalTrafficPolicy
        if isExternal {
            pieces.add(keys, to: .external, comment)
            if policy == .local { pieces.add(keys, to: .externalLocal, comment) }
        } else if policy == .local {
            pieces.add(keys, to: .internalLocal, comment)
        }
        if let timeout = port.port.affinityTimeout {
            pieces.add(keys, to: .sticky(timeout: timeout), comment)
        }
        if policy == .cluster || isExternal { addEndpoints(port.choice.cluster, .cluster, keys, comment, to: &pieces) }
        if policy == .local { addEndpoints(port.choice.local, .local, keys, comment, to: &pieces) }
    }

    /// An element for each endpoint under each key: `10.96.0.10 . tcp . 80 . 2 : 10.244.1.5 . 8080`. Where there is one
    /// endpoint there is no number.
    private func addEndpoints(
        _ endpoints: [ServiceEndpoint], _ policy: Service.TrafficPolicy, _ keys: [[Value]], _ comment: String?,
        to pieces: inout RulesetPieces
    ) {
        guard !endpoints.isEmpty else { return }
        var elements: [MapElement] = []
        elements.reserveCapacity(keys.count * endpoints.count)
        for key in keys {
            for (index, endpoint) in endpoints.enumerated() {
                let numbered = endpoints.count == 1 ? key : [key[0], key[1], key[2], .mark(UInt32(index))]
                elements.append(
                    MapElement(numbered, .data([.address(endpoint.address), .port(endpoint.port)]), comment: comment))
            }
        }
        pieces.add(elements, to: .endpoints(policy, count: endpoints.count))
    }

    private func addSourceRanges(
        of port: NodeServicePort, _ destinations: [NodeServicePort.Destination], _ comment: String?,
        to pieces: inout RulesetPieces
    ) {
        guard let allowed = port.allowedSources else { return }
        let keys = destinations.filter(\.isFiltered).map(\.address.key)
        guard !keys.isEmpty else { return }
        pieces.add(keys, to: .sourceFiltered, comment)
        pieces.add(keys.flatMap { key in allowed.map { key + [.prefix($0)] } }, to: .allowedSources, comment)
    }

    /// The endpoints that can reach themselves through this node. Those of other nodes do so through their own node, but
    /// where a packet keeps its source on the way to an external address of any node.
    private func hairpins(_ port: NodeServicePort) -> [IPAddress] {
        let isAnyNode = port.port.isExternalPolicyLocal
        var addresses: [IPAddress] = []
        for endpoint in port.choice.cluster where isAnyNode || endpoint.node == nil || endpoint.node == port.node {
            addresses.append(endpoint.address)
        }
        if port.usesLocalEndpoints { addresses += port.choice.local.map(\.address) }
        guard addresses.count > 1 else { return addresses }
        addresses.sort()
        return addresses.indices.filter { $0 == 0 || addresses[$0] != addresses[$0 - 1] }.map { addresses[$0] }
    }
}

extension RulesetPieces {
    // External and internal addresses can be in one set or map, which has one group of elements.

    fileprivate mutating func add(_ keys: [[Value]], to container: RulesetContainer, _ comment: String?) {
        let elements = keys.map { SetElement($0, comment: comment) }
        if let index = sets.firstIndex(where: { $0.container == container }) {
            sets[index].elements += elements
        } else {
            sets.append((container, elements))
        }
    }

    fileprivate mutating func add(_ elements: [MapElement], to container: RulesetContainer) {
        if let index = maps.firstIndex(where: { $0.container == container }) {
            maps[index].elements += elements
        } else {
            maps.append((container, elements))
        }
    }
}
