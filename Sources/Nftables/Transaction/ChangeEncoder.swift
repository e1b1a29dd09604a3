/// Checks steps of a change and turns them into messages.
struct ChangeEncoder {
    var transaction: Transaction
    /// The tables as they will be.
    private let tables: [TableIdentity: TableIndex]
    /// How many rules have been added to a chain.
    private var rules: [RulesetObject: Int] = [:]

    init(_ transaction: Transaction, _ tables: [Table]) {
        self.transaction = transaction
        self.tables = Dictionary(
            tables.map { ($0.identity, TableIndex($0)) }, uniquingKeysWith: { first, _ in first })
    }

    mutating func append(_ change: RulesetChange) throws(NftablesError) {
        switch change {
        case .addTable(let table):
            try table.validate()
            try transaction.add(table, flags: NftablesConstants.exclusive)
        case .deleteTable(let table):
            try RulesetObject.table(table).check(name: table.name)
            try transaction.delete(table)
        case .addChain(let chain, let table): try add(chain, table)
        case .deleteChain(let name, let table):
            try flush(chain: name, table)
            try transaction.delete(chain: name, table)
        case .flushChain(let name, let table): try flush(chain: name, table)
        case .addRule(let rule, let chain, let table): try add(rule, chain: chain, table)
        case .addSet(let set, let table):
            try set.check(in: table)
            try transaction.add(set.container(in: table), table)
            transaction.addElements(set.elements, to: set.container(in: table), table)
        case .addMap(let map, let table):
            try map.check(in: table)
            try transaction.add(map.container(in: table), table)
            transaction.addElements(map.elements, to: map.container(in: table), table)
        case .deleteSet(let name, let table): try delete(set: name, .set(name, in: table), table)
        case .deleteMap(let name, let table): try delete(set: name, .map(name, in: table), table)
        case .addSetElements(let elements, let name, let table):
            transaction.addElements(elements, to: try set(name, table, elements), table)
        case .deleteSetElements(let elements, let name, let table):
            transaction.deleteElements(elements, of: try set(name, table, elements), table)
        case .addMapElements(let elements, let name, let table):
            transaction.addElements(elements, to: try map(name, table, elements), table)
        case .deleteMapElements(let elements, let name, let table):
            transaction.deleteElements(elements, of: try map(name, table, elements), table)
        }
    }

    private mutating func add(_ chain: Chain, _ table: TableIdentity) throws(NftablesError) {
        let object = RulesetObject.chain(chain.name, in: table)
        let index = try index(of: table, for: object)
        try index.check(chain)
        try transaction.add(chain, table)
        try transaction.addRules(of: chain, index)
        rules[object] = chain.rules.count
    }

    private mutating func flush(chain: String, _ table: TableIdentity) throws(NftablesError) {
        let object = RulesetObject.chain(chain, in: table)
        try object.check(name: chain)
        try transaction.flush(chain: chain, table)
        rules[object] = 0
    }

    private mutating func add(_ rule: Rule, chain: String, _ table: TableIdentity) throws(NftablesError) {
        let object = RulesetObject.chain(chain, in: table)
        try object.check(name: chain)
        rules[object, default: 0] += 1
        let place = RulesetObject.rule(rules[object, default: 0], chain: chain, in: table)
        let index = try index(of: table, for: place)
        try index.check(rule, place)
        try transaction.add(rule, place, chain: chain, index)
    }

    private mutating func delete(
        set name: String, _ object: RulesetObject, _ table: TableIdentity
    ) throws(NftablesError) {
        try object.check(name: name)
        try transaction.delete(set: name, object, table)
    }

    /// The set of a name, once it is seen that the elements are ones of it.
    private func set(
        _ name: String, _ table: TableIdentity, _ elements: [SetElement]
    ) throws(NftablesError) -> ElementContainer {
        let object = RulesetObject.set(name, in: table)
        let set = try index(of: table, for: object).set(name, object)
        try set.check(elements)
        return set
    }

    /// The map of a name, once it is seen that the elements are ones of it.
    private func map(
        _ name: String, _ table: TableIdentity, _ elements: [MapElement]
    ) throws(NftablesError) -> ElementContainer {
        let object = RulesetObject.map(name, in: table)
        let map = try index(of: table, for: object).map(name, object)
        try map.check(elements)
        return map
    }

    private func index(of table: TableIdentity, for object: RulesetObject) throws(NftablesError) -> TableIndex {
        guard let index = tables[table] else {
            throw .invalid(object, reason: "its table is not among those that the change is for")
        }
        return index
    }
}
