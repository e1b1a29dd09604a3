import Addressing
import Nftables
import Testing

@Suite("The text and the transaction of a ruleset")
struct TextAndTransactionTests {
    /// Commits the tables in one namespace and their text in another, and compares what nft lists in each.
    private func compare(_ tables: [Table], _ note: String = "") async throws {
        let (committed, typed) = (try await TestNamespace(), try await TestNamespace())
        try await committed.replace(tables)
        try typed.apply(tables.map(\.description).joined(separator: "\n"))
        let (left, right) = (try committed.ruleset(), try typed.ruleset())
        let isSame = left == right
        #expect(
            isSame, "\(note)\ncommitted:\n\(left.objects(notIn: right))\ntyped:\n\(right.objects(notIn: left))")
        #expect(left["nftables"]?.elements.count ?? 0 > tables.count, "\(note)")
    }

    @Test("hostPorts: nft lists the same after the text as after the transaction, in both families")
    func hostPorts() async throws {
        let ruleset = try sampleHostPorts()
        try await compare(ruleset.tables(for: .ipv4) + ruleset.tables(for: .ipv6))
    }

    @Test("every kind of set, map, chain and statement is the same as text and as a transaction")
    func everything() async throws {
        try await compare([try sampleInetTable()])
    }

    @Test(
        "what service proxies need is the same as text and as a transaction in every family",
        arguments: TableFamily.allCases)
    func services(family: TableFamily) async throws {
        try await compare([try sampleServiceTable(family, isText: true)])
    }

    @Test("nft lists what it does not read too, without aborting, in every family", arguments: TableFamily.allCases)
    func listed(family: TableFamily) async throws {
        let namespace = try await TestNamespace()
        try await namespace.replace([try sampleServiceTable(family)])
        let text = String(decoding: try namespace.nft(["list", "ruleset"]), as: UTF8.self)
        let name = family == .ip6 ? "ip6" : "ip"
        for line in [
            "ct state new ct status dnat update @affinity { \(name) saddr . ct original \(name) daddr . meta l4proto . "
                + "ct original proto-dst timeout 30s : \(name) daddr . th dport }",
            "dnat \(name) to \(name) daddr . meta l4proto . th dport . numgen random mod 2 map @endpoints",
            "numgen random mod 3 vmap { 0 : goto one, 1 : jump two, 2 : return }",
            "flags dynamic,timeout", "size 1000", "ct state established,related accept", "reject with tcp reset",
            "10.96.0.10 . tcp . 80 . 0x00000001 comment \"default/web\" : 10.244.1.6 . 8080",
        ] where family != .ip6 || !line.hasPrefix("10.") {
            #expect(text.contains(line), "\(line) is missing in\n\(text)")
        }
    }

    @Test("random tables are the same as text and as transactions", arguments: 1...40 as ClosedRange<UInt64>)
    func random(seed: UInt64) async throws {
        var generator = TableGenerator(seed: seed)
        try await compare([generator.table(), generator.table()], "seed \(seed)")
    }

    @Test("nft lists comments of tables and elements, and concatenations readably, after a transaction")
    func readable() async throws {
        let namespace = try await TestNamespace()
        try await namespace.replace(sampleHostPorts().tables(for: .ipv4))
        let text = String(decoding: try namespace.nft(["list", "ruleset"]), as: UTF8.self)
        for line in [
            "comment \"hostPorts of the pods on this node\"",
            "type ipv4_addr . inet_proto . inet_service : ipv4_addr . inet_service",
            "192.168.1.10 . tcp . 8080 comment \"default/pod-a\" : 10.244.1.5 . 80",
            "ip daddr 127.0.0.0/8 return",
            "fib daddr type local dnat ip to ip daddr . meta l4proto . th dport map @by-address",
            "type nat hook output priority -100; policy accept;",
            "ip saddr . ip daddr @hairpin masquerade",
        ] {
            #expect(text.contains(line), "\(line) is missing in\n\(text)")
        }
    }
}
