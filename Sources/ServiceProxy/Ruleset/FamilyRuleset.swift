internal import Addressing
internal import Nftables

/// One table of a node: what all ports of a family contribute, counted, and the frame that it is in.
struct FamilyRuleset: Sendable {
    /// How often ports need an element that is in the table once.
    struct Sharing: Sendable {
        var count = 0
        let comment: String?

        /// Counts up or down, and gives the count.
        mutating func adjust(_ difference: Int) -> Int {
            count += difference
            return count
        }
    }

    let layout: any RulesetLayout
    /// The table without what ports contribute.
    private(set) var frame: Table
    /// The sets and maps on demand that are in the frame.
    private var inUse: Set<RulesetContainer> = []
    private var node: ProxyNode
    /// The number of elements that are in each set and map.
    private(set) var counts: [RulesetContainer: Int] = [:]
    private var shared: [SharedElement: Sharing] = [:]

    /// An empty table, to which ports are added.
    init(_ layout: any RulesetLayout, on node: ProxyNode) {
        self.layout = layout
        self.node = node
        frame = layout.frame(inUse: [], on: node)
    }

    /// Makes the frame anew where what it depends on is different; gives the one before, or nil where it stays.
    private mutating func renewFrame(on node: ProxyNode) -> Table? {
        let inUse = Set(counts.keys.filter(\.isOnDemand))
        guard inUse != self.inUse || node != self.node else { return nil }
        let before = frame
        (self.inUse, self.node) = (inUse, node)
        frame = layout.frame(inUse: inUse, on: node)
        return before
    }

    /// The whole table, with what these ports contribute: all that were ever added and not taken away again.
    func table(with services: some Sequence<[NodeServicePort]>) -> Table {
        var contents = TableContents()
        contents.reserve(counts)
        for ports in services {
            for port in ports where port.port.family == layout.family { contents.add(layout.pieces(of: port)) }
        }
        for (element, sharing) in shared {
            contents.add(element.element(comment: sharing.comment), to: element.container)
        }
        return contents.table(in: frame)
    }

    /// Takes ports into an empty table, and gives the table.
    mutating func build(with services: some Sequence<[NodeServicePort]>) -> Table {
        let layout = layout
        var contents = TableContents()
        shared.reserveCapacity(4 * services.underestimatedCount)
        for ports in services {
            for port in ports where port.port.family == layout.family {
                let pieces = layout.pieces(of: port)
                contents.add(pieces)
                for element in pieces.shared where note(element, by: port) {
                    contents.add(element.element(comment: shared[element]?.comment), to: element.container)
                }
            }
        }
        for (container, count) in contents.counts { counts[container, default: 0] += count }
        _ = renewFrame(on: node)
        return contents.table(in: frame)
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
            if let oldPieces {
                count(oldPieces, -1)
                for element in oldPieces.shared {
                    if before[element] == nil { before[element] = .some(shared[element]) }
                    unshare(element)
                }
            }
            if let new, let newPieces {
                count(newPieces, 1)
                for element in newPieces.shared {
                    if before[element] == nil { before[element] = .some(shared[element]) }
                    share(element, by: new)
                }
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
        let oldFrame = renewFrame(on: node)
        let transition = TableTransition(from: oldFrame, to: frame, collector)
        var table = frame
        for index in table.sets.indices where !table.sets[index].elements.isEmpty { table.sets[index].elements = [] }
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

    /// Notes that a port needs an element.
    private mutating func share(_ element: SharedElement, by port: NodeServicePort) {
        if note(element, by: port) { count(element.container, 1) }
    }

    /// The same without counting the set's elements; says whether the element is new.
    private mutating func note(_ element: SharedElement, by port: NodeServicePort) -> Bool {
        let layout = layout
        return shared[element, default: Sharing(comment: layout.comment(on: element, of: port))].adjust(1) == 1
    }

    /// Notes that a port does not need an element any more.
    private mutating func unshare(_ element: SharedElement) {
        guard shared[element]?.adjust(-1) == 0 else { return }
        shared[element] = nil
        count(element.container, -1)
    }
}

extension FamilyRuleset {
    /// The numbers of rules and elements that the table has with these ports.
    func outline(with services: some Sequence<[NodeServicePort]>) -> TableOutline {
        var outline = TableOutline()
        for chain in frame.chains { outline.chains[chain.name] = chain.rules.count }
        for set in frame.sets { outline.sets[set.name] = set.elements.count }
        for map in frame.maps where !map.flags.contains(.dynamic) { outline.maps[map.name] = map.elements.count }
        for (container, count) in counts {
            if let elements = outline.sets[container.name] { outline.sets[container.name] = elements + count }
            if let elements = outline.maps[container.name] { outline.maps[container.name] = elements + count }
        }
        guard layout.hasChains else { return outline }
        for ports in services {
            for port in ports where port.port.family == layout.family {
                for chain in layout.pieces(of: port).chains { outline.chains[chain.name] = chain.rules.count }
            }
        }
        return outline
    }
}
