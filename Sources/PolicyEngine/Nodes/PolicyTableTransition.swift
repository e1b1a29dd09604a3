import Addressing
import KubernetesModel
import Nftables

/// The steps that carry changed contents over to a table, in an order in which nothing ever leads to what is not there.
struct PolicyTableTransition {
    let table: TableIdentity
    let sets: [RecordedDictionary<String, NamedSet>.Change]
    let policyChains: [RecordedDictionary<String, Chain>.Change]
    let combinationChains: [RecordedDictionary<String, Chain>.Change]
    let verdicts: [RecordedDictionary<IPAddress, AddressVerdicts>.Change]
    /// The name of the set of isolated pods that reach themselves.
    let itself: String

    /// The steps; none where nothing is different.
    var changes: [RulesetChange] {
        sets.flatMap(setChanges) + itselfChanges + policyChains.flatMap(chainChanges)
            + combinationChains.flatMap(chainChanges) + NetworkPolicy.Direction.allCases.flatMap(mapChanges)
            + combinationChains.filter { $0.new == nil }.map { .deleteChain($0.key, in: table) }
            + policyChains.filter { $0.new == nil }.map { .deleteChain($0.key, in: table) }
            + sets.filter { $0.new == nil }.map { .deleteSet($0.key, in: table) }
    }

    private func setChanges(_ change: RecordedDictionary<String, NamedSet>.Change) -> [RulesetChange] {
        guard let new = change.new else { return [] }
        guard let old = change.old else { return [.addSet(new, in: table)] }
        let (oldElements, newElements) = (Set(old.elements), Set(new.elements))
        return elementChanges(
            gone: old.elements.filter { !newElements.contains($0) },
            added: new.elements.filter { !oldElements.contains($0) }, in: change.key)
    }

    private var itselfChanges: [RulesetChange] {
        let gone = verdicts.filter { $0.old?.isIsolated ?? false && !($0.new?.isIsolated ?? false) }
        let added = verdicts.filter { $0.new?.isIsolated ?? false && !($0.old?.isIsolated ?? false) }
        return elementChanges(
            gone: gone.map { AddressVerdicts.elementOfItself($0.key) },
            added: added.map { AddressVerdicts.elementOfItself($0.key) }, in: itself)
    }

    private func elementChanges(gone: [SetElement], added: [SetElement], in set: String) -> [RulesetChange] {
        (gone.isEmpty ? [] : [.deleteSetElements(gone, set: set, in: table)])
            + (added.isEmpty ? [] : [.addSetElements(added, set: set, in: table)])
    }

    private func chainChanges(_ change: RecordedDictionary<String, Chain>.Change) -> [RulesetChange] {
        guard let chain = change.new else { return [] }
        guard change.old != nil else { return [.addChain(chain, in: table)] }
        return [.flushChain(chain.name, in: table)]
            + chain.rules.map { .addRule($0, chain: chain.name, in: table) }
    }

    private func mapChanges(_ direction: NetworkPolicy.Direction) -> [RulesetChange] {
        let changed = verdicts.filter { $0.old?[direction] != $0.new?[direction] }
        let gone = changed.compactMap { change in change.old?.element(change.key, direction) }
        let added = changed.compactMap { change in change.new?.element(change.key, direction) }
        return (gone.isEmpty ? [] : [.deleteMapElements(gone, map: direction.words, in: table)])
            + (added.isEmpty ? [] : [.addMapElements(added, map: direction.words, in: table)])
    }
}
