import FoundationEssentials
import PolicyEngine
import Testing

@testable import Conformance

/// The mutants of the policy engine, one a fault that the scenarios find. `LAB_RECORD_SNAPSHOTS=1 swift test --filter
/// PolicyMutantFileTests` writes them anew.
@Suite struct PolicyMutantFileTests {
    private static let path =
        #filePath.replacing("Tests/ConformanceTests/PolicyMutantFileTests.swift", with: "")
        + "conformance/mutants/network-policy.toml"

    /// What no lab shows: the API fills in policyTypes and protocols before an engine sees a policy.
    private static let unseen: Set<PolicyFault> = [
        .typesAlwaysBoth, .typesAlwaysIngress, .typesOnlyOfRules, .defaultProtocolUDP,
    ]

    /// Faults that the first scenario to find them shows by chance only, as the pods' addresses fall, or by replies to nodes,
    /// which no engine looks at in a lab.
    private static let better: [PolicyFault: String] = [
        .blockIgnored: "policy/blocks/ipv4-address", .firstPeerOnly: "policy/blocks/ipv4-block-and-pods",
        .establishedStopped: "policy/pods/created-isolated",
    ]

    @Test func `the suite has a mutant for every fault that a scenario finds, tried on one that does`() throws {
        let tried = Set(PolicyScenario.quick).union(Self.better.values)
        let scenarios = PolicyScenario.all().filter { tried.contains($0.id) }
        let matrix = try PolicyKillMatrix(of: scenarios)
        var text = """
            # The built-in policy engine with one fault each, tried on one of the scenarios that find it: the fewest that find
            # all. `lab conformance --mutants --all-cases` tries every scenario on every mutant.

            """
        for fault in PolicyFault.allCases where !Self.unseen.contains(fault) {
            let rows = matrix.rows.filter { $0.kills.contains(fault) }
            guard let row = rows.first(where: { $0.scenario == Self.better[fault] }) ?? rows.first,
                let scenario = scenarios.first(where: { $0.id == row.scenario })
            else { continue }
            let breaks = scenario.proves.map { "\"\($0)\"" }.joined(separator: ", ")
            text += """

                [[mutant]]
                id = "policy-\(fault.rawValue)"
                title = "a policy engine: \(Self.title(fault))"
                breaks = [\(breaks)]
                cases = ["\(scenario.id)"]
                network-policy-fault = "\(fault.rawValue)"

                """
        }
        if ProcessInfo.processInfo.environment["LAB_RECORD_SNAPSHOTS"] != nil {
            try text.write(toFile: Self.path, atomically: true, encoding: .utf8)
        }
        let found = try String(contentsOfFile: Self.path, encoding: .utf8)
        #expect(found == text, "LAB_RECORD_SNAPSHOTS=1 writes the file anew")
    }

    /// The fault's sentence within another one.
    private static func title(_ fault: PolicyFault) -> String {
        let sentence = fault.sentence.dropLast()
        let isName = sentence.dropFirst().prefix(1).allSatisfy(\.isUppercase)
        return isName ? String(sentence) : sentence.prefix(1).lowercased() + sentence.dropFirst()
    }
}
