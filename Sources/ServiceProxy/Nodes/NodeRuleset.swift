internal import Addressing
internal import KubernetesModel
public import Nftables

/// The rules of one node for all Services, and what else its proxy has to keep in order.
///
/// It is a value: nothing in the kernel is touched. A change costs what the Services that it is about bring, however many
/// other ones there are.
public struct NodeRuleset: Sendable {
    /// The node.
    public private(set) var node: ProxyNode
    /// How the rules are laid out.
    public let layout: ProxyLayout
    private var families: [AddressFamily: FamilyRuleset] = [:]
    private var services: [ServiceName: [NodeServicePort]] = [:]
    private var healthChecksByService: [ServiceName: HealthCheck] = [:]

    /// The rules for all that a tracker has worked out.
    public init(_ layout: ProxyLayout, node: ProxyNode, settings: ProxySettings, from tracker: ServiceTracker) {
        self = Self.build(layout, node: node, settings: settings, from: tracker).ruleset
    }

    /// The rules for all that a tracker has worked out, and the tables as a whole, at less than the cost of making one after
    /// the other.
    public static func build(
        _ layout: ProxyLayout, node: ProxyNode, settings: ProxySettings, from tracker: ServiceTracker
    ) -> (ruleset: NodeRuleset, tables: [Table]) {
        var ruleset = NodeRuleset(layout, node)
        ruleset.services.reserveCapacity(tracker.services.count)
        for (name, service) in tracker.services where !service.ports.isEmpty {
            ruleset.services[name] = service.ports.map { port($0, on: node, before: nil, tracker) }
            if let check = HealthCheck(service.ports, of: name, on: node) {
                ruleset.healthChecksByService[name] = check
            }
        }
        let ports = ruleset.sortedPorts
        var tables: [Table] = []
        for family in AddressFamily.allCases {
            var rules = FamilyRuleset(layout.rules(family, settings), on: node)
            tables.append(rules.build(with: ports))
            ruleset.families[family] = rules
        }
        return (ruleset, tables)
    }

    private init(_ layout: ProxyLayout, _ node: ProxyNode) {
        self.layout = layout
        self.node = node
    }

    private static func port(
        _ port: ServicePort, on node: ProxyNode, before: NodeServicePort?, _ tracker: ServiceTracker
    ) -> NodeServicePort {
        NodeServicePort(port, on: node, before: before) { tracker.claims.owner(of: .address($0)) != nil }
    }

    /// The ports of both families of each Service, in the order of Services.
    private var sortedPorts: [[NodeServicePort]] { services.sorted { $0.key < $1.key }.map(\.value) }

    /// The tables as a whole, one for each family, whatever the cluster has. Maps of clients are empty.
    public var tables: [Table] {
        let ports = sortedPorts
        return AddressFamily.allCases.compactMap { families[$0]?.table(with: ports) }
    }

    /// Takes over what a tracker has worked out.
    public mutating func update(_ changes: ServiceChanges, from tracker: ServiceTracker) -> RulesetUpdate {
        update(changes.services, from: tracker)
    }

    /// Takes over what has changed about the node itself.
    public mutating func update(_ node: ProxyNode, from tracker: ServiceTracker) -> RulesetUpdate {
        guard node != self.node else { return RulesetUpdate() }
        self.node = node
        return update(Array(services.keys), from: tracker)
    }

    private mutating func update(_ names: [ServiceName], from tracker: ServiceTracker) -> RulesetUpdate {
        var replaced: [AddressFamily: [(before: NodeServicePort?, now: NodeServicePort?)]] = [:]
        var update = RulesetUpdate()
        for name in names {
            for pair in replace(name, from: tracker) {
                guard pair.before != pair.now, let family = (pair.now ?? pair.before)?.port.family else { continue }
                replaced[family, default: []].append(pair)
            }
            let check = HealthCheck(tracker.ports(of: name), of: name, on: node)
            if healthChecksByService.updateOrRemove(check, for: name) { update.changesHealthChecks = true }
        }
        for family in AddressFamily.allCases {
            let pairs = replaced[family] ?? []
            guard let result = families[family]?.replace(pairs, on: node), !result.changes.isEmpty || !pairs.isEmpty
            else { continue }
            update.changes += result.changes
            if !result.changes.isEmpty { update.tables.append(result.types) }
            look(at: pairs, family, &update)
        }
        return update
    }

    /// Puts a Service's ports in the place of what it had, and gives each port before and now.
    private mutating func replace(
        _ name: ServiceName, from tracker: ServiceTracker
    ) -> [(before: NodeServicePort?, now: NodeServicePort?)] {
        let before = services[name] ?? []
        func isSame(_ left: ServicePort, _ right: ServicePort) -> Bool {
            left.name == right.name && left.family == right.family
        }
        let now = tracker.ports(of: name).map { port in
            Self.port(port, on: node, before: before.first { isSame($0.port, port) }, tracker)
        }
        services[name] = now.isEmpty ? nil : now
        let gone = before.filter { old in !now.contains { isSame($0.port, old.port) } }
        return gone.map { ($0, nil) } + now.map { new in (before.first { isSame($0.port, new.port) }, new) }
    }

    /// Notes flows and clients that may have endpoints which are not used any more.
    private func look(
        at pairs: [(before: NodeServicePort?, now: NodeServicePort?)], _ family: AddressFamily,
        _ update: inout RulesetUpdate
    ) {
        // Addresses that go from one port to another come last.
        for (before, now) in pairs where now == nil { update.staleFlows.look(at: before, now) }
        for (before, now) in pairs where now != nil { update.staleFlows.look(at: before, now) }
        guard layout == .dataMaps else { return }
        let existing = Set(affinityMaps)
        let timeouts = Set(pairs.flatMap { [$0.before, $0.now] }.compactMap { $0?.port.affinityTimeout })
        update.affinityMaps += timeouts.sorted().map { AffinityMap(family, timeout: $0) }.filter(existing.contains)
    }
}

extension NodeRuleset {
    /// What the node tells load balancers, in the order of Services.
    public var healthChecks: [HealthCheck] {
        healthChecksByService.values.sorted { $0.service < $1.service }
    }

    /// The UDP flows of all Services that have to go, as after a start: some may be of a time without a proxy.
    public var staleFlows: StaleFlows {
        var flows = StaleFlows()
        for port in services.values.joined() { flows.look(at: nil, port) }
        return flows
    }

    /// The maps that hold which endpoint a client has.
    public var affinityMaps: [AffinityMap] {
        guard layout == .dataMaps else { return [] }
        return AddressFamily.allCases.flatMap { family in
            (families[family]?.counts.keys.compactMap { container -> UInt32? in
                if case .sticky(let timeout) = container { timeout } else { nil }
            } ?? []).sorted().map { AffinityMap(family, timeout: $0) }
        }
    }

    /// The clients in such a map, as it was read from the kernel, who have an endpoint that is not used any more: to be
    /// deleted. Clients of ports that are not sticky any more are among them.
    public func staleAffinity(in map: AffinityMap, _ elements: [ReadElement]) -> [MapElement] {
        clients(in: map, elements).filter { !$0.hasItsEndpoint }.map(\.client.element)
    }

    /// The clients in such a map, as it was read from the kernel, who go on with their endpoints, each for the time that it
    /// had left: to be added to a map that takes the place of the one that was read.
    public func livingAffinity(in map: AffinityMap, _ elements: [ReadElement]) -> [MapElement] {
        clients(in: map, elements).filter(\.hasItsEndpoint).map { client, _ in
            var element = client.element
            element.element.timeout = client.secondsLeft
            return element
        }
    }

    private func clients(
        in map: AffinityMap, _ elements: [ReadElement]
    ) -> [(client: AffinityClient, hasItsEndpoint: Bool)] {
        guard let family = AddressFamily.allCases.first(where: { TableFamily($0) == map.table.family }) else {
            return []
        }
        var endpoints: [VirtualAddress: Set<EndpointTarget>] = [:]
        for port in services.values.joined()
        where port.port.family == family && port.port.affinityTimeout == map.timeout {
            for destination in port.destinations {
                endpoints[destination.address] = Set(port.endpoints(for: destination).map(\.target))
            }
        }
        return elements.compactMap { element in
            guard let client = AffinityClient(element, family) else { return nil }
            return (client, endpoints[client.address]?.contains(client.target) ?? false)
        }
    }

    /// What is to be in each table, counted, to be compared with what the kernel has. Maps of clients are left out.
    public var outlines: [TableIdentity: TableOutline] {
        Dictionary(
            uniqueKeysWithValues: AddressFamily.allCases.compactMap { family in
                families[family].map { ruleset in
                    (ruleset.frame.identity, ruleset.outline(with: services.values))
                }
            })
    }
}

extension ProxyLayout {
    func rules(_ family: AddressFamily, _ settings: ProxySettings) -> any RulesetLayout {
        switch self {
        case .dataMaps: DataMapLayout(family, settings)
        case .chains: ChainLayout(family, settings)
        }
    }
}

extension Dictionary where Value: Equatable {
    /// Sets or removes a value, and says whether that changed anything.
    fileprivate mutating func updateOrRemove(_ value: Value?, for key: Key) -> Bool {
        let before = self[key]
        self[key] = value
        return before != value
    }
}
