import Addressing
import PacketCapture
import Testing
import Topology

@testable import Conformance

@Suite struct ProbeTests {
    @Test("the checksum of SCTP is the Castagnoli CRC")
    func crc() {
        #expect(CRC32C.checksum("123456789".utf8) == 0xe306_9283)
        #expect(CRC32C.checksum([UInt8](repeating: 0, count: 32)) == 0x8a91_36aa)
    }

    @Test("an INIT carries a checksum over itself, and is read back by the decoder")
    func initiation() {
        let packet = SCTPInit.packet(sourcePort: 40000, destinationPort: 8080, initiateTag: 0x0102_0304)
        let stored = packet[8..<12].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        var blank = packet
        blank.replaceSubrange(8..<12, with: [0, 0, 0, 0])
        #expect(CRC32C.checksum(blank) == stored)
        let frame = Frame.decode(
            PacketBuilder.frame(
                PacketBuilder.ip(Sample.a.address, Sample.b.address, 132, packet), from: .zero, to: .zero))
        guard case .sctp(let header) = frame.packet?.transport else { return #expect(Bool(false), "\(frame)") }
        #expect(header.firstChunk == .initiation && header.destinationPort == 8080)
    }

    @Test(
        "a probe's datagram has exactly the size that is asked for, and its token is found in as much as was captured")
    func datagram() {
        let flow = Sample.flow(.udp(8080))
        for size in [64, 65, 1422, 8000] {
            let bytes = ProbeMessage.datagram(flow, size: size)
            #expect(bytes.count == size)
            #expect(ProbeMessage.token(in: bytes[..<32]) == flow.token)
        }
        #expect(ProbeMessage.token(in: ProbeMessage.request(flow)[...]) == flow.token)
        #expect(ProbeMessage.token(in: Array("seen 00ff".utf8)[...]) == nil)
        #expect(ProbeMessage.token(in: Array("{\"id\":\"\(flow.token)\"}".utf8)[...]) == nil)
    }

    @Test("tokens read back what they write, leading zeros included", arguments: [1, 0xabc, UInt64.max])
    func token(value: UInt64) {
        let token = ProbeToken(value)
        #expect(token.description.utf8.count == ProbeToken.length)
        #expect(ProbeToken(Array(token.description.utf8)) == token)
        #expect(token.initiateTag != 0)
    }
}

@Suite struct FlowPlannerTests {
    private static let lab = LabSpec(
        name: "lab", cluster: ClusterSpec(podCIDR: [CIDR("10.244.0.0/16")].compactMap { $0 }),
        nodes: [
            NodeSpec(name: "node1", address: [Sample.node1]), NodeSpec(name: "node2", address: [Sample.node2]),
        ],
        pods: [
            PodSpec(namespace: LabModel.fixtureNamespace, name: "a", node: "node1", address: [Sample.a.address]),
            PodSpec(namespace: LabModel.fixtureNamespace, name: "b", node: "node2", address: [Sample.b.address]),
            PodSpec(name: "user", node: "node2", address: [Sample.c.address]),
            PodSpec(
                name: "mute", node: "node2", address: [Sample.node2],
                containers: [ContainerSpec(name: "x", image: "nginx")]),
        ])
    private static let served: Set<String> = [
        "lab-conformance/a/server", "lab-conformance/b/server", "default/user/server",
    ]

    private func planner() -> FlowPlanner {
        FlowPlanner(
            model: LabModel(Self.lab, served: Self.served), fixtures: ["lab-conformance/a", "lab-conformance/b"])
    }

    private func step(
        _ from: [String], _ to: [String], _ protocols: [ProbeProtocol] = [.udp(8080)], _ relation: ProbeRelation = .any,
        expect: ProbeExpectation = .all([.delivered])
    ) -> ProbeStep {
        var step = ProbeStep(
            from: from.compactMap { ParticipantSelector($0) }, to: to.compactMap { DestinationSelector($0) },
            protocols: protocols,
            keyPath: "step[0]")
        step.relation = relation
        step.expectation = expect
        return step
    }

    @Test("pods are the case's own and the lab's that say who they are, each pair once a protocol")
    func pairs() {
        let plan = planner().plan(step(["pods"], ["pods"], [.udp(8080), .tcp(8080), .sctp(8080)]), numberedFrom: 1)
        #expect(plan.flows.count == 18)
        #expect(plan.problems.isEmpty)
        #expect(Set(plan.flows.map(\.flow.token)).count == 18)
        #expect(plan.flows.map(\.flow.number) == Array(1...18))
        #expect(!plan.flows.contains { $0.flow.sender.name.contains("mute") })
    }

    @Test("same-node and other-node part all pairs, and nobody is a pair with itself unless that is asked for")
    func relations() {
        func count(_ relation: ProbeRelation) -> Int {
            planner().plan(step(["pods"], ["pods"], [.udp(8080)], relation), numberedFrom: 1).flows.count
        }
        #expect(count(.any) == 6)
        #expect(count(.sameNode) == 2)
        #expect(count(.otherNode) == 4)
        #expect(count(.itself) == 3)
    }

    @Test("a step that probes nobody, or selects nobody, cannot pass")
    func nothing() {
        #expect(!planner().plan(step(["pods"], ["pods"], [.udp(9999)]), numberedFrom: 1).problems.isEmpty)
        #expect(!planner().plan(step(["pods"], ["pod/none"]), numberedFrom: 1).problems.isEmpty)
        #expect(!planner().plan(step(["hosts"], ["pods"]), numberedFrom: 1).problems.isEmpty)
    }

    @Test("an entry of the table that no pair meets, and a pair without an entry, are problems")
    func table() {
        func pair(_ from: String, _ to: String) -> ExpectedPair? {
            guard let from = ParticipantSelector(from), let to = DestinationSelector(to) else { return nil }
            return ExpectedPair(from: from, to: to)
        }
        func plan(_ entries: [(ExpectedPair?, ExpectedOutcome)]) -> FlowPlanner.Plan {
            let table = Dictionary(
                entries.compactMap { pair, outcome in pair.map { ($0, outcome) } }, uniquingKeysWith: { $1 })
            return planner().plan(step(["pod/a"], ["pods"], expect: .table(table)), numberedFrom: 1)
        }
        let narrow = plan([(pair("pod/a", "pods"), .delivered), (pair("pod/a", "pod/b"), .dropped)])
        #expect(narrow.problems.isEmpty)
        #expect(narrow.flows.first { $0.flow.destination.name.hasSuffix("/b") }?.expected == .dropped)
        #expect(narrow.flows.first { $0.flow.destination.name.hasSuffix("/user") }?.expected == .delivered)
        #expect(plan([(pair("pod/a", "pod/b"), .delivered)]).problems.count == 1)
        #expect(plan([(pair("pod/a", "pods"), .delivered), (pair("pod/b", "pod/a"), .dropped)]).problems.count == 1)
    }
}

@Suite struct PlaceholderTests {
    private static let lab = LabSpec(name: "lab", nodes: [NodeSpec(name: "first", address: [Sample.node1])])

    @Test("placeholders take the lab's values, and other braces stay")
    func values() {
        let placeholders = Placeholders(Self.lab)
        #expect(
            placeholders.expand("{node.1} {node.1.ip} {node.1.ipv4} {a: b} {")
                == "first 192.168.1.10 192.168.1.10 {a: b} {")
        #expect(placeholders.expand("{node.2}") == nil)
        #expect(placeholders.expand("{node.1.ipv6}") == nil)
    }

    @Test("a document that names what the lab lacks is left out, and the lines of the others stay where they were")
    func documents() throws {
        let text = "kind: Pod # {node.2}\nx: y\n---\nkind: Pod\nnode: \"{node.1}\"\n"
        let expanded = FixturePods(placeholders: Placeholders(Self.lab)).expanded(text)
        #expect(expanded == "\n\n---\nkind: Pod\nnode: \"first\"\n")
    }
}
