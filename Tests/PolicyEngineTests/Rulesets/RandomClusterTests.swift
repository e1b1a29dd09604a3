import Addressing
import KubernetesModel
import Nftables
import PolicyEngine
import Testing

@Suite struct RandomClusterTests {
    /// The answers that the engine's settings are, with ICMP left out.
    private static let profile: PolicyProfile = [
        .hostNetworkPods: "as-node", .egressToOwnNode: "allowed", .hairpin: "allowed", .masqueradedSource: "client",
    ]

    @Test(arguments: 0..<40)
    func `packets pass where the oracle says so`(seed: Int) throws {
        var random = RandomCluster(seed: UInt64(seed))
        for _ in 0..<25 { _ = random.change() }
        let cluster = SampleCluster(objects: Array(random.objects.values))
        let compared = try compare(cluster, random)
        #expect(compared > 0)
    }

    /// Compares every pair of ends at a few ports.
    private func compare(_ cluster: SampleCluster, _ random: RandomCluster) throws -> Int {
        let snapshot = cluster.snapshot
        let oracle = PolicyOracle(snapshot)
        let sources =
            snapshot.pods.map { FlowSource.pod(PodReference($0)) } + [.node("node1"), .node("node2")]
            + RandomCluster.outside.map { .outside(ip($0), through: "node1") }
        let targets =
            snapshot.pods.flatMap(\.podIPs)
            + (RandomCluster.outside + ["192.168.1.10", "192.168.1.20", "fd01::10", "fd01::20"]).map { ip($0) }
        let rulesets = ["node1", "node2"].map { ($0, cluster.ruleset($0)) }
        let tables = rulesets.map { ($0.0, PacketSimulation($0.1.tables)) }
        var compared = 0
        for source in sources {
            for target in targets {
                for (transport, port) in [(TransportProtocol.tcp, UInt16(80)), (.tcp, 81), (.udp, 53), (.sctp, 80)] {
                    let end = FlowTarget(target, transport, port)
                    guard let address = Self.address(source, target.family, snapshot),
                        let verdict = try? oracle.verdict(from: source, to: end)
                    else { continue }
                    let expected = verdict.settled(by: Self.profile)
                    let packet = Packet(
                        source: address, destination: target, transport: transport.wireNumber, port: port)
                    let outcome = try cluster.outcome(packet, tables)
                    compared += 1
                    let flow = EstablishedFlow(
                        source: address, destination: target, transport: transport.wireNumber, port: port)
                    let stays = rulesets.allSatisfy { $0.1.isAllowed(flow) }
                    guard outcome.passes == expected.isAllowed, stays == outcome.passes else {
                        Issue.record(
                            "\(source) to \(end): engine \(outcome) (stays: \(stays)), oracle \(expected)\n\(random.manifest)"
                        )
                        return compared
                    }
                }
            }
        }
        return compared
    }

    private static func address(
        _ source: FlowSource, _ family: AddressFamily, _ snapshot: ClusterSnapshot
    ) -> IPAddress? {
        switch source {
        case .pod(let reference):
            guard let pod = snapshot.pod(reference) else { return nil }
            return pod.podIPs.first { $0.family == family }
        case .node(let name): return snapshot.node(name)?.primaryIP(family)
        case .outside(let address, _): return address.family == family ? address : nil
        }
    }

    /// Two nodes follow every change, and a third one misses batches.
    @Test(arguments: 0..<40)
    func `changes lead to the same as building anew`(seed: Int) throws {
        var random = RandomCluster(seed: UInt64(1000 + seed), hasMovingPods: true)
        var tracker = PolicyTracker()
        for object in random.objects.values { tracker.feed(object) }
        let nodes = ["node1", "node2", "node1"].map { SampleCluster.node($0) }
        var rulesets = nodes.map { NodePolicyRuleset($0, from: tracker) }
        var kernels = rulesets.map { ChangedTables($0.tables) }
        for step in 0..<50 {
            for _ in 0...(step % 3) {
                let (key, object) = random.change()
                if let object { tracker.feed(object) } else { tracker.remove(key) }
            }
            let changes = tracker.takeChanges()
            var fresh = PolicyTracker()
            for object in random.objects.values { fresh.feed(object) }
            _ = fresh.takeChanges()
            for index in nodes.indices where index < 2 || step % 4 == seed % 4 {
                let update = rulesets[index].update(changes, from: tracker)
                try kernels[index].apply(update.changes)
                let whole = NodePolicyRuleset(nodes[index], from: fresh)
                let found = NodePolicyRuleset.tables.compactMap { kernels[index].tables[$0] }.map(\.inOrder)
                #expect(found == whole.tables.map(\.inOrder), "step \(step)")
                #expect(rulesets[index].tables == whole.tables, "step \(step)")
                #expect(rulesets[index].outlines == whole.outlines, "step \(step)")
                #expect(rulesets[index].update(changes, from: tracker).isEmpty, "step \(step)")
            }
        }
    }
}

extension PolicyTracker {
    /// Forgets an object by `kind/namespace/name` or `kind/name`.
    mutating func remove(_ key: String) {
        let parts = key.split(separator: "/").map(String.init)
        switch parts[0] {
        case "Pod": removePod(PodReference(namespace: parts[1], name: parts[2]))
        case "NetworkPolicy": removePolicy(PolicyReference(namespace: parts[1], name: parts[2]))
        case "Namespace": removeNamespace(parts[1])
        default: break
        }
    }
}

extension Table {
    /// The same with everything in the order of its name, since the kernel keeps none.
    var inOrder: Table {
        var table = self
        table.sets.sort { $0.name < $1.name }
        table.maps.sort { $0.name < $1.name }
        table.chains.sort { $0.name < $1.name }
        for index in table.sets.indices { table.sets[index].elements.sort { "\($0)" < "\($1)" } }
        for index in table.maps.indices { table.maps[index].elements.sort { "\($0)" < "\($1)" } }
        return table
    }
}
