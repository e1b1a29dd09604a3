import Addressing
import Foundation
import NetworkNamespaces
import Nftables
import Testing

@Suite("Committing tables")
struct NftablesHandleTests {
    @Test("a table that is replaced by itself is the same as before, and handles can be used again and again")
    func idempotent() async throws {
        let namespace = try await TestNamespace()
        let tables = try sampleHostPorts().tables(for: .ipv4)
        try await namespace.replace(tables)
        let before = try namespace.ruleset()
        try await namespace.inside {
            let handle = try NftablesHandle()
            for _ in 0..<3 { try handle.replace(tables) }
        }
        #expect(try namespace.ruleset() == before)
    }

    @Test("a replaced table has nothing left of the old one")
    func replacement() async throws {
        let (namespace, fresh) = (try await TestNamespace(), try await TestNamespace())
        let old = Table(
            .ip, HostPortRuleset.tableName, comment: "old", sets: [NamedSet("old", key: [.port])],
            chains: [Chain("prerouting", base: BaseChain(.filter, .prerouting, .raw)), Chain("old")])
        try await namespace.replace([old])
        let new = try sampleHostPorts().tables(for: .ipv4)
        try await namespace.replace(new)
        try await fresh.replace(new)
        #expect(try namespace.ruleset() == fresh.ruleset())
    }

    @Test("tables of others stand as they were after replacing and deleting")
    func foreignTables() async throws {
        let namespace = try await TestNamespace()
        try namespace.apply(
            """
            table ip6 lab-hostports { chain theirs { counter
            }
            }
            table ip other { set s { type ipv4_addr; flags interval; elements = { 10.0.0.0/8 }
            }
            chain c { type filter hook input priority 5; ip saddr @s counter log
            }
            }
            table netdev strange { }
            """)
        let before = try namespace.ruleset()
        let tables = try sampleHostPorts().tables(for: .ipv4)
        try await namespace.inside {
            let handle = try NftablesHandle()
            try handle.replace(tables)
            #expect(
                Set(try handle.tables()) == [
                    TableIdentity(.ip6, "lab-hostports"), TableIdentity(.ip, "other"),
                    TableIdentity(.ip, "lab-hostports"),
                ])
            try handle.delete(tables.map(\.identity))
            #expect(
                Set(try handle.tables()) == [TableIdentity(.ip6, "lab-hostports"), TableIdentity(.ip, "other")])
        }
        #expect(try namespace.ruleset() == before)
    }

    @Test("deleting a table that does not exist succeeds, and leaves nothing")
    func deleteAbsent() async throws {
        let namespace = try await TestNamespace()
        let tables = try await namespace.inside {
            let handle = try NftablesHandle()
            try handle.delete(TableIdentity(.inet, "absent"))
            return try handle.tables()
        }
        #expect(tables.isEmpty)
    }

    @Test("a refused transaction changes nothing, and says which element was refused and why")
    func refusedElement() async throws {
        let namespace = try await TestNamespace()
        let good = try sampleHostPorts().tables(for: .ipv4)
        try await namespace.replace(good)
        let before = try namespace.ruleset()
        var bad = try #require(good.first)
        let target = MapElement.Target.data([.address(try ip("10.244.1.9")), .port(80)])
        bad.maps[1].elements = [1, 2, 1].map { MapElement([.transportProtocol(6), .port($0)], target, comment: "web") }
        let tables = [bad]
        let error = await #expect(throws: NftablesError.self) { try await namespace.replace(tables) }
        #expect(
            error?.description
                == "cannot add element 3 of map by-port in table ip lab-hostports: File exists (the key occurs twice, or lies in another range)"
        )
        #expect(try namespace.ruleset() == before)
    }

    @Test("an element is named by its number also behind the first message of elements")
    func refusedElementFarBehind() async throws {
        let namespace = try await TestNamespace()
        let ports = (1...1000).map { SetElement([.port($0)]) } + [SetElement([.port(500)])]
        let table = Table(.ip, "many", sets: [NamedSet("ports", key: [.port], elements: ports)])
        let error = await #expect(throws: NftablesError.self) { try await namespace.replace([table]) }
        guard case .refused(let refusals) = error else {
            Issue.record("\(String(describing: error)) is no refusal")
            return
        }
        #expect(refusals.map(\.object) == [.element(1001, of: .set("ports", in: table.identity))])
        #expect(refusals.first?.cause.errno == EEXIST)
        #expect(refusals.first?.action == .add)
    }

    @Test("a rule that jumps nowhere is named, and the handle works on after the refusal")
    func refusedRule() async throws {
        let namespace = try await TestNamespace()
        let rules = [Rule([.verdict(.accept)]), Rule([.verdict(.jump("nowhere"))])]
        let table = Table(.inet, "jumps", chains: [Chain("c", rules: rules)])
        try await namespace.inside {
            let handle = try NftablesHandle()
            let error = #expect(throws: NftablesError.self) { try handle.replace(table) }
            #expect(
                error?.description.hasPrefix(
                    "cannot add rule 2 of chain c in table inet jumps: No such file or directory") == true)
            #expect(try handle.tables().isEmpty)
            try handle.replace(Table(.inet, "jumps"))
            #expect(try handle.tables() == [table.identity])
        }
    }

    @Test("more refusals than the socket holds are still a refusal, and the handle works on")
    func floodOfRefusals() async throws {
        let namespace = try await TestNamespace()
        let rules = (0..<5000).map { _ in Rule([.verdict(.jump("nowhere"))]) }
        let table = Table(.inet, "jumps", chains: [Chain("c", rules: rules)])
        try await namespace.inside {
            let handle = try NftablesHandle()
            let error = #expect(throws: NftablesError.self) { try handle.replace(table) }
            guard case .refused(let refusals) = error else {
                Issue.record("\(String(describing: error)) is no refusal")
                return
            }
            #expect(refusals.first?.object == .rule(1, chain: "c", in: table.identity))
            try handle.replace(Table(.inet, "jumps"))
            #expect(try handle.tables() == [table.identity])
        }
    }

    @Test("10,000 elements with comments are one transaction, and all of them can be read back")
    func manyElements() async throws {
        let namespace = try await TestNamespace()
        let mappings = try (0..<10_000).map { index in
            HostPortMapping(
                hostIP: try ip("192.168.\(index / 250).\(index % 250 + 1)"), hostPort: UInt16(1 + index),
                protocolNumber: 6,
                podAddress: try ip("10.\(index / 62_500).\(index / 250).\(index % 250 + 1)"), podPort: 80,
                comment: "default/a-pod-whose-name-is-rather-long-\(index)")
        }
        let ruleset = HostPortRuleset(mappings)
        #expect(ruleset.rejections.isEmpty)
        try await namespace.replace(ruleset.tables(for: .ipv4))
        let maps = try namespace.ruleset()["nftables"]?.elements.compactMap { $0["map"] } ?? []
        let map = try #require(maps.first { $0["name"] == .string("by-address") })
        let found = Set((map["elem"]?.elements ?? []).map(\.text))
        let expected = Set(
            mappings.map {
                "[{elem:{comment:\"\($0.comment)\",val:{concat:[\"\($0.hostIP?.description ?? "")\",\"tcp\","
                    + "\(Double($0.hostPort))]}}},{concat:[\"\($0.podAddress)\",80.0]}]"
            })
        #expect(found.count == 10_000)
        #expect(found == expected)
    }
}
