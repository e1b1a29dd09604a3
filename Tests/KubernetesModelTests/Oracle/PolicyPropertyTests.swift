import Addressing
import KubernetesModel
import TestSupport
import Testing

@Suite("NetworkPolicies of random clusters")
struct PolicyPropertyTests {
    private static let ports = ["TCP 53", "TCP 80", "TCP 81", "TCP 8080", "UDP 53", "UDP 80", "SCTP 80"]
    private static let profiles: [PolicyProfile] = ["as-node", "as-pod"].flatMap { pods in
        ["allowed", "by-rule"].map { [.hostNetworkPods: pods, .egressToOwnNode: $0] }
    }

    @Test("the oracle and the expansion of all rules to sets of flows agree", arguments: [AddressFamily.ipv4, .ipv6])
    func expansion(family: AddressFamily) throws {
        var counts = [true: 0, false: 0]
        var questions: Set<String> = []
        for seed in UInt64(0)..<1_000 {
            var random = RandomPolicies(seed: seed)
            let cluster = try random.cluster()
            let port = random.pick(Self.ports)
            let profile = random.pick(Self.profiles)
            let expansion = PolicyExpansion(
                cluster.objects, outside: Self.outside(family), ports: [port], family: family, profile: profile)
            let names = expansion.parties.map(\.name)
            let oracle = cluster.oracle
            for (source, destination) in Self.pairs(names.count, using: &random.generator) {
                let verdict = try Self.verdict(oracle, names[source], names[destination], port, family)
                let expected = expansion.passing.contains(.init(source: source, destination: destination, port: port))
                let settled = verdict.settled(by: profile)
                #expect(
                    settled.isAllowed == expected,
                    "seed \(seed), \(names[source]) to \(names[destination]) \(port), \(profile): \(settled)")
                counts[expected, default: 0] += 1
                questions.insert(verdict.words)
            }
        }
        let all: Set = ["allowed", "denied", "policy.host-network-pods", "policy.egress-to-own-node"]
        #expect(questions == all, "clusters without some kind of answer prove little")
        #expect(counts.values.allSatisfy { $0 > 3_000 }, "\(counts)")
    }

    @Test("policies add up: without one of them nothing is allowed that it alone allowed, and none isolates less")
    func union() throws {
        for seed in UInt64(0)..<300 {
            var random = RandomPolicies(seed: seed)
            var cluster = try random.cluster()
            guard !cluster.policies.isEmpty else { continue }
            let before = cluster.oracle
            cluster.policies.shuffle(using: &random.generator)
            let shuffled = cluster.oracle
            cluster.policies.append(
                APIObject(
                    .networkPolicies, namespace: "x", name: "all",
                    ["spec": ["podSelector": [:], "ingress": [[:]], "egress": [[:]]]]))
            let opened = cluster.oracle
            let port = random.pick(Self.ports)
            let names = ["x/a", "x/b", "y/a", "y/b", "node1"]
            for (source, destination) in Self.pairs(4, using: &random.generator) {
                let old = try Self.verdict(before, names[source], names[destination], port, .ipv4)
                let new = try Self.verdict(shuffled, names[source], names[destination], port, .ipv4)
                #expect(old.isAllowed == new.isAllowed, "seed \(seed): the order of policies matters")
                let open = try Self.verdict(opened, names[source], names[destination], port, .ipv4)
                let isWithinX = source < 2 && destination < 2
                #expect(!isWithinX || open.isAllowed == true, "seed \(seed): \(open)")
                #expect(old.isAllowed == false || open.isAllowed == true, "seed \(seed): \(open)")
            }
        }
    }

    private static func outside(_ family: AddressFamily) -> [String] {
        family == .ipv4 ? ["192.168.1.100", "203.0.113.9"] : ["fd00:192:168:1::100", "2001:db8::9"]
    }

    /// Some pairs of that many parties.
    private static func pairs(_ count: Int, using generator: inout SeededGenerator) -> [(Int, Int)] {
        (0..<20).map { _ in
            (Int.random(in: 0..<count, using: &generator), Int.random(in: 0..<count, using: &generator))
        }
    }

    private static func verdict(
        _ oracle: PolicyOracle, _ source: String, _ destination: String, _ traffic: String, _ family: AddressFamily
    ) throws -> PolicyVerdict {
        let words = traffic.split(separator: " ")
        let transport = try #require(TransportProtocol(rawValue: String(words[0])))
        let port = try #require(UInt16(words[1]))
        let source = try PolicyCluster.party(source, family)
        switch try PolicyCluster.party(destination, family) {
        case .pod(let pod): return try oracle.verdict(from: source, to: pod, transport, port, family)
        case .node(let name):
            let address = try #require(oracle.cluster.node(name)?.primaryIP(family))
            return try oracle.verdict(from: source, to: FlowTarget(address, transport, port))
        case .outside(let address, _):
            return try oracle.verdict(from: source, to: FlowTarget(address, transport, port))
        }
    }
}
