internal import Nftables

/// Gathers the differences between what ports contributed and what they contribute now, for one transaction.
struct ChangeCollector {
    /// What goes into a set or map, and out of it.
    struct Elements<Element> {
        var deleted: [Element] = []
        var added: [Element] = []
    }

    private(set) var sets: [RulesetContainer: Elements<SetElement>] = [:]
    private(set) var maps: [RulesetContainer: Elements<MapElement>] = [:]
    private(set) var addedSets: [NamedSet] = []
    private(set) var deletedSets: [String] = []
    private(set) var addedChains: [Chain] = []
    private(set) var changedChains: [Chain] = []
    private(set) var deletedChains: [String] = []

    /// Notes an element that goes out of a set, or comes into it.
    mutating func delete(_ element: SetElement, from container: RulesetContainer) {
        sets[container, default: Elements()].deleted.append(element)
    }

    mutating func add(_ element: SetElement, to container: RulesetContainer) {
        sets[container, default: Elements()].added.append(element)
    }

    /// Notes what differs between the pieces of a port before and now.
    mutating func note(from old: RulesetPieces, to new: RulesetPieces) {
        Self.noteElements(from: old.sets, to: new.sets, in: &sets)
        Self.noteElements(from: old.maps, to: new.maps, in: &maps)
        noteSets(from: old.ownSets, to: new.ownSets)
        noteChains(from: old.chains, to: new.chains)
    }

    private static func noteElements<Element: RulesetElement>(
        from old: [(container: RulesetContainer, elements: [Element])],
        to new: [(container: RulesetContainer, elements: [Element])],
        in noted: inout [RulesetContainer: Elements<Element>]
    ) {
        for group in old {
            let now = new.first { $0.container == group.container }?.elements ?? []
            noteElements(from: group.elements, to: now, in: &noted[group.container, default: Elements()])
        }
        for group in new where !old.contains(where: { $0.container == group.container }) {
            noted[group.container, default: Elements()].added += group.elements
        }
    }

    private static func noteElements<Element: RulesetElement>(
        from old: [Element], to new: [Element], in noted: inout Elements<Element>
    ) {
        // Most often the same keys are at the same places.
        if old.count == new.count, zip(old, new).allSatisfy({ $0.key == $1.key }) {
            for (before, now) in zip(old, new) where before != now {
                noted.deleted.append(before)
                noted.added.append(now)
            }
            return
        }
        let (before, now) = (Set(old), Set(new))
        noted.deleted += old.filter { !now.contains($0) }
        noted.added += new.filter { !before.contains($0) }
    }

    private mutating func noteSets(from old: [NamedSet], to new: [NamedSet]) {
        for set in old where !new.contains(set) { deletedSets.append(set.name) }
        for set in new where !old.contains(set) { addedSets.append(set) }
    }

    private mutating func noteChains(from old: [Chain], to new: [Chain]) {
        let before = Dictionary(old.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        let names = Set(new.map(\.name))
        deletedChains += old.lazy.map(\.name).filter { !names.contains($0) }
        // A set that is replaced has to be without rules for a moment.
        let replaced = Set(deletedSets).intersection(addedSets.map(\.name))
        for chain in new {
            guard let earlier = before[chain.name] else {
                addedChains.append(chain)
                continue
            }
            if earlier != chain || chain.names(anyOf: replaced) { changedChains.append(chain) }
        }
    }
}

extension Chain {
    /// Whether a rule looks into one of the sets, or adds to it.
    fileprivate func names(anyOf sets: Set<String>) -> Bool {
        guard !sets.isEmpty else { return false }
        return rules.lazy.flatMap(\.statements).contains { statement in
            switch statement {
            case .lookup(_, _, let set), .update(let set, _, _): sets.contains(set)
            default: false
            }
        }
    }
}

/// An element of a set or of a map.
private protocol RulesetElement: Hashable {
    var key: [Value] { get }
}

extension SetElement: RulesetElement {}

extension MapElement: RulesetElement {
    fileprivate var key: [Value] { element.key }
}
