internal import Addressing
internal import KubernetesModel
internal import Nftables

extension ChainLayout {
    /// The elements of the maps that lead to the port's chains, or to a refusal.
    func addElements(
        of port: NodeServicePort, _ name: ChainName, to pieces: inout RulesetPieces
    ) {
        if let clusterIP = port.port.clusterIP, isInServiceRange(clusterIP) {
            pieces.shared.append(SharedElement(container: .clusterIPs, address: clusterIP))
        }
        var elements: [RulesetContainer: [MapElement]] = [:]
        for destination in port.destinations {
            let key = destination.isNodePort ? Array(destination.address.key.dropFirst()) : destination.address.key
            let treatment = destination.isExternal ? port.externalTreatment : port.internalTreatment
            func add(_ container: RulesetContainer, _ verdict: Verdict) {
                elements[container, default: []].append(MapElement(key, .verdict(verdict), comment: port.port.comment))
            }
            let chain = destination.isExternal ? name.external : chain(of: port.port.internalTrafficPolicy, name)
            // From an external address, pods and the node itself reach endpoints even where others are dropped.
            if case .forward = treatment {
                add(destination.isNodePort ? .serviceNodePorts : .serviceIPs, .goto(chain))
            } else if destination.isExternal, treatment == .drop {
                add(destination.isNodePort ? .serviceNodePorts : .serviceIPs, .goto(chain))
            }
            if let verdict = treatment.filterVerdict {
                add(destination.isNodePort ? .noEndpointNodePorts : .noEndpointServices, verdict)
            }
            if destination.isFiltered { add(.firewallIPs, .goto(name.firewall)) }
        }
        pieces.maps = elements.map { ($0.key, $0.value) }
    }

    /// Ports besides those of Services are refused in the cluster's own ranges only.
    private func isInServiceRange(_ address: IPAddress) -> Bool {
        fields.serviceRanges.isEmpty || fields.serviceRanges.contains { $0.contains(address) }
    }

    /// The chain that spreads over the endpoints of a policy.
    func chain(of policy: Service.TrafficPolicy, _ name: ChainName) -> String {
        policy == .local ? name.local : name.service
    }
}

extension NodeServicePort.Treatment {
    /// What becomes of a packet that was not rewritten, or nil where all are.
    fileprivate var filterVerdict: Verdict? {
        switch self {
        case .reject: .goto(ChainLayout.rejectChain)
        case .drop: .drop
        case .forward: nil
        }
    }
}
