import Addressing
import KubernetesModel
import Nftables
import PolicyEngine
import TestSupport
import Testing

@Suite struct FaultTests {
    private typealias Tables = [(node: String, tables: [Table])]

    @Test func `every fault lets a packet pass or stops one wrongly in some random cluster`() throws {
        var unseen = Set(PolicyFault.allCases)
        for seed in 0..<200 where !unseen.isEmpty {
            var random = RandomCluster(seed: UInt64(seed))
            for _ in 0..<(seed.isMultiple(of: 3) ? 30 : 14) { _ = random.change() }
            let before = random.objects
            for _ in 0..<8 { _ = random.change() }
            let right = Self.tables(from: before, to: random.objects, nil)
            let cluster = SampleCluster(objects: Array(random.objects.values))
            var generator = SeededGenerator(seed: UInt64(seed))
            let packets = Self.packets(
                before.values.filter { $0.kind == "Pod" }.flatMap { Pod($0).podIPs }, cluster.snapshot
            ).shuffled(using: &generator).prefix(300)
            let rightNodes = right.map { ($0.node, PacketSimulation($0.tables)) }
            var outcomes: [Bool] = []
            for fault in unseen {
                let wrong = Self.tables(from: before, to: random.objects, fault)
                guard zip(wrong, right).contains(where: { $0.tables != $1.tables }) else { continue }
                if outcomes.isEmpty { outcomes = try packets.map { try cluster.outcome($0, rightNodes).passes } }
                let wrongNodes = wrong.map { ($0.node, PacketSimulation($0.tables)) }
                for (packet, passes) in zip(packets, outcomes)
                where try cluster.outcome(packet, wrongNodes).passes != passes {
                    unseen.remove(fault)
                    break
                }
            }
        }
        #expect(unseen.isEmpty, "\(unseen.map(\.rawValue).sorted())")
    }

    @Test func `names are distinct, and sentences say something`() {
        let faults = PolicyFault.allCases
        #expect(faults.count >= 60)
        #expect(Set(faults.map(\.sentence)).count == faults.count)
        #expect(faults.allSatisfy { $0.sentence.hasSuffix(".") })
    }

    /// The nodes' tables after an engine with a fault began with some objects and heard of others.
    private static func tables(
        from before: [String: APIObject], to after: [String: APIObject], _ fault: PolicyFault?
    ) -> Tables {
        var known = before
        for key in Set(before.keys).union(after.keys) where before[key] != after[key] {
            if fault?.hears(before[key], after[key]) ?? true { known[key] = after[key] }
        }
        var tracker = PolicyTracker()
        let objects = Array(known.sorted { $0.key < $1.key }.map(\.value))
        for object in fault?.objects(objects) ?? objects { tracker.feed(object) }
        _ = tracker.takeChanges()
        return ["node1", "node2"].map { name in
            let tables = NodePolicyRuleset(SampleCluster.node(name), from: tracker).tables
            return (name, tables.map { fault?.table($0) ?? $0 })
        }
    }

    private static func packets(_ formerAddresses: [IPAddress], _ cluster: ClusterSnapshot) -> [Packet] {
        let pods = cluster.pods.flatMap(\.podIPs)
        let nodes = cluster.nodes.flatMap(\.internalIPs)
        let ends = Set(formerAddresses + pods + nodes + RandomCluster.outside.map { ip($0) } + [ip("10.244.1.200")])
            .sorted()
        var packets: [Packet] = []
        for source in ends {
            for destination in ends where destination.family == source.family {
                for (transport, port) in [(6, 80), (6, 81), (6, 79), (6, 443), (17, 53), (17, 80), (132, 80)] {
                    packets.append(
                        Packet(
                            source: source, destination: destination, transport: UInt8(transport), port: UInt16(port)))
                }
                packets.append(Packet(source: source, destination: destination, port: 80, originalPort: 8000))
                packets.append(Packet(source: source, destination: destination, state: .established))
                packets.append(
                    Packet(source: source, destination: destination, transport: 58, port: 0, state: .untracked))
            }
        }
        return packets
    }
}
