import Addressing
import KubernetesModel
import PolicyEngine
import Testing

@testable import Conformance

@Suite struct PolicyKillMatrixTests {
    /// Faults that only a lab shows, or cases of other kinds: of Services and loopbacks, of pods in their nodes' networks, of
    /// neighbour discovery, of addresses that nobody has or that pods get late.
    private static let unseen: Set<PolicyFault> = [
        .discoveryStopped, .toOwnNodeStopped, .itselfStopped, .portsBeforeRewriting, .unknownAddressesOpen,
        .endsSwapped, .hostNetworkPodsAsPeers, .addressesMissed,
    ]

    @Test func `every fault is found, by the few scenarios that are tried for a quick answer`() throws {
        let quick = Set(PolicyScenario.quick)
        let scenarios = PolicyScenario.all().filter { quick.contains($0.id) }
        #expect(scenarios.count == quick.count)
        let matrix = try PolicyKillMatrix(of: scenarios)
        #expect(Set(matrix.survivors) == Self.unseen, "\(matrix)")
        #expect(Set(matrix.smallestCover) == quick)
    }

    @Test func `every scenario finds a fault, and every step changes something or finds one`() throws {
        for scenario in PolicyScenario.all() {
            let witness = try PolicyFaultWitness(scenario)
            let finds = PolicyFault.allCases.contains { witness.witness($0) != nil }
            #expect(finds, "\(scenario.id)")
            for step in scenario.steps.indices where !witness.changes(in: step) {
                let shows = PolicyFault.allCases.contains { witness.steps(showing: $0).contains(step) }
                #expect(shows, "\(scenario.id), step \(step + 1)")
            }
        }
    }

    @Test func `a witness names the step and the flow`() throws {
        let scenario = try #require(PolicyScenario.all().first { $0.id == "policy/rules/ingress-none" })
        let witness = try PolicyFaultWitness(scenario)
        let words = try #require(witness.witness(.ingressIgnored))
        #expect(words.contains("step 1: ") && words.contains("denied"), "\(words)")
        #expect(witness.witness(.udpIgnored) == nil)
        #expect(witness.steps(showing: .ingressIgnored) == [0])
    }

    @Test func `the cover takes what finds most, and leaves out what others make needless`() {
        let (one, two, three, four) = (
            PolicyFault.exceptIgnored, PolicyFault.udpIgnored, PolicyFault.portsIgnored, PolicyFault.peersIgnored
        )
        let matrix = PolicyKillMatrix(
            [
                .init(scenario: "a", kills: [one, two]), .init(scenario: "b", kills: [two, three]),
                .init(scenario: "c", kills: [one, four]), .init(scenario: "d", kills: []),
            ], faults: [one, two, three, four, .blockIgnored])
        #expect(matrix.smallestCover == ["b", "c"])
        #expect(matrix.idle == ["d"])
        #expect(matrix.survivors == [.blockIgnored])
    }
}
