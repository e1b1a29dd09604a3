import Addressing
import Foundation
import NetworkNamespaces
import Nftables
import Testing

@Suite("Changing tables in part")
struct CommitTests {
    private let identity = TableIdentity(.ip, "t")
    private let key: [DataType] = [.ipv4Address, .port]

    private func target(_ number: Int) -> MapElement.Target {
        .data([.address(.v4(IPv4Address(rawValue: 0x0af4_0000 + UInt32(number)))), .port(8080)])
    }

    private func element(_ number: Int) -> MapElement {
        MapElement(
            [.address(.v4(IPv4Address(rawValue: 0x0a60_0000 + UInt32(number)))), .port(80)], target(number),
            comment: "default/\(number)")
    }

    private func table(_ numbers: Range<Int>) -> Table {
        Table(
            .ip, "t", maps: [NamedMap("m", key: key, content: .data(key), elements: numbers.map(element))],
            chains: [
                Chain(
                    "c", base: BaseChain(.nat, .prerouting, .destinationNAT),
                    rules: [Rule([.destinationNAT(.ip, [.destinationAddress(.ip), .destinationPort], map: "m")])])
            ])
    }

    @Test("every kind of step does what it says, in its place")
    func everyStep() async throws {
        let namespace = try await TestNamespace()
        var table = table(0..<4)
        try await namespace.replace([table])
        table.maps[0].elements.removeFirst()
        table.maps[0].elements.append(element(9))
        let ports = NamedSet("ports", key: [.port], elements: [SetElement([.port(2)]), SetElement([.port(3)])])
        let blocks = NamedMap(
            "blocks", key: [.ipv4Address], content: .verdict, flags: [.interval],
            elements: [MapElement([.address(try ip("10.0.0.1"))], .verdict(.goto("end")))])
        let rules = [Rule([.lookup([.destinationPort], set: "ports"), .counter]), Rule([.verdict(.jump("last"))])]
        table.chains[0].rules += rules
        table.chains.append(Chain("last", rules: [Rule([.verdictMap([.sourceAddress(.ip)], map: "blocks")])]))
        table.chains.append(Chain("end"))
        table.sets = [ports]
        table.maps.append(blocks)
        let whole = Table(.ip6, "whole", chains: [Chain("x", rules: [Rule([.counter])])])
        var (early, emptied) = (ports, blocks)
        early.elements = [SetElement([.port(1)]), SetElement([.port(2)])]
        emptied.elements = []
        let (after, changes) = (
            table,
            [
                .deleteTable(TableIdentity(.ip, "absent")), .addTable(whole),
                .deleteMapElements([element(0)], map: "m", in: identity),
                .addMapElements([element(9)], map: "m", in: identity),
                .addSet(early, in: identity), .addMap(emptied, in: identity),
                .addSet(NamedSet("gone", key: [.port]), in: identity),
                .addMap(NamedMap("gone-too", key: [.port], content: .verdict), in: identity),
                .addChain(Chain("last", rules: [Rule([.verdict(.drop)])]), in: identity),
                .addChain(Chain("end"), in: identity),
                .flushChain("last", in: identity),
                .addRule(Rule([.verdictMap([.sourceAddress(.ip)], map: "blocks")]), chain: "last", in: identity),
                .addRule(rules[0], chain: "c", in: identity), .addRule(rules[1], chain: "c", in: identity),
                .addChain(Chain("passing", rules: [Rule([.counter])]), in: identity),
                .deleteSetElements([SetElement([.port(1)])], set: "ports", in: identity),
                .addSetElements([SetElement([.port(3)])], set: "ports", in: identity),
                .addMapElements(blocks.elements, map: "blocks", in: identity),
                .deleteChain("passing", in: identity), .deleteSet("gone", in: identity),
                .deleteMap("gone-too", in: identity),
            ] as [RulesetChange]
        )
        try await namespace.inside { try NftablesHandle().commit(changes, to: [after, whole]) }
        let expected = try await TestNamespace()
        try await expected.replace([after, whole])
        let (left, right) = (try namespace.ruleset(), try expected.ruleset())
        #expect(left.objectTexts == right.objectTexts, "\(left.objects(notIn: right))\n\(right.objects(notIn: left))")
    }

    @Test("one step that is refused leaves everything as it was, and is named")
    func refusal() async throws {
        let namespace = try await TestNamespace()
        let table = table(0..<1000)
        try await namespace.replace([table])
        let before = try namespace.ruleset()
        let (new, missing, present) = ((2000..<3000).map(element), element(5000), element(7))
        let refused: [(RulesetChange, String)] = [
            (
                .addMapElements(new + [present], map: "m", in: identity),
                "add element 1001 of map m in table ip t: File exists (the key occurs twice, or lies in another range)"
            ),
            (
                .deleteMapElements([missing], map: "m", in: identity),
                "delete element 1 of map m in table ip t: No such file or directory (there is no such element)"
            ),
            (
                .deleteMap("m", in: identity),
                "delete map m in table ip t: Device or resource busy (a rule still names it)"
            ),
            (.deleteChain("absent", in: identity), "flush chain absent in table ip t: No such file or directory"),
            (.addTable(table), "add table ip t: File exists"),
            (
                .addRule(Rule([.verdict(.jump("absent"))]), chain: "c", in: identity),
                "add rule 1 of chain c in table ip t: No such file or directory (it names a chain that does not exist, or the kernel lacks a feature)"
            ),
        ]
        for (change, message) in refused {
            let good = [RulesetChange.addMapElements([missing], map: "m", in: identity)]
            let changes =
                change == .deleteMapElements([missing], map: "m", in: identity) ? [change] + good : good + [change]
            let error = await #expect(throws: NftablesError.self) {
                try await namespace.inside { try NftablesHandle().commit(changes, to: [table]) }
            }
            #expect(error?.description.hasPrefix("cannot " + message) == true, "\(String(describing: error))")
            #expect(try namespace.ruleset() == before, "\(message)")
        }
    }

    @Test("ranges that overlap, a set that is full and a rule that names what is deleted are explained")
    func explained() async throws {
        let namespace = try await TestNamespace()
        let sets = [
            NamedSet(
                "ranges", key: [.port], flags: [.interval], elements: [SetElement([.port(10)], keyEnd: [.port(20)])]),
            NamedSet(
                "pairs", key: [.port, .port], flags: [.interval],
                elements: [SetElement([.port(10), .port(1)], keyEnd: [.port(20), .port(9)])]),
            NamedSet("full", key: [.port], size: 1, elements: [SetElement([.port(1)])]),
        ]
        let chain = Chain("c", rules: [Rule([.lookup([.destinationPort], set: "full"), .verdict(.jump("d"))])])
        let table = Table(.ip, "t", sets: sets, chains: [chain, Chain("d")])
        try await namespace.replace([table])
        let overlapping = SetElement([.port(15)], keyEnd: [.port(25)])
        let overlappingPair = SetElement([.port(15), .port(5)], keyEnd: [.port(25), .port(15)])
        let changes: [(RulesetChange, String)] = [
            (
                .addSetElements([overlapping], set: "ranges", in: identity),
                "the key occurs twice, or lies in another range"
            ),
            (
                .addSetElements([overlappingPair], set: "pairs", in: identity),
                "the key occurs twice, or lies in another range"
            ),
            (.addSetElements([SetElement([.port(2)])], set: "full", in: identity), "the set is full"),
            (.deleteSet("full", in: identity), "a rule still names it"),
            (.deleteChain("d", in: identity), "a rule or an element still leads to it"),
        ]
        for (change, advice) in changes {
            let error = await #expect(throws: NftablesError.self, "\(change)") {
                try await namespace.inside { try NftablesHandle().commit([change], to: [table]) }
            }
            #expect(error?.description.hasSuffix("(\(advice))") == true, "\(String(describing: error))")
        }
    }

    @Test("a step that is no valid value is refused before the kernel is asked")
    func invalid() async throws {
        let namespace = try await TestNamespace()
        let table = table(0..<2)
        try await namespace.replace([table])
        let before = try namespace.ruleset()
        let port = SetElement([.port(1)])
        let invalid: [RulesetChange] = [
            .addSetElements([port], set: "absent", in: identity),
            .addMapElements([element(5)], map: "absent", in: identity),
            .addMapElements([MapElement([.port(1)], .verdict(.drop))], map: "m", in: identity),
            .deleteMapElements([MapElement([.port(1)], target(1))], map: "m", in: identity),
            .addMapElements([element(5)], map: "m", in: TableIdentity(.ip6, "t")),
            .addRule(Rule([.lookup([.destinationPort], set: "absent")]), chain: "c", in: identity),
            .addRule(Rule([.verdict(.drop)]), chain: "no name", in: identity),
            .addChain(Chain(""), in: identity), .deleteChain("", in: identity), .flushChain("a b", in: identity),
            .deleteTable(TableIdentity(.ip, "")), .addTable(Table(.ip, "")),
            .addSet(NamedSet("s", key: []), in: identity), .deleteSet("", in: identity), .deleteMap(";", in: identity),
            .addMap(NamedMap("n", key: [.port], content: .data([])), in: identity),
        ]
        for change in invalid {
            let error = await #expect(throws: NftablesError.self, "\(change)") {
                try await namespace.inside { try NftablesHandle().commit([change], to: [table]) }
            }
            guard case .invalid = error else {
                Issue.record("\(change) gave \(String(describing: error))")
                continue
            }
        }
        #expect(try namespace.ruleset() == before)
    }

    @Test("more refusals than the socket holds leave everything as it was, and the handle as good as before (ENOBUFS)")
    func manyRefusals() async throws {
        let namespace = try await TestNamespace()
        let table = table(0..<2)
        try await namespace.replace([table])
        let before = try namespace.ruleset()
        let identity = identity
        let error = await #expect(throws: NftablesError.self) {
            try await namespace.inside {
                let handle = try NftablesHandle()
                let rules = (0..<20_000).map { _ in
                    RulesetChange.addRule(Rule([.verdict(.drop)]), chain: "absent", in: identity)
                }
                defer {
                    let chain = RulesetChange.addChain(Chain("later"), in: identity)
                    #expect(throws: Never.self) { try handle.commit([chain], to: [table]) }
                    #expect(throws: Never.self) {
                        try handle.commit([.deleteChain("later", in: identity)], to: [table])
                    }
                }
                try handle.commit(rules, to: [table])
            }
        }
        guard case .refused(let refusals) = error else {
            Issue.record("\(String(describing: error)) is no refusal")
            return
        }
        #expect((1..<20_000).contains(refusals.count), "\(refusals.count)")
        #expect(refusals.first?.cause.errno == ENOENT, "\(String(describing: refusals.first))")
        #expect(try namespace.ruleset() == before)
    }

    @Test("no steps are no transaction")
    func nothing() async throws {
        let namespace = try await TestNamespace()
        try await namespace.inside {
            let handle = try NftablesHandle()
            let before = try handle.generation()
            try handle.commit([], to: [])
            #expect(try handle.generation() == before)
        }
    }

    @Test("20,000 elements are added in one transaction, replaced in another one, and refused in a third")
    func manyElements() async throws {
        let namespace = try await TestNamespace()
        let (empty, identity) = (table(0..<0), identity)
        let (first, second) = ((0..<20_000).map(element), (20_000..<40_000).map(element))
        let (firstKeys, secondKeys) = (Set(first.map(\.element.key)), Set(second.map(\.element.key)))
        try await namespace.replace([empty])
        let key = key
        try await namespace.inside {
            let handle = try NftablesHandle()
            let keys = { Set(try handle.elements(ofMap: "m", in: identity).compactMap { $0.key(as: key) }) }
            try handle.commit([.addMapElements(first, map: "m", in: identity)], to: [empty])
            #expect(try keys() == firstKeys)
            try handle.commit(
                [
                    .deleteMapElements(first, map: "m", in: identity),
                    .addMapElements(second, map: "m", in: identity),
                ], to: [empty])
            #expect(try keys() == secondKeys)
            let error = #expect(throws: NftablesError.self) {
                try handle.commit([.addMapElements(first + second, map: "m", in: identity)], to: [empty])
            }
            guard case .refused(let refusals) = error else {
                Issue.record("\(String(describing: error)) is no refusal")
                return
            }
            // The kernel names only the first refused element of a message, and as many messages as its answers fit.
            #expect(refusals.first?.object == .element(20_001, of: .map("m", in: identity)))
            #expect(try keys() == secondKeys)
        }
    }

    @Test(
        "whatever is changed in parts, the kernel has the same as after whole tables",
        arguments: 1...40 as ClosedRange<UInt64>)
    func property(seed: UInt64) async throws {
        let (changed, replaced) = (try await TestNamespace(), try await TestNamespace())
        var generator = ChangeGenerator(seed: seed)
        let first = generator.tables
        let steps = (0..<6).map { _ in (changes: generator.changes(8), tables: generator.tables) }
        let outlines = try await changed.inside {
            let handle = try NftablesHandle()
            try handle.replace(first)
            for step in steps { try handle.commit(step.changes, to: step.tables) }
            return try (steps.last?.tables ?? []).map { try handle.outline(of: $0.identity) }
        }
        let tables = generator.tables
        try await replaced.replace(tables)
        #expect(outlines == tables.map(TableOutline.init), "seed \(seed)")
        let (left, right) = (try changed.ruleset(), try replaced.ruleset())
        let isSame = left.objectTexts == right.objectTexts
        #expect(
            isSame,
            "seed \(seed)\nchanged:\n\(left.objects(notIn: right))\nreplaced:\n\(right.objects(notIn: left))")
    }
}

extension TableOutline {
    /// The outline that a table has.
    init(_ table: Table) {
        self.init(
            chains: Dictionary(uniqueKeysWithValues: table.chains.map { ($0.name, $0.rules.count) }),
            sets: Dictionary(uniqueKeysWithValues: table.sets.map { ($0.name, $0.elements.count) }),
            maps: Dictionary(uniqueKeysWithValues: table.maps.map { ($0.name, $0.elements.count) }))
    }
}
