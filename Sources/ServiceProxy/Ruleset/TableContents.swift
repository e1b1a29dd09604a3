internal import Nftables

/// What ports contribute to a table, gathered for the table as a whole.
struct TableContents {
    private var sets: [RulesetContainer: [SetElement]] = [:]
    private var maps: [RulesetContainer: [MapElement]] = [:]
    private var ownSets: [NamedSet] = []
    private var chains: [Chain] = []

    /// Makes room for a number of elements.
    mutating func reserve(_ counts: [RulesetContainer: Int]) {
        for (container, count) in counts {
            if container.isMap {
                maps[container, default: []].reserveCapacity(count)
            } else {
                sets[container, default: []].reserveCapacity(count)
            }
        }
    }

    /// Adds what a port contributes, but for what it shares with others.
    mutating func add(_ pieces: RulesetPieces) {
        for group in pieces.sets { sets[group.container, default: []] += group.elements }
        for group in pieces.maps { maps[group.container, default: []] += group.elements }
        ownSets += pieces.ownSets
        chains += pieces.chains
    }

    /// Adds an element to a set.
    mutating func add(_ element: SetElement, to container: RulesetContainer) {
        sets[container, default: []].append(element)
    }

    /// The number of elements of each set and map.
    var counts: [RulesetContainer: Int] {
        sets.mapValues(\.count).merging(maps.mapValues(\.count)) { $0 + $1 }.filter { $0.value > 0 }
    }

    /// The table that has all this in a frame.
    func table(in frame: Table) -> Table {
        var table = frame
        table.sets += ownSets
        table.chains += chains
        let setsByName = Dictionary(uniqueKeysWithValues: sets.map { ($0.key.name, $0.value) })
        let mapsByName = Dictionary(uniqueKeysWithValues: maps.map { ($0.key.name, $0.value) })
        for index in table.sets.indices {
            guard let elements = setsByName[table.sets[index].name] else { continue }
            table.sets[index].elements =
                table.sets[index].elements.isEmpty ? elements : table.sets[index].elements + elements
        }
        for index in table.maps.indices {
            if let elements = mapsByName[table.maps[index].name] { table.maps[index].elements = elements }
        }
        return table
    }
}
