import Addressing
import Foundation
import Netlink
import NetworkNamespaces
import Testing

@testable import Nftables

@Suite("Reading elements and outlines back")
struct ReadBackTests {
    /// The elements of all sets and maps of a table, by name.
    private func elements(
        of table: Table, _ namespace: TestNamespace
    ) async throws -> [String: [ReadElement]] {
        try await namespace.inside {
            let handle = try NftablesHandle()
            let sets = try table.sets.map { ($0.name, try handle.elements(ofSet: $0.name, in: table.identity)) }
            let maps = try table.maps.map { ($0.name, try handle.elements(ofMap: $0.name, in: table.identity)) }
            return Dictionary(uniqueKeysWithValues: sets + maps)
        }
    }

    @Test("random tables are read back as they were committed", arguments: 1...20 as ClosedRange<UInt64>)
    func property(seed: UInt64) async throws {
        var generator = TableGenerator(seed: seed, isText: false)
        let (table, namespace) = (generator.table(), try await TestNamespace())
        try await namespace.replace([table])
        let read = try await elements(of: table, namespace)
        for set in table.sets {
            let found = (read[set.name] ?? []).map { Set($0.texts(set.key, nil)) }
            #expect(Set(found) == Set(set.elements.map { Set($0.texts) }), "seed \(seed), \(set.name)")
        }
        for map in table.maps {
            let found = (read[map.name] ?? []).map { Set($0.texts(map.key, map.content)) }
            let expected = map.elements.map { Set($0.element.texts + ["-> \($0.target)"]) }
            #expect(Set(found) == Set(expected), "seed \(seed), \(map.name)")
        }
        let outline = try await namespace.inside { try NftablesHandle().outline(of: table.identity) }
        #expect(outline == TableOutline(table), "seed \(seed)")
    }

    @Test("ranges at the ends of their type, side by side, and of everything are committed and read back")
    func extremes() async throws {
        let (v4, v6) = (try #require(CIDR("0.0.0.0/0")), try #require(CIDR("::/0")))
        let halves = try ["0.0.0.0/1", "128.0.0.0/1"].map { Value.prefix(try #require(CIDR($0))) }
        let sets = [
            NamedSet("v4", key: [.ipv4Address], flags: [.interval], elements: [SetElement([.prefix(v4)])]),
            NamedSet("v6", key: [.ipv6Address], flags: [.interval], elements: [SetElement([.prefix(v6)])]),
            NamedSet("halves", key: [.ipv4Address], flags: [.interval], elements: halves.map { SetElement([$0]) }),
            NamedSet(
                "ports", key: [.port], flags: [.interval],
                elements: [
                    SetElement([.port(0)]), SetElement([.port(65_535)]),
                    SetElement([.port(1)], keyEnd: [.port(65_534)]),
                ]),
            NamedSet(
                "both", key: [.ipv4Address, .port], flags: [.interval],
                elements: [
                    SetElement([.prefix(v4), .port(0)], keyEnd: nil), SetElement([.address(v4.network), .port(1)]),
                ]),
        ]
        let table = Table(.inet, "t", sets: sets)
        let (namespace, typed) = (try await TestNamespace(), try await TestNamespace())
        try await namespace.replace([table])
        try typed.apply(table.description)
        #expect(try namespace.ruleset() == typed.ruleset())
        for place in [namespace, typed] {
            let read = try await elements(of: table, place)
            for set in sets {
                let found = (read[set.name] ?? []).map { Set($0.texts(set.key, nil)) }
                #expect(Set(found) == Set(set.elements.map { Set($0.texts) }), "\(set.name)")
            }
        }
        try await namespace.inside {
            let deletions = sets.map { RulesetChange.deleteSetElements($0.elements, set: $0.name, in: table.identity) }
            let handle = try NftablesHandle()
            try handle.commit(deletions, to: [table])
            for set in sets { #expect(try handle.elements(ofSet: set.name, in: table.identity).isEmpty, "\(set.name)") }
        }
    }

    @Test("the refused one of many ranges is named by its number")
    func refusedRange() async throws {
        let namespace = try await TestNamespace()
        let ranges = (0..<900).map { (index: UInt16) -> SetElement in
            SetElement([.port(index * 10)], keyEnd: [.port(index * 10 + 8)])
        }
        let set = NamedSet("s", key: [.port], flags: [.interval], elements: ranges + [SetElement([.port(5005)])])
        let table = Table(.ip, "t", sets: [set])
        let error = await #expect(throws: NftablesError.self) { try await namespace.replace([table]) }
        #expect(
            error?.description.hasPrefix("cannot add element 901 of set s in table ip t:") == true, "\(error as Any)")
    }

    @Test("times are read back in seconds, and what is not there is empty or nil")
    func timesAndAbsence() async throws {
        let namespace = try await TestNamespace()
        let set = NamedSet(
            "s", key: [.port], flags: [.timeout], timeout: 1000,
            elements: [SetElement([.port(1)]), SetElement([.port(2)], timeout: 2000, comment: "two")])
        let table = Table(.ip6, "t", sets: [set])
        try await namespace.replace([table])
        try await namespace.inside {
            let handle = try NftablesHandle()
            let elements = try handle.elements(ofSet: "s", in: table.identity).sorted { $0.key[1] < $1.key[1] }
            #expect(elements.map { $0.key(as: [.port]) } == [[.port(1)], [.port(2)]])
            #expect(elements.map(\.timeout) == [nil, 2000])
            #expect(elements.map(\.comment) == [nil, "two"])
            for element in elements {
                let (left, whole) = (try #require(element.expiration), element.timeout ?? 1000)
                #expect((whole - 300...whole).contains(left))
            }
            #expect(try handle.outline(of: table.identity) == TableOutline(sets: ["s": 2]))
            #expect(try handle.elements(ofSet: "absent", in: table.identity).isEmpty)
            #expect(try handle.elements(ofMap: "s", in: TableIdentity(.ip, "t")).isEmpty)
            #expect(try handle.outline(of: TableIdentity(.ip, "t")) == nil)
            #expect(try handle.outline(of: TableIdentity(.inet, "absent")) == nil)
        }
    }

    @Test("an element whose time may be over is deleted whether it is there or not")
    func deletedAfterItsTime() async throws {
        let namespace = try await TestNamespace()
        let map = NamedMap(
            "m", key: [.port], content: .data([.port]), flags: [.timeout],
            elements: [MapElement([.port(1)], .data([.port(1)]), timeout: 1000)])
        let table = Table(.ip, "t", maps: [map])
        try await namespace.replace([table])
        let gone = [MapElement([.port(2)], .data([.port(1)]))] + map.elements
        try await namespace.inside {
            let handle = try NftablesHandle()
            for _ in 0..<2 {
                try handle.commit([.deleteMapElements(gone, map: "m", in: table.identity)], to: [table])
                #expect(try handle.elements(ofMap: "m", in: table.identity).isEmpty)
            }
        }
    }

    @Test("the generation changes with every transaction, of nft too, and with none that was refused")
    func generation() async throws {
        let namespace = try await TestNamespace()
        let generation = { try await namespace.inside { try NftablesHandle().generation() } }
        var last = try await generation()
        try await namespace.replace([Table(.ip, "t")])
        #expect(try await generation() != last)
        last = try await generation()
        #expect(try await generation() == last)
        await #expect(throws: NftablesError.self) {
            try await namespace.inside { try NftablesHandle().commit([.addTable(Table(.ip, "t"))], to: []) }
        }
        #expect(try await generation() == last)
        try namespace.apply("add chain ip t c")
        #expect(try await generation() != last)
    }

    @Test("the sets of rules are in no outline, and those of other tables neither")
    func outline() async throws {
        let namespace = try await TestNamespace()
        let rule = Rule([.anonymousVerdictMap(.destinationPort, [VerdictElement(.port(80), .accept)])])
        let table = Table(
            .ip, "t", sets: [NamedSet("s", key: [.port])], chains: [Chain("c", rules: [rule, rule]), Chain("empty")])
        var others = [table, table, table]
        (others[0].family, others[1].name, others[2].family) = (.ip6, "u", .inet)
        for index in others.indices { others[index].chains.append(Chain("other", rules: [rule])) }
        try await namespace.replace([table] + others)
        let outline = try await namespace.inside { try NftablesHandle().outline(of: table.identity) }
        #expect(outline == TableOutline(chains: ["c": 2, "empty": 0], sets: ["s": 0]))
    }

    @Test("what is read while others commit is whole, or the reader says that it was disturbed")
    func disturbed() async throws {
        struct Handles: @unchecked Sendable {
            let (writer, reader): (NftablesHandle, NftablesHandle)
        }
        let namespace = try await TestNamespace()
        let handles = try await namespace.inside {
            Handles(writer: try NftablesHandle(), reader: try NftablesHandle())
        }
        let generations = (0..<2).map { first in
            (0..<3000).map { SetElement([.port(UInt16($0 * 2 + first))], comment: "number \($0)") }
        }
        let empty = Table(.ip, "t", sets: [NamedSet("s", key: [.port])])
        var table = empty
        table.sets[0].elements = generations[0]
        try handles.writer.replace(table)
        let writing = Task.detached {
            for turn in 0..<60 {
                let (old, new) = (generations[turn % 2], generations[(turn + 1) % 2])
                try handles.writer.commit(
                    [
                        .deleteSetElements(old, set: "s", in: empty.identity),
                        .addSetElements(new, set: "s", in: empty.identity),
                    ], to: [empty])
            }
        }
        let valid = Set(generations.map { Set($0.map(\.key.bytes)) })
        var whole = 0
        for _ in 0..<60 {
            do {
                let keys = Set(try handles.reader.elements(ofSet: "s", in: empty.identity).map(\.key))
                #expect(valid.contains(keys), "\(keys.count) keys")
                whole += 1
            } catch {
                #expect(error == .netlink(NetlinkError(.interrupted)))
            }
        }
        try await writing.value
        let keys = Set(try handles.reader.elements(ofSet: "s", in: empty.identity).map(\.key))
        #expect(keys == Set(generations[0].map(\.key.bytes)))
        #expect(whole > 0)
    }
}

extension SetElement {
    /// What makes the element, as texts: the two ends of each field, and the comment.
    fileprivate var texts: [String] {
        let ends = zip(key, keyEnd ?? key).enumerated().map { "\($0): \([$1.0].bytes) \([$1.1.last].bytes)" }
        return ends + [timeout.map { "for \($0)" }, comment.map { "\"\($0)\"" }].compactMap { $0 }
    }
}

extension ReadElement {
    /// The same of an element that was read.
    fileprivate func texts(_ key: [DataType], _ content: NamedMap.Content?) -> [String] {
        let first = self.key(as: key) ?? []
        let last = keyEnd == nil ? first : keyEnd(as: key) ?? []
        let ends = zip(first, last).enumerated().map { "\($0): \([$1.0].bytes) \([$1.1].bytes)" }
        let target: String? =
            switch content {
            case .data(let types): "-> " + (data(as: types)?.concatenation() ?? "nothing")
            case .verdict: "-> " + (verdict?.description ?? "nothing")
            case nil: nil
            }
        return ends + [timeout.map { "for \($0)" }, comment.map { "\"\($0)\"" }, target].compactMap { $0 }
    }
}
