internal import Addressing
internal import KubernetesModel
internal import Nftables

extension ChainLayout {
    private var markForMasquerade: Statement { .verdict(.jump(Self.markChain)) }

    /// A chain for each endpoint, which rewrites the destination and remembers the client.
    func addEndpoints(
        _ endpoints: [(endpoint: ServiceEndpoint, name: ChainName)], of port: NodeServicePort,
        to pieces: inout RulesetPieces
    ) {
        for (endpoint, name) in endpoints {
            var rules = [Rule([.match(fields.source, .address(endpoint.address)), markForMasquerade])]
            if let timeout = port.port.affinityTimeout {
                pieces.ownSets.append(
                    NamedSet(name.affinity, key: [fields.addressType], flags: [.dynamic, .timeout], timeout: timeout))
                rules.append(Rule([.update(set: name.affinity, [fields.source])]))
            }
            rules.append(
                Rule([
                    .match(.transportProtocol, .transportProtocol(port.port.transport.number)),
                    .destinationNATTo(endpoint.address, port: endpoint.port),
                ]))
            pieces.chains.append(Chain(name.endpoint, rules: rules))
        }
    }

    /// The chains that spread packets over endpoints, one for each policy that is used.
    func addPolicies(
        of port: NodeServicePort, _ name: ChainName, _ endpoints: [(endpoint: ServiceEndpoint, name: ChainName)],
        to pieces: inout RulesetPieces
    ) {
        if port.usesClusterEndpoints {
            // They come first among those that are used.
            let names = endpoints.prefix(port.choice.cluster.count).map(\.name)
            pieces.chains.append(policyChain(of: port, .cluster, name, names))
        }
        if port.usesLocalEndpoints {
            let names = Dictionary(
                endpoints.map { ($0.endpoint.target, $0.name) }, uniquingKeysWith: { first, _ in first })
            let local = port.choice.local.compactMap { names[$0.target] }
            pieces.chains.append(policyChain(of: port, .local, name, local))
        }
    }

    private func policyChain(
        of port: NodeServicePort, _ policy: Service.TrafficPolicy, _ name: ChainName, _ names: [ChainName]
    ) -> Chain {
        var rules: [Rule] = []
        if port.internalTreatment == .forward(policy) { rules += internalMasquerade(of: port.port) }
        if port.port.affinityTimeout != nil {
            rules += names.map { endpoint in
                Rule([.lookup([fields.source], set: endpoint.affinity), .verdict(.goto(endpoint.endpoint))])
            }
        }
        rules.append(
            Rule([
                .anonymousVerdictMap(
                    .random(modulus: UInt32(clamping: names.count)),
                    names.enumerated().map { index, endpoint in
                        VerdictElement(.mark(UInt32(clamping: index)), .goto(endpoint.endpoint))
                    })
            ]))
        return Chain(chain(of: policy, name), rules: rules)
    }

    /// Packets to the ClusterIP that are from no pod may have come from anywhere, and have to come back this way.
    private func internalMasquerade(of port: ServicePort) -> [Rule] {
        guard let clusterIP = port.clusterIP else { return [] }
        let source = masqueradesAll ? [] : fields.isFromPod(.notEqual).map { [$0] }
        guard let source else { return [] }
        let destination: [Statement] = [
            .match(fields.destination, .address(clusterIP)),
            .match(.transportProtocol, .transportProtocol(port.transport.number)),
            .match(.destinationPort, .port(port.port)),
        ]
        return [Rule(destination + source + [markForMasquerade])]
    }

    /// What comes to an address that is not the cluster's.
    func externalChain(of port: NodeServicePort, _ name: ChainName) -> Chain {
        guard port.port.externalTrafficPolicy == .local else {
            return Chain(name.external, rules: [Rule([markForMasquerade]), Rule([.verdict(.goto(name.service))])])
        }
        let toCluster = Statement.verdict(.goto(name.service))
        let fromNode = Statement.match(.sourceAddressType, .addressType(.local))
        var rules =
            fields.isFromPod(.equal).map { [Rule([$0, toCluster], comment: "short-circuit pod traffic")] } ?? []
        rules.append(Rule([fromNode, markForMasquerade], comment: "masquerade local traffic"))
        rules.append(Rule([fromNode, toCluster], comment: "short-circuit local traffic"))
        if port.usesLocalEndpoints { rules.append(Rule([.verdict(.goto(name.local))])) }
        return Chain(name.external, rules: rules)
    }

    /// What is not from one of the sources is dropped.
    func firewallChain(_ name: ChainName, _ sources: [CIDR]) -> Chain {
        let allowed = sources.map { Rule([.match(fields.source, .prefix($0)), .verdict(.return)]) }
        return Chain(name.firewall, rules: allowed + [Rule([.verdict(.drop)])])
    }
}
