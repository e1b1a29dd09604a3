import Addressing
import KubernetesModel
import Nftables

/// The steps from one state of a table to another, in an order in which nothing ever leads to what is not there.
struct PolicyTableTransition {
    private let old: PolicyTableContents
    private let new: PolicyTableContents
    private var table: TableIdentity { new.identity }

    init(from old: PolicyTableContents, to new: PolicyTableContents) {
        self.old = old
        self.new = new
    }

    /// The steps; none where both are the same.
    var changes: [RulesetChange] {
        setChanges + chainChanges(old.policyChains, new.policyChains)
            + chainChanges(old.combinationChains, new.combinationChains)
            + NetworkPolicy.Direction.allCases.flatMap(mapChanges)
            + deletions(old.combinationChains, new.combinationChains) { .deleteChain($0, in: table) }
            + deletions(old.policyChains, new.policyChains) { .deleteChain($0, in: table) }
            + deletions(old.sets, new.sets) { .deleteSet($0, in: table) }
    }

    private var setChanges: [RulesetChange] {
        var changes: [RulesetChange] = []
        for (name, set) in new.sets.sorted(by: { $0.key < $1.key }) {
            guard let before = old.sets[name] else {
                changes.append(.addSet(set, in: table))
                continue
            }
            guard before.elements != set.elements else { continue }
            let (oldElements, newElements) = (Set(before.elements), Set(set.elements))
            let gone = before.elements.filter { !newElements.contains($0) }
            let added = set.elements.filter { !oldElements.contains($0) }
            if !gone.isEmpty { changes.append(.deleteSetElements(gone, set: name, in: table)) }
            if !added.isEmpty { changes.append(.addSetElements(added, set: name, in: table)) }
        }
        return changes
    }

    private func chainChanges(_ old: [String: Chain], _ new: [String: Chain]) -> [RulesetChange] {
        var changes: [RulesetChange] = []
        for (name, chain) in new.sorted(by: { $0.key < $1.key }) where old[name] != chain {
            if old[name] == nil {
                changes.append(.addChain(chain, in: table))
            } else {
                changes.append(.flushChain(name, in: table))
                changes += chain.rules.map { .addRule($0, chain: name, in: table) }
            }
        }
        return changes
    }

    private func mapChanges(_ direction: NetworkPolicy.Direction) -> [RulesetChange] {
        let (before, now) = (old.verdicts[direction] ?? [:], new.verdicts[direction] ?? [:])
        guard before != now else { return [] }
        let gone = before.filter { now[$0.key] != $0.value }
        let added = now.filter { before[$0.key] != $0.value }
        var changes: [RulesetChange] = []
        if !gone.isEmpty {
            changes.append(.deleteMapElements(Self.elements(gone), map: direction.words, in: table))
        }
        if !added.isEmpty {
            changes.append(.addMapElements(Self.elements(added), map: direction.words, in: table))
        }
        return changes
    }

    private static func elements(_ verdicts: [IPAddress: Verdict]) -> [MapElement] {
        verdicts.sorted { $0.key < $1.key }.map { MapElement([.address($0.key)], .verdict($0.value)) }
    }

    private func deletions<Content>(
        _ old: [String: Content], _ new: [String: Content], _ step: (String) -> RulesetChange
    ) -> [RulesetChange] {
        old.keys.filter { new[$0] == nil }.sorted().map(step)
    }
}
