import Nftables

/// What steps make of tables, in the plainest way: the kernel is to come to the same.
struct RulesetSimulator {
    private(set) var tables: [Table]

    mutating func apply(_ change: RulesetChange) {
        switch change {
        case .addTable(let table): tables.append(table)
        case .deleteTable(let identity): tables.removeAll { $0.identity == identity }
        case .addChain(let chain, let table): edit(table) { $0.chains.append(chain) }
        case .deleteChain(let name, let table): edit(table) { $0.chains.removeAll { $0.name == name } }
        case .flushChain(let name, let table): edit(name, table) { $0.rules = [] }
        case .addRule(let rule, let chain, let table): edit(chain, table) { $0.rules.append(rule) }
        case .addSet(let set, let table): edit(table) { $0.sets.append(set) }
        case .deleteSet(let name, let table): edit(table) { $0.sets.removeAll { $0.name == name } }
        case .addMap(let map, let table): edit(table) { $0.maps.append(map) }
        case .deleteMap(let name, let table): edit(table) { $0.maps.removeAll { $0.name == name } }
        case .addSetElements(let elements, let name, let table):
            edit(set: name, table) { $0.elements += elements }
        case .deleteSetElements(let elements, let name, let table):
            edit(set: name, table) { set in set.elements.removeAll { elements.map(\.key).contains($0.key) } }
        case .addMapElements(let elements, let name, let table):
            edit(map: name, table) { $0.elements += elements }
        case .deleteMapElements(let elements, let name, let table):
            let keys = elements.map(\.element.key)
            edit(map: name, table) { map in map.elements.removeAll { keys.contains($0.element.key) } }
        }
    }

    private mutating func edit(_ table: TableIdentity, _ body: (inout Table) -> Void) {
        for index in tables.indices where tables[index].identity == table { body(&tables[index]) }
    }

    private mutating func edit(_ chain: String, _ table: TableIdentity, _ body: (inout Chain) -> Void) {
        edit(table) { for index in $0.chains.indices where $0.chains[index].name == chain { body(&$0.chains[index]) } }
    }

    private mutating func edit(set name: String, _ table: TableIdentity, _ body: (inout NamedSet) -> Void) {
        edit(table) { for index in $0.sets.indices where $0.sets[index].name == name { body(&$0.sets[index]) } }
    }

    private mutating func edit(map name: String, _ table: TableIdentity, _ body: (inout NamedMap) -> Void) {
        edit(table) { for index in $0.maps.indices where $0.maps[index].name == name { body(&$0.maps[index]) } }
    }
}
