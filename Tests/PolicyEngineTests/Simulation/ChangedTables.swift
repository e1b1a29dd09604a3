import Nftables

/// Tables to which steps of a transaction are applied as strictly as the kernel does it.
struct ChangedTables {
    struct Refusal: Error, CustomStringConvertible {
        let description: String
    }

    private(set) var tables: [TableIdentity: Table]

    init(_ tables: [Table]) {
        self.tables = Dictionary(uniqueKeysWithValues: tables.map { ($0.identity, $0) })
    }

    /// Applies the steps of one transaction. In between, and at the end, nothing may refer to what is not there.
    mutating func apply(_ changes: [RulesetChange]) throws {
        for change in changes { try apply(change) }
        for table in tables.values {
            try table.validate()
            try checkReferences(in: table)
        }
    }

    private mutating func apply(_ change: RulesetChange) throws {
        switch change {
        case .addTable(let table):
            guard tables.updateValue(table, forKey: table.identity) == nil else { throw Refusal(change, "exists") }
        case .deleteTable(let table):
            tables[table] = nil
        case .addChain(let chain, let table):
            try edit(table, change) { table in
                try table.chains.insert(chain, \.name, change)
                try Self.checkRules(chain.rules, in: table, change)
            }
        case .deleteChain(let name, let table):
            try edit(table, change) { table in
                try table.chains.remove(name, \.name, change)
                guard !table.refers(toChain: name) else { throw Refusal(change, "something leads there") }
            }
        case .flushChain(let name, let table):
            try edit(table, change) { table in
                table.chains[try table.chains.place(name, \.name, change)].rules = []
            }
        case .addRule(let rule, let chain, let table):
            try edit(table, change) { table in
                table.chains[try table.chains.place(chain, \.name, change)].rules.append(rule)
                try Self.checkRules([rule], in: table, change)
            }
        case .addSet(let set, let table):
            try edit(table, change) { try $0.sets.insert(set, \.name, change) }
        case .deleteSet(let name, let table):
            try edit(table, change) { table in
                try table.sets.remove(name, \.name, change)
                guard !table.refers(toContainer: name) else { throw Refusal(change, "a rule names it") }
            }
        case .addMap(let map, let table):
            try edit(table, change) { try $0.maps.insert(map, \.name, change) }
        case .deleteMap(let name, let table):
            try edit(table, change) { table in
                try table.maps.remove(name, \.name, change)
                guard !table.refers(toContainer: name) else { throw Refusal(change, "a rule names it") }
            }
        case .addSetElements(let elements, let set, let table):
            try edit(table, change) { table in
                let place = try table.sets.place(set, \.name, change)
                try table.sets[place].elements.add(elements, \.key, change)
            }
        case .deleteSetElements(let elements, let set, let table):
            try edit(table, change) { table in
                let place = try table.sets.place(set, \.name, change)
                try table.sets[place].elements.delete(elements, \.key, change)
            }
        case .addMapElements(let elements, let map, let table):
            try edit(table, change) { table in
                let place = try table.maps.place(map, \.name, change)
                try table.maps[place].elements.add(elements, \.element.key, change)
                for case .verdict(let verdict) in elements.map(\.target) {
                    guard verdict.target.map(table.hasChain) ?? true else { throw Refusal(change, "no such chain") }
                }
            }
        case .deleteMapElements(let elements, let map, let table):
            try edit(table, change) { table in
                let place = try table.maps.place(map, \.name, change)
                try table.maps[place].elements.delete(elements, \.element.key, change)
            }
        }
    }

    private mutating func edit(
        _ identity: TableIdentity, _ change: RulesetChange, _ body: (inout Table) throws -> Void
    ) throws {
        guard var table = tables.removeValue(forKey: identity) else { throw Refusal(change, "no such table") }
        try body(&table)
        tables[identity] = table
    }

    private static func checkRules(_ rules: [Rule], in table: Table, _ change: RulesetChange) throws {
        for reference in rules.flatMap(\.statements).flatMap(\.references) where !table.has(reference) {
            throw Refusal(change, "\(reference) is not there")
        }
    }

    private func checkReferences(in table: Table) throws {
        for chain in table.chains {
            for reference in chain.rules.flatMap(\.statements).flatMap(\.references) where !table.has(reference) {
                throw Refusal(description: "chain \(chain.name): \(reference) is not there")
            }
        }
    }
}

extension ChangedTables.Refusal {
    init(_ change: RulesetChange, _ reason: String) {
        self.init(description: "\(String(describing: change).prefix(300)): \(reason)")
    }
}

/// What a rule or element refers to.
enum Reference: Hashable {
    case chain(String)
    case container(String)
}

extension Verdict {
    var target: String? {
        switch self {
        case .jump(let name), .goto(let name): name
        default: nil
        }
    }
}

extension Statement {
    var references: [Reference] {
        switch self {
        case .lookup(_, _, let name), .update(let name, _, _), .destinationNAT(_, _, let name),
            .verdictMap(_, let name):
            [.container(name)]
        case .updateMap(let name, _, _, _, let map): [.container(name), .container(map)]
        case .updateMapFromPacket(let name, _, _, _): [.container(name)]
        case .verdict(let verdict): verdict.target.map { [.chain($0)] } ?? []
        case .anonymousVerdictMap(_, let elements): elements.compactMap { $0.verdict.target }.map { .chain($0) }
        default: []
        }
    }
}

extension Table {
    func hasChain(_ name: String) -> Bool { chains.contains { $0.name == name } }

    fileprivate func has(_ reference: Reference) -> Bool {
        switch reference {
        case .chain(let name): hasChain(name)
        case .container(let name): sets.contains { $0.name == name } || maps.contains { $0.name == name }
        }
    }

    fileprivate func refers(toChain name: String) -> Bool {
        let isInMap = maps.contains { map in
            map.elements.contains {
                if case .verdict(let verdict) = $0.target { verdict.target == name } else { false }
            }
        }
        return isInMap
            || chains.contains { $0.rules.contains { $0.statements.flatMap(\.references).contains(.chain(name)) } }
    }

    fileprivate func refers(toContainer name: String) -> Bool {
        chains.contains { $0.rules.contains { $0.statements.flatMap(\.references).contains(.container(name)) } }
    }
}

extension Array {
    fileprivate func place(_ name: String, _ key: KeyPath<Element, String>, _ change: RulesetChange) throws -> Int {
        guard let index = firstIndex(where: { $0[keyPath: key] == name }) else {
            throw ChangedTables.Refusal(change, "it is not there")
        }
        return index
    }

    fileprivate mutating func insert(
        _ element: Element, _ key: KeyPath<Element, String>, _ change: RulesetChange
    ) throws {
        guard !contains(where: { $0[keyPath: key] == element[keyPath: key] }) else {
            throw ChangedTables.Refusal(change, "it exists")
        }
        append(element)
    }

    fileprivate mutating func remove(_ name: String, _ key: KeyPath<Element, String>, _ change: RulesetChange) throws {
        remove(at: try place(name, key, change))
    }

    fileprivate mutating func add(
        _ elements: [Element], _ key: KeyPath<Element, [Value]>, _ change: RulesetChange
    ) throws {
        var keys = Set(map { $0[keyPath: key] })
        for element in elements where !keys.insert(element[keyPath: key]).inserted {
            throw ChangedTables.Refusal(change, "\(element) exists")
        }
        self += elements
    }

    fileprivate mutating func delete(
        _ elements: [Element], _ key: KeyPath<Element, [Value]>, _ change: RulesetChange
    ) throws {
        var gone = Set(elements.map { $0[keyPath: key] })
        guard gone.count == elements.count else { throw ChangedTables.Refusal(change, "a key twice") }
        removeAll { gone.remove($0[keyPath: key]) != nil }
        guard gone.isEmpty else { throw ChangedTables.Refusal(change, "\(gone) are not there") }
    }
}
