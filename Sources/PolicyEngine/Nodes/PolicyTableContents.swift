import Addressing
import KubernetesModel
import Nftables

/// All that is in the table of one family. What it has from the tracker shares the tracker's storage, so that comparing
/// with what it was before costs next to nothing where nothing changed.
struct PolicyTableContents {
    let family: AddressFamily
    /// The base chains, which never change.
    let baseChains: [Chain]
    private(set) var policyChains: [String: Chain] = [:]
    private(set) var combinationChains: [String: Chain] = [:]
    private(set) var sets: [String: NamedSet] = [:]
    /// Where a pod's address leads, by direction.
    private(set) var verdicts: [NetworkPolicy.Direction: [IPAddress: Verdict]] = [.ingress: [:], .egress: [:]]

    init(_ family: AddressFamily, _ node: PolicyNode, _ settings: PolicySettings, _ tracker: PolicyTracker) {
        self.family = family
        let frame = PolicyFrame(family, node, settings)
        baseChains = frame.baseChains
        for reference in tracker.podsOfNode[node.name] ?? [] {
            guard let pod = tracker.pods[reference] else { continue }
            let addresses = pod.addresses.filter { $0.family == family }
            guard !addresses.isEmpty else { continue }
            for direction in NetworkPolicy.Direction.allCases {
                let combination = tracker.isolation[reference]?.combinations[direction]
                for address in addresses { lead(address, direction, to: combination?.chain) }
                if let combination { add(combination, direction, frame, tracker) }
            }
        }
        let isolated = verdicts.values.reduce(into: Set<IPAddress>()) { found, verdicts in
            for (address, verdict) in verdicts where verdict != .accept { found.insert(address) }
        }
        var itself = frame.itself
        itself.elements = isolated.sorted().map { SetElement([.address($0), .address($0)]) }
        sets[itself.name] = itself
    }

    /// Leads an address to a chain; where two pods claim one, to that of the isolated one.
    private mutating func lead(_ address: IPAddress, _ direction: NetworkPolicy.Direction, to chain: String?) {
        let verdict = chain.map { Verdict.goto($0) } ?? .accept
        switch (verdicts[direction]?[address], verdict) {
        case (nil, _), (.accept, _): verdicts[direction]?[address] = verdict
        case (.goto(let one), .goto(let other)): verdicts[direction]?[address] = .goto(min(one, other))
        default: break
        }
    }

    private mutating func add(
        _ combination: Combination, _ direction: NetworkPolicy.Direction, _ frame: PolicyFrame,
        _ tracker: PolicyTracker
    ) {
        guard combinationChains[combination.chain] == nil else { return }
        combinationChains[combination.chain] = frame.chain(combination, direction)
        for reference in combination.policies {
            let name = reference.chainName(direction)
            guard policyChains[name] == nil,
                let part = tracker.policies[reference]?.compiled.part(direction, family)
            else { continue }
            policyChains[name] = part.chain
            for set in part.fixedSets { sets[set.name] = set }
            for group in part.groups {
                guard let tracked = tracker.group(group), sets[tracked.setName] == nil else { continue }
                sets[tracked.setName] = tracked.set(family)
            }
            for port in part.ports {
                var set = frame.namedPortSet(port)
                set.elements = tracker.namedPorts[port]?[family] ?? []
                sets[set.name] = set
            }
        }
    }
}

extension PolicyTableContents {
    var identity: TableIdentity { NodePolicyRuleset.identity(family) }

    /// The chains in an order in which none leads to a later one.
    var chains: [Chain] {
        policyChains.values.sorted { $0.name < $1.name } + combinationChains.values.sorted { $0.name < $1.name }
            + baseChains
    }

    var table: Table { table(withElements: true) }
    var tableWithoutElements: Table { table(withElements: false) }

    private func table(withElements: Bool) -> Table {
        var sets = sets.values.sorted { $0.name < $1.name }
        if !withElements { for index in sets.indices { sets[index].elements = [] } }
        let maps = NetworkPolicy.Direction.allCases.map { direction in
            var map = PolicyFrame.map(direction, family)
            if withElements { map.elements = elements(direction) }
            return map
        }
        return Table(
            identity.family, identity.name, comment: "NetworkPolicies", sets: sets, maps: maps,
            chains: withElements ? chains : [])
    }

    /// The elements of the map of a direction.
    func elements(_ direction: NetworkPolicy.Direction) -> [MapElement] {
        (verdicts[direction] ?? [:]).sorted { $0.key < $1.key }.map {
            MapElement([.address($0.key)], .verdict($0.value))
        }
    }

    var outline: TableOutline {
        let maps = NetworkPolicy.Direction.allCases.map { ($0.words, verdicts[$0]?.count ?? 0) }
        return TableOutline(
            chains: Dictionary(uniqueKeysWithValues: chains.map { ($0.name, $0.rules.count) }),
            sets: sets.mapValues(\.elements.count), maps: Dictionary(uniqueKeysWithValues: maps))
    }
}
