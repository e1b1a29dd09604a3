/// The sets and maps of a table by their names: rules refer to them by the ten thousand.
struct TableIndex {
    let identity: TableIdentity
    private let sets: [String: ElementContainer]
    private let maps: [String: ElementContainer]

    init(_ table: Table) {
        let identity = table.identity
        self.identity = identity
        sets = Dictionary(
            table.sets.lazy.map { ($0.name, $0.container(in: identity)) }, uniquingKeysWith: { first, _ in first })
        maps = Dictionary(
            table.maps.lazy.map { ($0.name, $0.container(in: identity)) }, uniquingKeysWith: { first, _ in first })
    }

    /// The set of a name, for something that refers to it.
    func set(_ name: String, _ place: RulesetObject) throws(NftablesError) -> ElementContainer {
        guard let set = sets[name] else { throw .invalid(place, reason: "the table has no set \(name)") }
        return set
    }

    /// The map of a name, for something that refers to it.
    func map(_ name: String, _ place: RulesetObject) throws(NftablesError) -> ElementContainer {
        guard let map = maps[name] else { throw .invalid(place, reason: "the table has no map \(name)") }
        return map
    }
}
