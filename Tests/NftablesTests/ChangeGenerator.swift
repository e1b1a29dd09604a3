import Nftables
import TestSupport

/// Makes steps that the kernel is to carry out, one after the other.
struct ChangeGenerator {
    private(set) var simulator: RulesetSimulator
    private var generator: TableGenerator
    private var count = 0

    /// Begins with two tables.
    init(seed: UInt64) {
        generator = TableGenerator(seed: seed, isText: false)
        simulator = RulesetSimulator(tables: [generator.table(), generator.table()])
    }

    var tables: [Table] { simulator.tables }

    /// The next steps, at most so many. Only the first one may delete something that others refer to: the tables that come
    /// with them are those that there are in the end.
    mutating func changes(_ largest: Int) -> [RulesetChange] {
        var changes: [RulesetChange] = []
        for _ in 0..<Int.random(in: 1...largest, using: &generator.generator) {
            let change = change()
            if change.isDeletion, !changes.isEmpty { continue }
            simulator.apply(change)
            changes.append(change)
        }
        return changes
    }

    private mutating func change() -> RulesetChange {
        count += 1
        guard let table = tables.randomElement(using: &generator.generator) else { return .addTable(generator.table()) }
        generator.turn(to: table)
        switch Int.random(in: 0..<22, using: &generator.generator) {
        case 0: return .addTable(generator.table())
        case 1 where tables.count > 1: return .deleteTable(table.identity)
        case 2...4: return changedRules(table)
        case 5...8: return changedContainers(table)
        case 9...14: return changedSet(table)
        default: return changedMap(table)
        }
    }

    private mutating func changedRules(_ table: Table) -> RulesetChange {
        let extra = table.chains.filter { $0.name.hasPrefix("extra") }
        switch Int.random(in: 0...3, using: &generator.generator) {
        case 0:
            return .addChain(
                Chain("extra-\(count)", comment: generator.comment(), rules: [rule(table)]), in: table.identity)
        case 1:
            guard let chain = extra.first else { break }
            return .deleteChain(chain.name, in: table.identity)
        case 2:
            let chain = generator.pick(extra.map(\.name) + ["two/x.y", "base"], or: "one")
            return .flushChain(chain, in: table.identity)
        default: break
        }
        return .addRule(
            rule(table), chain: generator.pick(extra.map(\.name) + ["base"], or: "base"), in: table.identity)
    }

    /// A rule that any chain may have, with a map of its own among them.
    private mutating func rule(_ table: Table) -> Rule {
        let sets = table.sets.filter { $0.key == [.port] || $0.key == [.mark] }
        if let set = sets.first, generator.flip() {
            return Rule([.lookup([set.key == [.port] ? .destinationPort : .mark], set: set.name), .counter])
        }
        return generator.rule([], [], [], nil)
    }

    private mutating func changedContainers(_ table: Table) -> RulesetChange {
        let flags = generator.pick(
            [[], [.timeout], [.interval], [.dynamic], [.interval, .timeout]] as [SetFlags], or: [])
        let keys: [[DataType]] = [[.port], [.ipv4Address, .transportProtocol, .port], [.ipv6Address], [.ipv4Address]]
        let key = generator.pick(keys, or: [.port])
        switch Int.random(in: 0...3, using: &generator.generator) {
        case 0:
            guard let set = table.sets.first(where: { $0.name.hasPrefix("extra") }) else { break }
            return .deleteSet(set.name, in: table.identity)
        case 1:
            guard let map = table.maps.first(where: { $0.name.hasPrefix("extra") }) else { break }
            return .deleteMap(map.name, in: table.identity)
        case 2:
            let content = generator.pick([.verdict, .data([.ipv4Address, .port])], or: NamedMap.Content.verdict)
            return .addMap(generator.map("extra_\(count)", key, content, flags), in: table.identity)
        default: break
        }
        return .addSet(generator.set("extra-\(count)", key, flags), in: table.identity)
    }

    private mutating func changedSet(_ table: Table) -> RulesetChange {
        guard let set = table.sets.randomElement(using: &generator.generator) else {
            return .deleteTable(table.identity)
        }
        if generator.flip() {
            let elements = set.elements.filter { _ in generator.flip() }
            return .deleteSetElements(elements, set: set.name, in: table.identity)
        }
        let elements = generator.elements(set.key, set.flags, with: set.elements)
        return .addSetElements(elements, set: set.name, in: table.identity)
    }

    private mutating func changedMap(_ table: Table) -> RulesetChange {
        guard let map = table.maps.randomElement(using: &generator.generator) else {
            return .deleteTable(table.identity)
        }
        if generator.flip() {
            let elements = map.elements.filter { _ in generator.flip() }
            return .deleteMapElements(elements, map: map.name, in: table.identity)
        }
        let elements = generator.elements(map.key, map.flags, with: map.elements.map(\.element)).map { element in
            MapElement(
                element.key, generator.target(map.content), keyEnd: element.keyEnd, timeout: element.timeout,
                comment: element.comment)
        }
        return .addMapElements(elements, map: map.name, in: table.identity)
    }
}

extension RulesetChange {
    fileprivate var isDeletion: Bool {
        switch self {
        case .deleteTable, .deleteSet, .deleteMap: true
        default: false
        }
    }
}
