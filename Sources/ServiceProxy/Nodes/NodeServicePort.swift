internal import Addressing
internal import KubernetesModel

/// What one node does with packets to a port of a Service: what both layouts put into rules.
struct NodeServicePort: Hashable, Sendable {
    let port: ServicePort
    /// The node's name.
    let node: String
    private(set) var choice: EndpointChoice
    /// Where the port's NodePort is: the node's own address, or nil where it has none.
    let nodePortAddress: IPAddress?
    /// Who may use the load balancer's addresses; nil where everybody may.
    let allowedSources: [CIDR]?

    /// How endpoints are found for packets of one kind.
    enum Treatment: Hashable, Sendable {
        /// There is nobody at all: the sender is told so.
        case reject
        /// There is nobody that the policy allows.
        case drop
        /// One of the policy's endpoints.
        case forward(Service.TrafficPolicy)
    }

    /// An address of the port, and what distinguishes it.
    struct Destination: Hashable, Sendable {
        let address: VirtualAddress
        let isExternal: Bool
        /// Whether the sender has to be among the allowed sources.
        let isFiltered: Bool
        /// Whether it is the node's own address and its port the NodePort.
        let isNodePort: Bool
    }

    /// Works out what a node does.
    ///
    /// - Parameters:
    ///   - before: what the node did, so that endpoints which stay keep their places.
    ///   - isHidden: whether some Service has an address of its own there, which goes before a NodePort.
    init(
        _ port: ServicePort, on node: ProxyNode, before: NodeServicePort?, isHidden: (VirtualAddress) -> Bool
    ) {
        self.port = port
        self.node = node.name
        choice = EndpointChoice(of: port.endpoints, on: node)
        if let before {
            choice.cluster = choice.cluster.arranged(like: before.choice.cluster)
            choice.local = choice.local.arranged(like: before.choice.local)
        }
        nodePortAddress = port.nodePort.flatMap { number in
            node.address(of: port.family).flatMap {
                isHidden(VirtualAddress($0, port.transport, number)) ? nil : $0
            }
        }
        allowedSources = Self.allowedSources(of: port, on: node)
    }

    /// A node that has the load balancer's address itself reaches it from that very address, so that this counts as the
    /// node's own where the node is allowed.
    private static func allowedSources(of port: ServicePort, on node: ProxyNode) -> [CIDR]? {
        guard !port.loadBalancerIPs.isEmpty, !port.sourceRanges.isEmpty,
            !port.sourceRanges.contains(where: { $0.prefixLength == 0 })
        else { return nil }
        let isNodeAllowed = node.address(of: port.family).map { own in
            port.sourceRanges.contains { $0.contains(own) }
        }
        let ownAddresses = isNodeAllowed == true ? port.loadBalancerIPs : []
        return (port.sourceRanges + ownAddresses.map { InterfaceAddress(host: $0).cidr }).withoutNested
    }

    /// What becomes of packets to the cluster's address.
    var internalTreatment: Treatment { treatment(port.internalTrafficPolicy) }

    /// What becomes of packets from outside to the other addresses. With the policy Local, pods and the node itself get the
    /// endpoints of the policy Cluster all the same, as though their packets had gone out and come back.
    var externalTreatment: Treatment { treatment(port.externalTrafficPolicy) }

    private func treatment(_ policy: Service.TrafficPolicy) -> Treatment {
        if !choice.hasAny { return .reject }
        return policy == .local && choice.local.isEmpty ? .drop : .forward(policy)
    }

    /// All addresses of the port on this node, each once.
    var destinations: [Destination] {
        func destination(_ address: IPAddress, isExternal: Bool = true, isFiltered: Bool = false) -> Destination {
            Destination(
                address: VirtualAddress(address, port.transport, port.port), isExternal: isExternal,
                isFiltered: isFiltered, isNodePort: false)
        }
        var destinations = port.clusterIP.map { [destination($0, isExternal: false)] } ?? []
        func has(_ address: IPAddress) -> Bool { destinations.contains { $0.address.address == address } }
        for address in port.loadBalancerIPs where !has(address) {
            destinations.append(destination(address, isFiltered: allowedSources != nil))
        }
        for address in port.externalIPs where !has(address) { destinations.append(destination(address)) }
        if let nodePortAddress, let number = port.nodePort {
            let address = VirtualAddress(nodePortAddress, port.transport, number)
            if !destinations.contains(where: { $0.address == address }) {
                destinations.append(
                    Destination(address: address, isExternal: true, isFiltered: false, isNodePort: true))
            }
        }
        return destinations
    }

    /// The endpoints that packets to an address can go to.
    func endpoints(for destination: Destination) -> [ServiceEndpoint] {
        if !destination.isExternal {
            return port.internalTrafficPolicy == .local ? choice.local : choice.cluster
        }
        return port.externalTrafficPolicy == .local ? choice.cluster + choice.local : choice.cluster
    }
}

extension NodeServicePort {
    /// Whether any traffic is spread over the endpoints of the policy Cluster.
    var usesClusterEndpoints: Bool {
        !choice.cluster.isEmpty && (port.internalTrafficPolicy == .cluster || port.isExternallyAccessible)
    }

    /// Whether any traffic is spread over the endpoints of the policy Local.
    var usesLocalEndpoints: Bool {
        !choice.local.isEmpty && (port.internalTrafficPolicy == .local || port.isExternalPolicyLocal)
    }

    /// The endpoints that any traffic goes to, each once.
    var usedEndpoints: [ServiceEndpoint] {
        let cluster = usesClusterEndpoints ? choice.cluster : []
        guard usesLocalEndpoints else { return cluster }
        let targets = Set(cluster.map(\.target))
        return cluster + choice.local.filter { !targets.contains($0.target) }
    }
}

extension [ServiceEndpoint] {
    /// The same endpoints in an order in which those that were there before have their old places, as far as the number
    /// allows: where one endpoint takes another one's place, nothing else moves.
    fileprivate func arranged(like before: [ServiceEndpoint]) -> [ServiceEndpoint] {
        guard count == before.count, self != before else { return self }
        var remaining = Dictionary(map { ($0.target, $0) }, uniquingKeysWith: { first, _ in first })
        let kept = before.map { remaining.removeValue(forKey: $0.target) }
        // In their own order, not the dictionary's.
        var added = filter { remaining[$0.target] != nil }[...]
        return kept.compactMap { $0 ?? added.popFirst() }
    }
}
