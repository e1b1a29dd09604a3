internal import Nftables

/// The steps from one state of a table to another, in the order that the kernel takes: what leads somewhere goes first and
/// comes last.
struct TableTransition {
    let changes: [RulesetChange]

    /// - Parameters:
    ///   - old: the table before, without what ports contribute; nil where that has not changed.
    ///   - new: the table now.
    ///   - collector: what differs in the ports' contributions.
    init(from old: Table?, to new: Table, _ collector: ChangeCollector) {
        let table = new.identity
        let frame = old.map { FrameDifference(from: $0, to: new) } ?? FrameDifference()
        let setNames = Set(new.sets.map(\.name))
        let mapNames = Set(new.maps.map(\.name))
        let sets = collector.sets.map { (name: $0.key.name, elements: $0.value) }.sorted { $0.name < $1.name }
        let maps = collector.maps.map { (name: $0.key.name, elements: $0.value) }.sorted { $0.name < $1.name }
        var changes: [RulesetChange] = []

        // What is in a set or map that goes as a whole need not be deleted.
        for (name, elements) in sets where setNames.contains(name) {
            changes.append(deleting: elements.deleted, set: name, table)
        }
        for (name, elements) in maps where mapNames.contains(name) {
            changes.append(deleting: elements.deleted, map: name, table)
        }
        for (name, elements) in frame.setElements { changes.append(deleting: elements.deleted, set: name, table) }

        let changedChains = collector.changedChains + frame.changedChains
        let deletedChains = collector.deletedChains + frame.deletedChains
        changes += changedChains.map { .flushChain($0.name, in: table) }
        changes += deletedChains.map { .flushChain($0, in: table) }
        changes += deletedChains.map { .deleteChain($0, in: table) }
        changes += (collector.deletedSets + frame.deletedSets).map { .deleteSet($0, in: table) }
        changes += frame.deletedMaps.map { .deleteMap($0, in: table) }

        changes += (collector.addedSets + frame.addedSets).map { .addSet($0, in: table) }
        changes += frame.addedMaps.map { .addMap($0, in: table) }
        changes += (collector.addedChains + frame.addedChains).map { .addChain($0, in: table) }
        for chain in changedChains {
            changes += chain.rules.map { .addRule($0, chain: chain.name, in: table) }
        }

        for (name, elements) in sets { changes.append(adding: elements.added, set: name, table) }
        for (name, elements) in maps { changes.append(adding: elements.added, map: name, table) }
        for (name, elements) in frame.setElements { changes.append(adding: elements.added, set: name, table) }
        self.changes = changes
    }
}

/// What differs between two frames.
private struct FrameDifference {
    var addedSets: [NamedSet] = []
    var deletedSets: [String] = []
    var addedMaps: [NamedMap] = []
    var deletedMaps: [String] = []
    var addedChains: [Chain] = []
    var changedChains: [Chain] = []
    var deletedChains: [String] = []
    /// The elements that differ in sets which stay.
    var setElements: [(name: String, elements: ChangeCollector.Elements<SetElement>)] = []

    /// None.
    init() {}

    init(from old: Table, to new: Table) {
        let (oldSets, newSets) = (Self.named(old.sets, \.name), Self.named(new.sets, \.name))
        let (oldMaps, newMaps) = (Self.named(old.maps, \.name), Self.named(new.maps, \.name))
        let (oldChains, newChains) = (Self.named(old.chains, \.name), Self.named(new.chains, \.name))
        addedSets = new.sets.filter { oldSets[$0.name] == nil }
        deletedSets = old.sets.map(\.name).filter { newSets[$0] == nil }
        addedMaps = new.maps.filter { oldMaps[$0.name] == nil }
        deletedMaps = old.maps.map(\.name).filter { newMaps[$0] == nil }
        addedChains = new.chains.filter { oldChains[$0.name] == nil }
        deletedChains = old.chains.map(\.name).filter { newChains[$0] == nil }
        changedChains = new.chains.filter { chain in oldChains[chain.name].map { $0 != chain } ?? false }
        setElements = new.sets.compactMap { set in
            guard let before = oldSets[set.name], before.elements != set.elements else { return nil }
            return (
                set.name,
                ChangeCollector.Elements(
                    deleted: before.elements.filter { !set.elements.contains($0) },
                    added: set.elements.filter { !before.elements.contains($0) })
            )
        }
    }

    private static func named<Object>(_ objects: [Object], _ name: KeyPath<Object, String>) -> [String: Object] {
        Dictionary(objects.map { ($0[keyPath: name], $0) }, uniquingKeysWith: { first, _ in first })
    }
}

extension [RulesetChange] {
    fileprivate mutating func append(deleting elements: [SetElement], set: String, _ table: TableIdentity) {
        if !elements.isEmpty { append(.deleteSetElements(elements, set: set, in: table)) }
    }

    fileprivate mutating func append(deleting elements: [MapElement], map: String, _ table: TableIdentity) {
        if !elements.isEmpty { append(.deleteMapElements(elements, map: map, in: table)) }
    }

    fileprivate mutating func append(adding elements: [SetElement], set: String, _ table: TableIdentity) {
        if !elements.isEmpty { append(.addSetElements(elements, set: set, in: table)) }
    }

    fileprivate mutating func append(adding elements: [MapElement], map: String, _ table: TableIdentity) {
        if !elements.isEmpty { append(.addMapElements(elements, map: map, in: table)) }
    }
}
