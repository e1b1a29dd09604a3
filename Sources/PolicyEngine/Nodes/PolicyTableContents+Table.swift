import Addressing
import KubernetesModel
import Nftables

extension PolicyTableContents {
    var identity: TableIdentity { NodePolicyRuleset.identity(family) }

    /// The whole table, with its chains in an order in which none leads to a later one.
    var table: Table {
        let maps = NetworkPolicy.Direction.allCases.map { direction in
            var map = PolicyFrame.map(direction, family)
            map.elements = verdicts.current.sorted { $0.key < $1.key }.map { $0.value.element($0.key, direction) }
            return map
        }
        var itself = frame.itself
        itself.elements = isolated.sorted().map(AddressVerdicts.elementOfItself)
        return Table(
            identity.family, identity.name, comment: "NetworkPolicies",
            sets: (sets.current.values + [itself]).sorted { $0.name < $1.name }, maps: maps,
            chains: policyChains.current.values.sorted { $0.name < $1.name }
                + combinationChains.current.values.sorted { $0.name < $1.name } + baseChains)
    }

    /// The addresses of isolated pods.
    private var isolated: [IPAddress] { verdicts.current.filter { $0.value.isIsolated }.map(\.key) }

    /// The types of the sets and maps that steps refer to, as a table without anything else.
    func types(for changes: [RulesetChange]) -> Table {
        let names = changes.reduce(into: Set<String>()) { $0.formUnion($1.setNames) }
        var sets = names.compactMap { $0 == frame.itself.name ? frame.itself : self.sets[$0] }
        for index in sets.indices { sets[index].elements = [] }
        return Table(
            identity.family, identity.name, comment: "NetworkPolicies", sets: sets.sorted { $0.name < $1.name },
            maps: NetworkPolicy.Direction.allCases.map { PolicyFrame.map($0, family) })
    }

    /// What has to be there, counted.
    var outline: TableOutline {
        let chains = [policyChains.current.values, combinationChains.current.values].joined() + baseChains
        let maps = NetworkPolicy.Direction.allCases.map { ($0.words, verdicts.current.count) }
        var counts = sets.current.mapValues(\.elements.count)
        counts[frame.itself.name] = isolated.count
        return TableOutline(
            chains: Dictionary(uniqueKeysWithValues: chains.map { ($0.name, $0.rules.count) }), sets: counts,
            maps: Dictionary(uniqueKeysWithValues: maps))
    }
}

extension RulesetChange {
    /// The sets that the step's elements go to or that its rules look up.
    fileprivate var setNames: [String] {
        switch self {
        case .addSetElements(_, let set, _), .deleteSetElements(_, let set, _): [set]
        case .addChain(let chain, _): chain.rules.flatMap(\.setNames)
        case .addRule(let rule, _, _): rule.setNames
        default: []
        }
    }
}

extension Rule {
    fileprivate var setNames: [String] {
        statements.compactMap { if case .lookup(_, _, let set) = $0 { set } else { nil } }
    }
}
