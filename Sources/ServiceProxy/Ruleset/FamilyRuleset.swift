internal import Addressing
internal import Nftables

/// One table of a node: what all ports of a family contribute, counted, and the frame that it is in.
struct FamilyRuleset: Sendable {
    /// How often ports need an element that is in the table once.
    struct Sharing: Sendable {
        var count = 0
        let comment: String?
    }

    let layout: any RulesetLayout
    /// The table without what ports contribute.
    private(set) var frame: Table
    /// The number of elements that are in each set and map.
    private(set) var counts: [RulesetContainer: Int] = [:]
    private var shared: [SharedElement: Sharing] = [:]

    /// An empty table, to which ports are added.
    init(_ layout: any RulesetLayout, on node: ProxyNode) {
        self.layout = layout
        frame = layout.frame(inUse: [], on: node)
    }

    private var inUse: Set<RulesetContainer> { Set(counts.keys.filter(\.isOnDemand)) }

    /// The whole table, with what these ports contribute: all that were ever added and not taken away again.
    func table(with ports: some Sequence<NodeServicePort>) -> Table {
        var sets: [RulesetContainer: [SetElement]] = [:]
        var maps: [RulesetContainer: [MapElement]] = [:]
        for (container, count) in counts {
            sets[container, default: []].reserveCapacity(count)
            maps[container, default: []].reserveCapacity(count)
        }
        var table = frame
        for port in ports {
            let pieces = layout.pieces(of: port)
            for (container, elements) in pieces.sets { sets[container, default: []] += elements }
            for (container, elements) in pieces.maps { maps[container, default: []] += elements }
            table.sets += pieces.ownSets
            table.chains += pieces.chains
        }
        for (element, sharing) in shared {
            sets[element.container, default: []].append(element.element(comment: sharing.comment))
        }
        let setsByName = Dictionary(uniqueKeysWithValues: sets.map { ($0.key.name, $0.value) })
        let mapsByName = Dictionary(uniqueKeysWithValues: maps.map { ($0.key.name, $0.value) })
        for index in table.sets.indices { table.sets[index].elements += setsByName[table.sets[index].name] ?? [] }
        for index in table.maps.indices { table.maps[index].elements += mapsByName[table.maps[index].name] ?? [] }
        return table
    }

    /// Counts ports into a table that is to be built as a whole.
    mutating func add(_ ports: some Sequence<NodeServicePort>, on node: ProxyNode) {
        for port in ports {
            let pieces = layout.pieces(of: port)
            count(pieces, 1)
            for element in pieces.shared { _ = share(element, by: port) }
        }
        frame = layout.frame(inUse: inUse, on: node)
    }

    /// Puts ports in the place of others, and gives the steps for that.
    ///
    /// - Returns: the steps, and the table's sets and maps without elements, as far as the steps refer to them.
    mutating func replace(
        _ ports: [(before: NodeServicePort?, now: NodeServicePort?)], on node: ProxyNode
    ) -> (changes: [RulesetChange], types: Table) {
        var collector = ChangeCollector()
        var before: [SharedElement: Sharing?] = [:]
        var types: [NamedSet] = []
        for (old, new) in ports {
            let (oldPieces, newPieces) = (old.map(layout.pieces), new.map(layout.pieces))
            collector.note(from: oldPieces ?? RulesetPieces(), to: newPieces ?? RulesetPieces())
            if let old, let oldPieces {
                count(oldPieces, -1)
                for element in oldPieces.shared { note(unshare(element, by: old), of: element, in: &before) }
            }
            if let new, let newPieces {
                count(newPieces, 1)
                for element in newPieces.shared { note(share(element, by: new), of: element, in: &before) }
                types += newPieces.ownSets
            }
        }
        for (element, sharing) in before {
            let now = shared[element]
            guard sharing?.comment != now?.comment || (sharing == nil) != (now == nil) else { continue }
            if let sharing {
                collector.delete(element.element(comment: sharing.comment), from: element.container)
            }
            if let now { collector.add(element.element(comment: now.comment), to: element.container) }
        }
        let oldFrame = frame
        frame = layout.frame(inUse: inUse, on: node)
        let transition = TableTransition(from: oldFrame, to: frame, collector)
        var table = frame
        for index in table.sets.indices { table.sets[index].elements = [] }
        table.sets += types
        table.chains = []
        return (transition.changes, table)
    }

    private mutating func count(_ pieces: RulesetPieces, _ sign: Int) {
        for (container, elements) in pieces.sets { count(container, sign * elements.count) }
        for (container, elements) in pieces.maps { count(container, sign * elements.count) }
    }

    private mutating func count(_ container: RulesetContainer, _ difference: Int) {
        let count = counts[container, default: 0] + difference
        counts[container] = count == 0 ? nil : count
    }

    /// Gives how an element was shared before.
    private mutating func share(_ element: SharedElement, by port: NodeServicePort) -> Sharing? {
        let before = shared[element]
        var sharing = before ?? Sharing(comment: layout.comment(on: element, of: port))
        sharing.count += 1
        shared[element] = sharing
        if before == nil { count(element.container, 1) }
        return before
    }

    private mutating func unshare(_ element: SharedElement, by port: NodeServicePort) -> Sharing? {
        let before = shared[element]
        guard var sharing = before else { return nil }
        sharing.count -= 1
        shared[element] = sharing.count == 0 ? nil : sharing
        if sharing.count == 0 { count(element.container, -1) }
        return before
    }

    private func note(_ sharing: Sharing?, of element: SharedElement, in before: inout [SharedElement: Sharing?]) {
        if before[element] == nil { before[element] = .some(sharing) }
    }
}

extension FamilyRuleset {
    /// The numbers of rules and elements that the table has with these ports.
    func outline(with ports: some Sequence<NodeServicePort>) -> TableOutline {
        var outline = TableOutline()
        for chain in frame.chains { outline.chains[chain.name] = chain.rules.count }
        for set in frame.sets { outline.sets[set.name] = set.elements.count }
        for map in frame.maps where !map.flags.contains(.dynamic) { outline.maps[map.name] = map.elements.count }
        for (container, count) in counts {
            if let elements = outline.sets[container.name] { outline.sets[container.name] = elements + count }
            if let elements = outline.maps[container.name] { outline.maps[container.name] = elements + count }
        }
        for port in ports where layout.hasChains {
            for chain in layout.pieces(of: port).chains { outline.chains[chain.name] = chain.rules.count }
        }
        return outline
    }
}
