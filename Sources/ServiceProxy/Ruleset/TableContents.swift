internal import Nftables

/// What ports contribute to a table, gathered for the table as a whole.
struct TableContents {
    // There are few sets and maps, and very many elements: looking through the former takes less time than to hash.
    private var sets: [(container: RulesetContainer, elements: [SetElement])] = []
    private var maps: [(container: RulesetContainer, elements: [MapElement])] = []
    private var ownSets: [NamedSet] = []
    private var chains: [Chain] = []

    /// Makes room for a number of elements.
    mutating func reserve(_ counts: [RulesetContainer: Int]) {
        for (container, count) in counts {
            if container.isMap {
                maps[mapIndex(container)].elements.reserveCapacity(count)
            } else {
                sets[setIndex(container)].elements.reserveCapacity(count)
            }
        }
    }

    private mutating func setIndex(_ container: RulesetContainer) -> Int {
        if let index = sets.firstIndex(where: { $0.container == container }) { return index }
        sets.append((container, []))
        return sets.count - 1
    }

    private mutating func mapIndex(_ container: RulesetContainer) -> Int {
        if let index = maps.firstIndex(where: { $0.container == container }) { return index }
        maps.append((container, []))
        return maps.count - 1
    }

    /// Adds what a port contributes, but for what it shares with others.
    mutating func add(_ pieces: RulesetPieces) {
        for group in pieces.sets { sets[setIndex(group.container)].elements += group.elements }
        for group in pieces.maps { maps[mapIndex(group.container)].elements += group.elements }
        ownSets += pieces.ownSets
        chains += pieces.chains
    }

    /// Adds an element to a set.
    mutating func add(_ element: SetElement, to container: RulesetContainer) {
        sets[setIndex(container)].elements.append(element)
    }

    /// The number of elements of each set and map.
    var counts: [RulesetContainer: Int] {
        var counts: [RulesetContainer: Int] = [:]
        for group in sets where !group.elements.isEmpty { counts[group.container, default: 0] += group.elements.count }
        for group in maps where !group.elements.isEmpty { counts[group.container, default: 0] += group.elements.count }
        return counts
    }

    /// From so many elements on, a set or map is told how many it is to have room for.
    private static let leastSized = 1024

    /// Room for some times as many elements as there are; nil for a hash table that grows as it needs to. One that grows has
    /// its elements moved again and again while a large table is filled, which takes as long as all the rest. Where the
    /// room is used up, the kernel refuses a change, and the proxy gives it the whole table anew, with more room.
    private static func room(for count: Int) -> UInt32? {
        guard count >= leastSized else { return nil }
        return UInt32(clamping: 1 << (Int.bitWidth - (2 * count - 1).leadingZeroBitCount))
    }

    /// The table that has all this in a frame.
    func table(in frame: Table) -> Table {
        var table = frame
        table.sets += ownSets
        table.chains += chains
        let setsByName = Dictionary(uniqueKeysWithValues: sets.map { ($0.container.name, $0.elements) })
        let mapsByName = Dictionary(uniqueKeysWithValues: maps.map { ($0.container.name, $0.elements) })
        for index in table.sets.indices {
            guard let elements = setsByName[table.sets[index].name] else { continue }
            table.sets[index].elements =
                table.sets[index].elements.isEmpty ? elements : table.sets[index].elements + elements
            if !table.sets[index].flags.contains(.interval) {
                table.sets[index].size = Self.room(for: table.sets[index].elements.count)
            }
        }
        for index in table.maps.indices {
            guard let elements = mapsByName[table.maps[index].name] else { continue }
            table.maps[index].elements = elements
            table.maps[index].size = Self.room(for: elements.count)
        }
        return table
    }
}
