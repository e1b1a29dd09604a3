internal import Addressing
internal import KubernetesModel
internal import Nftables

extension DataMapLayout {
    /// How many clients of all sticky ports of one timeout are remembered at once. Who comes then is served all the same.
    private static let largestAffinityMap: UInt32 = 1 << 20

    func frame(inUse: Set<RulesetContainer>, on node: ProxyNode) -> Table {
        let demand = Demand(inUse)
        return Table(
            TableFamily(fields.family), ProxyLayout.tableName, comment: "Services of the cluster, on \(node.name)",
            sets: fixedSets + demand.timeouts.map(stickySet),
            maps: demand.timeouts.map(affinityMap)
                + demand.counts.flatMap { policy, counts in
                    counts.map { endpointsMap(policy, $0) }
                },
            chains: regularChains(demand) + baseChains(isAnySticky: !demand.timeouts.isEmpty))
    }

    /// What ports need besides the sets that are always there.
    private struct Demand {
        /// The timeouts of affinity, in seconds.
        let timeouts: [UInt32]
        /// The numbers of endpoints that ports have, for each policy.
        let counts: [(policy: Service.TrafficPolicy, counts: [Int])]

        init(_ inUse: Set<RulesetContainer>) {
            timeouts = inUse.compactMap { if case .sticky(let timeout) = $0 { timeout } else { nil } }.sorted()
            counts = [Service.TrafficPolicy.cluster, .local].map { wanted in
                let counts = inUse.compactMap { container in
                    if case .endpoints(wanted, let count) = container { count } else { nil }
                }
                return (wanted, counts.sorted())
            }
        }
    }

    // MARK: Sets and maps

    private var fixedSets: [NamedSet] {
        func set(_ container: RulesetContainer, _ comment: String) -> NamedSet {
            NamedSet(container.name, key: fields.virtualAddressType, comment: comment)
        }
        let allowedSources = NamedSet(
            RulesetContainer.allowedSources.name, key: fields.virtualAddressType + [fields.addressType],
            flags: .interval, comment: "loadBalancerSourceRanges")
        let hairpin = NamedSet(
            RulesetContainer.hairpin.name, key: [fields.addressType, fields.addressType],
            comment: "Endpoints that may reach themselves")
        return [
            NamedSet(RulesetContainer.clusterIPs.name, key: [fields.addressType], comment: "ClusterIPs"),
            set(.internalLocal, "ClusterIPs with internalTrafficPolicy Local"),
            set(.external, "NodePorts, externalIPs and addresses of load balancers"),
            set(.externalLocal, "Those with externalTrafficPolicy Local"),
            set(.sourceFiltered, "Those with loadBalancerSourceRanges"), allowedSources,
            set(.noEndpoints, "Ports without any endpoint: refused"),
            set(.noLocalEndpoints, "Ports without an endpoint that the policy allows: dropped"), hairpin,
        ] + fields.podRangesSets
    }

    private func stickySet(_ timeout: UInt32) -> NamedSet {
        NamedSet(
            RulesetContainer.sticky(timeout: timeout).name, key: fields.virtualAddressType,
            comment: "sessionAffinity ClientIP for \(timeout) s")
    }

    private func affinityMap(_ timeout: UInt32) -> NamedMap {
        NamedMap(
            Self.affinityMapName(timeout), key: [fields.addressType] + fields.virtualAddressType,
            content: .data([fields.addressType, .port]), flags: [.dynamic, .timeout], timeout: timeout,
            size: Self.largestAffinityMap, comment: "Which endpoint a client has")
    }

    private func endpointsMap(_ policy: Service.TrafficPolicy, _ count: Int) -> NamedMap {
        NamedMap(
            RulesetContainer.endpoints(policy, count: count).name,
            key: fields.virtualAddressType + (count == 1 ? [] : [.mark]),
            content: .data([fields.addressType, .port]), comment: "Ports with \(count) endpoints")
    }

    static let rememberChain = "remember-client"
    static func affinityMapName(_ timeout: UInt32) -> String { "affinity-\(timeout)" }

    // MARK: Chains

    private func regularChains(_ demand: Demand) -> [Chain] {
        let remember = demand.timeouts.isEmpty ? [] : [rememberChain(demand.timeouts)]
        return remember + demand.counts.map { policyChain($0.policy, demand.timeouts, $0.counts) } + [
            internalChain, externalChain, servicesChain,
            Chain(
                "source-ranges",
                rules: [
                    Rule([
                        .lookup(fields.virtualAddress, set: RulesetContainer.sourceFiltered.name),
                        .lookup(
                            fields.virtualAddress + [fields.source], comparison: .notEqual,
                            set: RulesetContainer.allowedSources.name),
                        .verdict(.drop),
                    ])
                ]),
            Chain(
                "without-endpoints",
                rules: [
                    Rule([
                        .lookup(fields.virtualAddress, set: RulesetContainer.noLocalEndpoints.name), .verdict(.drop),
                    ]),
                    Rule([
                        .lookup(fields.virtualAddress, set: RulesetContainer.noEndpoints.name),
                        .reject(.portUnreachable),
                    ]),
                ]),
        ]
    }

    private var servicesChain: Chain {
        Chain(
            "services",
            rules: [
                Rule([
                    .lookup(fields.virtualAddress, set: RulesetContainer.external.name), .verdict(.goto("external")),
                ]),
                Rule([
                    .lookup([fields.destination], set: RulesetContainer.clusterIPs.name), .verdict(.goto("internal")),
                ]),
            ])
    }

    private var internalChain: Chain {
        let mark = Statement.setMark(bits: PacketFields.masqueradeMark)
        let masquerade: [Rule] =
            if masqueradesAll {
                [Rule([mark], comment: "masquerade all")]
            } else {
                fields.isFromPod(.notEqual).map { [Rule([$0, mark], comment: "masquerade what is from no pod")] } ?? []
            }
        return Chain(
            "internal", comment: "To ClusterIPs",
            rules: masquerade + [
                Rule([
                    .lookup(fields.virtualAddress, set: RulesetContainer.internalLocal.name),
                    .verdict(.goto(Self.chain(.local))),
                ]),
                Rule([.verdict(.goto(Self.chain(.cluster)))]),
            ])
    }

    private var externalChain: Chain {
        let mark = Statement.setMark(bits: PacketFields.masqueradeMark)
        let toCluster = Statement.verdict(.goto(Self.chain(.cluster)))
        let fromPod = fields.isFromPod(.equal).map {
            [Rule([$0, toCluster], comment: "pods, as though from outside")]
        }
        return Chain(
            "external", comment: "To NodePorts, externalIPs and addresses of load balancers",
            rules: [
                Rule([
                    .lookup(
                        fields.virtualAddress, comparison: .notEqual, set: RulesetContainer.externalLocal.name),
                    mark, toCluster,
                ])
            ] + (fromPod ?? []) + [
                Rule(
                    [.match(.sourceAddressType, .addressType(.local)), mark, toCluster],
                    comment: "this node, as though from outside"),
                Rule([.verdict(.goto(Self.chain(.local)))]),
            ])
    }

    private static func chain(_ policy: Service.TrafficPolicy) -> String {
        policy == .local ? "local-policy" : "cluster-policy"
    }

    private func policyChain(_ policy: Service.TrafficPolicy, _ timeouts: [UInt32], _ counts: [Int]) -> Chain {
        // A client that is known goes where it went before.
        let sticky = timeouts.map { timeout in
            Rule([
                .lookup(fields.virtualAddress, set: RulesetContainer.sticky(timeout: timeout).name),
                .destinationNAT(
                    fields.networkProtocol, [fields.source] + fields.virtualAddress, map: Self.affinityMapName(timeout)),
            ])
        }
        return Chain(
            Self.chain(policy), comment: "Endpoints for the traffic policy \(policy.rawValue)",
            rules: sticky
                + counts.map { count in
                    Rule([
                        .destinationNAT(
                            fields.networkProtocol, endpointKey(count),
                            map: RulesetContainer.endpoints(policy, count: count).name)
                    ])
                })
    }

    /// Notes which endpoint a client has got, once its packet is rewritten; of a client that is known, the time begins
    /// again. Where the map is full, nothing is noted.
    private func rememberChain(_ timeouts: [UInt32]) -> Chain {
        let address =
            [
                .originalDestinationAddress(fields.networkProtocol), .transportProtocol, .originalDestinationPort,
            ] as [PacketExpression]
        return Chain(
            Self.rememberChain, comment: "Which endpoint a client has got",
            rules: timeouts.map { timeout in
                Rule([
                    .lookup(address, set: RulesetContainer.sticky(timeout: timeout).name),
                    .updateMapFromPacket(
                        Self.affinityMapName(timeout), [fields.source] + address, timeout: timeout,
                        data: [fields.destination, .destinationPort]),
                ])
            })
    }

    private func endpointKey(_ count: Int) -> [PacketExpression] {
        fields.virtualAddress + (count == 1 ? [] : [.random(modulus: UInt32(clamping: count))])
    }
}
