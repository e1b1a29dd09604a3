internal import Addressing
internal import Nftables

extension ChainLayout {
    static let markChain = "mark-for-masquerade"
    static let rejectChain = "reject-chain"
    private static let masqueradingChain = "masquerading"
    private static let servicesChain = "services"
    private static let serviceCheck = "service-endpoints-check"
    private static let nodePortCheck = "nodeport-endpoints-check"
    private static let firewallCheck = "firewall-check"
    private static let clusterIPsCheck = "cluster-ips-check"
    private static let nodePortIPs = "nodeport-ips"

    func frame(inUse: Set<RulesetContainer>, on node: ProxyNode) -> Table {
        Table(
            TableFamily(fields.family), ProxyLayout.tableName,
            comment: "Services of the cluster, on \(node.name), as kube-proxy lays them out", sets: sets(on: node),
            maps: maps, chains: regularChains + baseChains)
    }

    private func sets(on node: ProxyNode) -> [NamedSet] {
        let addresses = node.address(of: fields.family).map { [$0] } ?? []
        return [
            NamedSet(RulesetContainer.clusterIPs.name, key: [fields.addressType], comment: "ClusterIPs"),
            NamedSet(
                Self.nodePortIPs, key: [fields.addressType], comment: "This node's addresses for NodePorts",
                elements: addresses.map { SetElement([.address($0)]) }),
        ] + fields.podRangesSets
    }

    private var maps: [NamedMap] {
        func map(_ container: RulesetContainer, _ key: [DataType], _ comment: String) -> NamedMap {
            NamedMap(container.name, key: key, content: .verdict, comment: comment)
        }
        let nodePort = Array(fields.virtualAddressType.dropFirst())
        return [
            map(.noEndpointServices, fields.virtualAddressType, "Ports without endpoints: refused or dropped"),
            map(.noEndpointNodePorts, nodePort, "NodePorts without endpoints: refused or dropped"),
            map(.firewallIPs, fields.virtualAddressType, "Addresses with loadBalancerSourceRanges"),
            map(.serviceIPs, fields.virtualAddressType, "ClusterIPs, externalIPs and addresses of load balancers"),
            map(.serviceNodePorts, nodePort, "NodePorts"),
        ]
    }

    private var regularChains: [Chain] {
        let toNodePort = Statement.lookup([fields.destination], set: Self.nodePortIPs)
        let nodePort = Array(fields.virtualAddress.dropFirst())
        func lookup(_ container: RulesetContainer) -> Rule {
            Rule([.verdictMap(fields.virtualAddress, map: container.name)])
        }
        return [
            Chain(
                Self.rejectChain, comment: "For no-endpoint-services and no-endpoint-nodeports",
                rules: [Rule([.reject(.portUnreachable)])]),
            Chain(Self.markChain, rules: [Rule([.setMark(bits: PacketFields.masqueradeMark)])]),
            Chain(
                Self.masqueradingChain,
                rules: [
                    Rule([.matchMark(bits: PacketFields.masqueradeMark, isSet: false), .verdict(.return)]),
                    Rule([.clearMark(bits: PacketFields.masqueradeMark)]), Rule([.masqueradeFullyRandom]),
                ]),
            Chain(Self.serviceCheck, rules: [lookup(.noEndpointServices)]),
            Chain(
                Self.nodePortCheck,
                rules: [Rule([toNodePort, .verdictMap(nodePort, map: RulesetContainer.noEndpointNodePorts.name)])]),
            Chain(Self.firewallCheck, rules: [lookup(.firewallIPs)]),
            Chain(
                Self.servicesChain,
                rules: [
                    lookup(.serviceIPs),
                    Rule([toNodePort, .verdictMap(nodePort, map: RulesetContainer.serviceNodePorts.name)]),
                ]),
        ]
            + (rejectsUnknownPorts
                ? [Chain(Self.clusterIPsCheck, rules: fields.rulesForUnknown(clusterIPs: .clusterIPs))] : [])
    }

    private var baseChains: [Chain] {
        func checks(_ chains: String...) -> [Rule] {
            chains.map { Rule([.match(.connectionState, .connectionState(.new)), .verdict(.jump($0))]) }
        }
        let unknown = rejectsUnknownPorts ? checks(Self.clusterIPsCheck) : []
        let natPriority = BaseChain.Priority.destinationNAT
        let before = BaseChain.Priority(rawValue: natPriority.rawValue - 10)
        let behind = BaseChain.Priority(rawValue: natPriority.rawValue + 10)
        let services = [Rule([.verdict(.jump(Self.servicesChain))])]
        return [
            Chain(
                "filter-prerouting", base: BaseChain(.filter, .prerouting, before), rules: checks(Self.firewallCheck)),
            Chain(
                "filter-input", base: BaseChain(.filter, .input, before),
                rules: checks(Self.nodePortCheck, Self.serviceCheck)),
            Chain(
                "filter-forward", base: BaseChain(.filter, .forward, before),
                rules: [PacketFields.dropInvalid] + checks(Self.serviceCheck) + unknown),
            Chain("filter-output", base: BaseChain(.filter, .output, before), rules: checks(Self.firewallCheck)),
            // kube-proxy looks for missing endpoints in front of the rewriting, and so drops what the node itself sends to a
            // load balancer's address when all endpoints are on other nodes; the node is to reach them.
            Chain(
                "filter-output-post-dnat", base: BaseChain(.filter, .output, behind),
                rules: checks(Self.serviceCheck) + unknown),
            Chain("nat-prerouting", base: BaseChain(.nat, .prerouting, natPriority), rules: services),
            Chain("nat-output", base: BaseChain(.nat, .output, natPriority), rules: services),
            Chain(
                "nat-postrouting", base: BaseChain(.nat, .postrouting, .sourceNAT),
                rules: [Rule([.verdict(.jump(Self.masqueradingChain))])]),
        ]
    }
}
