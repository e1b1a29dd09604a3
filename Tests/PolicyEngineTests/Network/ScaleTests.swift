import Addressing
import KubernetesModel
import NetworkNamespaces
import Nftables
import PolicyEngine
import Testing

@Suite(.serialized) struct ScaleTests {
    /// 1,000 pods on one node, and 1,000 policies of which 20 select each pod.
    @Test func `a thousand policies over a thousand pods are programmed, and one changed`() async throws {
        let namespace = try await TestNamespace()
        let clock = ContinuousClock()
        let pods = (0..<1000).map { number in
            Pod(
                podObject(
                    "default", "pod\(number)", ["app": "a\(number % 50)", "n": "\(number)"],
                    ["10.244.\(number / 250).\(number % 250 + 2)"]))
        }
        let policies = try (0..<1000).map { NetworkPolicy(policyObject("p\($0)", try Self.spec($0, port: 80))) }
        var tracker = PolicyTracker()
        let start = clock.now
        tracker.replaceAll(policies: policies, pods: pods, namespaces: [])
        _ = tracker.takeChanges()
        let tracked = clock.now
        var ruleset = NodePolicyRuleset(PolicyNode(name: "node1"), from: tracker)
        let tables = ruleset.tables
        let built = clock.now
        let committed = try await namespace.inside {
            try NftablesHandle().replace(tables)
            return clock.now
        }
        print("1000 x 1000: track \(tracked - start), build \(built - tracked), kernel \(committed - built)")
        var steps = 0
        for (what, body) in try Self.changes() {
            let begin = clock.now
            body(&tracker)
            let update = ruleset.update(tracker.takeChanges(), from: tracker)
            let made = clock.now
            try await namespace.inside { try NftablesHandle().commit(update.changes, to: update.tables) }
            print("\(what): build \(made - begin), kernel \(clock.now - made), \(update.changes.count) steps")
            steps = max(steps, update.changes.count)
        }
        #expect(steps < 30)
        let expected = ruleset
        try await namespace.inside {
            let found = try NftablesHandle().outline(of: TableIdentity(.ip, NodePolicyRuleset.tableName))
            try #require(expected.isIntact(TableIdentity(.ip, NodePolicyRuleset.tableName), found))
        }
    }

    private static func spec(_ number: Int, port: Int) throws -> JSONValue {
        try json(
            #"""
            {"podSelector": {"matchLabels": {"app": "a\#(number % 50)"}}, "ingress": [{"from": [{"podSelector":
            {"matchLabels": {"app": "a\#((number + 7) % 50)"}}}], "ports": [{"port": \#(port + number)}]}]}
            """#)
    }

    private static func changes() throws -> [(String, @Sendable (inout PolicyTracker) -> Void)] {
        let policy = policyObject("p5", try spec(5, port: 2000))
        let pod = podObject("default", "pod3", ["app": "a9", "n": "3"], ["10.244.0.5"])
        return [
            ("one policy changed", { $0.feed(policy) }), ("one pod's label changed", { $0.feed(pod) }),
            ("one policy deleted", { $0.removePolicy(PolicyReference(name: "p6")) }),
        ]
    }
}
