import Addressing
import Nftables
import TestSupport

/// Makes valid tables of all kinds of objects.
struct TableGenerator {
    var generator: SeededGenerator
    /// Leaves out what nft 1.0.6 lists but does not read.
    let isText: Bool
    private(set) var family = TableFamily.ip
    /// The number of the table.
    private var number = 0
    private var tableCount = 0

    /// What the four sets and the four maps of a table are able to do.
    private static let flags: [SetFlags] = [[], [.timeout], [.interval], [.dynamic, .timeout]]

    init(seed: UInt64, isText: Bool = true) {
        generator = SeededGenerator(seed: seed)
        self.isText = isText
    }

    mutating func table() -> Table {
        tableCount += 1
        number = tableCount
        family = pick(TableFamily.allCases, or: .ip)
        let keys = Self.flags.map { key(for: $0) }
        let sets = keys.indices.map { set("set-\($0)", types(of: keys[$0]), Self.flags[$0]) }
        let maps = keys.indices.map { index -> NamedMap in
            let content: NamedMap.Content = index % 2 == 0 ? .verdict : .data(data())
            return map("map_\(index)", types(of: keys[index]), content, Self.flags[index])
        }
        let base = base()
        let rules = (0..<8).map { _ in rule(keys, sets, maps, base) }
        return Table(
            family, "random-\(tableCount)", comment: comment(), sets: sets, maps: maps,
            chains: [
                Chain("base", base: base, comment: comment(), rules: rules), Chain("one", comment: comment()),
                Chain("two/x.y", rules: [Rule([.verdict(.return)], comment: comment())]),
            ])
    }

    /// Goes on making objects for a table that was made before.
    mutating func turn(to table: Table) {
        family = table.family
        number = table.name.split(separator: "-").last.flatMap { Int($0) } ?? 0
    }

    mutating func pick<Value>(_ values: [Value], or other: Value) -> Value {
        values.randomElement(using: &generator) ?? other
    }

    mutating func flip() -> Bool { Bool.random(using: &generator) }

    mutating func comment() -> String? {
        let length = Int.random(in: 0...140, using: &generator)
        guard (1...128).contains(length) else { return nil }
        return String((0..<length).map { _ in pick(Array("abc XYZ;{}$#@'\\:,019"), or: "a") })
    }

    private mutating func base() -> BaseChain {
        if flip() {
            let hook = pick([BaseChain.Hook.prerouting, .output, .postrouting], or: .prerouting)
            return BaseChain(.nat, hook, pick([.destinationNAT, .sourceNAT, .init(rawValue: 7)], or: .sourceNAT))
        }
        let hook = pick(BaseChain.Hook.allCases, or: .input)
        let priorities: [BaseChain.Priority] = [
            .raw, .mangle, .destinationNAT, .filter, .security, .sourceNAT, .init(rawValue: 7),
        ]
        return BaseChain(
            .filter, hook, pick(priorities, or: .filter), policy: pick(BaseChain.Policy.allCases, or: .accept))
    }

    /// A network protocol that the table sees: one for each inet table, since rules must not ask for both.
    func networkProtocol() -> NetworkProtocol {
        switch family {
        case .ip: .ip
        case .ip6: .ip6
        case .inet: number.isMultiple(of: 2) ? .ip : .ip6
        }
    }

    /// Expressions that one packet of the family can have all of, for a set with flags.
    private mutating func key(for flags: SetFlags) -> [PacketExpression] {
        let networkProtocol = networkProtocol()
        var all: [PacketExpression] = [
            .sourceAddress(networkProtocol), .destinationAddress(networkProtocol), .transportProtocol, .sourcePort,
            .destinationPort, .originalDestinationAddress(networkProtocol),
        ]
        if !flags.contains(.interval) {
            all += [.mark, .inputInterface, .outputInterface, .connectionState]
            if !isText { all += [.random(modulus: 3), .originalDestinationPort] }
        }
        var length = 0
        return all.shuffled(using: &generator).prefix(Int.random(in: 1...4, using: &generator)).filter { expression in
            length += (expression.type.length + 3) / 4 * 4
            return length <= 64
        }
    }

    /// Types for the data of a map.
    private mutating func data() -> [DataType] {
        let all: [DataType] = [.ipv4Address, .ipv6Address, .port, .mark, .transportProtocol]
        return Array(all.shuffled(using: &generator).prefix(Int.random(in: 1...3, using: &generator)))
    }

    func types(of key: [PacketExpression]) -> [DataType] { key.map(\.type) }

    mutating func verdict() -> Verdict {
        pick([.accept, .drop, .return, .jump("one"), .goto("two/x.y")], or: .accept)
    }
}
