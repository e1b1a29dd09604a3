import KubernetesModel
import Nftables
import ServiceProxy
import Testing

@Suite("Rules in the kernel")
struct KernelRulesetTests {
    /// The kernel takes every step of a random cluster's life, has what the ruleset says it has, and lists it; and it lists
    /// the same where the tables were put there at once.
    @Test(
        "the kernel follows a random cluster step by step", arguments: ProxyLayout.allCases, [31, 32, 33] as [UInt64])
    func steps(layout: ProxyLayout, seed: UInt64) async throws {
        let namespace = try await TestNamespace()
        var cluster = RandomCluster(seed: seed)
        var tracker = ServiceTracker(SampleCluster.settings)
        var ruleset = NodeRuleset(layout, node: SampleCluster.nodes[0], settings: SampleCluster.settings, from: tracker)
        let tables = ruleset.tables
        try await namespace.inside { try NftablesHandle().replace(tables) }
        for step in 1...40 {
            cluster.change(&tracker)
            let update = ruleset.update(tracker.takeChanges(), from: tracker)
            let expected = ruleset.outlines
            let found = try await namespace.inside {
                let handle = try NftablesHandle()
                try handle.commit(update.changes, to: update.tables)
                return try ProxyLayout.tables.map { try handle.outline(of: $0) }
            }
            for (table, outline) in zip(ProxyLayout.tables, found) {
                var outline = try #require(outline, "seed \(seed), step \(step): no table \(table)")
                let wanted = try #require(expected[table])
                // Clients come and go by themselves.
                outline.maps = outline.maps.filter { wanted.maps[$0.key] != nil }
                outline.sets = outline.sets.filter { wanted.sets[$0.key] != nil }
                #expect(outline == wanted, "seed \(seed), step \(step), \(table)")
            }
        }
        let whole = try await TestNamespace()
        let final = ruleset.tables
        try await whole.inside { try NftablesHandle().replace(final) }
        #expect(try words(namespace) == words(whole), "seed \(seed)")
    }

    /// What nft lists, in no order: elements are told apart by commas.
    private func words(_ namespace: TestNamespace) throws -> [String] {
        let parts: [Substring] = try namespace.listRuleset().split { ",\n{}".contains($0) }
        let words = parts.map { part -> String in
            var word = part.drop { $0 == " " || $0 == "\t" }
            if word.hasPrefix("elements = ") { word = word.dropFirst(11) }
            while word.last == " " { word = word.dropLast() }
            return String(word)
        }
        return words.filter { !$0.isEmpty }.sorted()
    }

    @Test("tables can be replaced while they are there, by either layout")
    func replace() async throws {
        let namespace = try await TestNamespace()
        let cluster = SampleCluster([service()], [slice([endpoint("10.244.1.5", on: "node1")])])
        for layout in ProxyLayout.allCases + ProxyLayout.allCases {
            let tables = cluster.ruleset(layout).tables
            try await namespace.inside { try NftablesHandle().replace(tables) }
        }
        let found = try await namespace.inside { try NftablesHandle().tables() }
        #expect(Set(found) == Set(ProxyLayout.tables))
    }

    @Test(
        "5,000 endpoints of one Service are programmed, changed one by one, and removed",
        arguments: ProxyLayout.allCases)
    func manyEndpoints(layout: ProxyLayout) async throws {
        let namespace = try await TestNamespace()
        func slices(_ count: Int) -> [JSONSlice] {
            stride(from: 0, to: count, by: 100).map { start in
                JSONSlice(
                    name: "web-\(start)",
                    addresses: (start..<min(start + 100, count)).map { "10.244.\($0 / 250).\($0 % 250 + 1)" })
            }
        }
        var tracker = ServiceTracker(SampleCluster.settings)
        tracker.update(service("web", ["10.96.10.50"], ["type": "NodePort"], ports: [["port": 80, "nodePort": 30080]]))
        for part in slices(5_000) { tracker.update(part.slice) }
        _ = tracker.takeChanges()
        var ruleset = NodeRuleset(layout, node: SampleCluster.nodes[0], settings: SampleCluster.settings, from: tracker)
        let tables = ruleset.tables
        try await namespace.inside { try NftablesHandle().replace(tables) }
        for count in [4_999, 5_000, 0] {
            tracker.replaceAll(
                services: [
                    service("web", ["10.96.10.50"], ["type": "NodePort"], ports: [["port": 80, "nodePort": 30080]])
                ],
                endpointSlices: slices(count).map(\.slice))
            let update = ruleset.update(tracker.takeChanges(), from: tracker)
            let wanted = try #require(ruleset.outlines[ProxyLayout.tables[0]])
            let found = try await namespace.inside {
                let handle = try NftablesHandle()
                try handle.commit(update.changes, to: update.tables)
                return try handle.outline(of: ProxyLayout.tables[0])
            }
            #expect(found == wanted, "\(count)")
        }
    }

    /// A slice of a hundred endpoints.
    private struct JSONSlice {
        let name: String
        let addresses: [String]

        var slice: EndpointSlice {
            ServiceProxyTests.slice(addresses.map { endpoint($0, on: "node1") }, name: name)
        }
    }
}
