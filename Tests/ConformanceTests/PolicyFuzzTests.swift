import FoundationEssentials
import KubernetesModel
import Testing
import Topology

@testable import Conformance

@Suite(.serialized) struct PolicyFuzzTests {
    @Test func `the same seed gives the same changes, all of them valid`() {
        var (one, other) = (RandomPolicies(seed: 7, in: PolicyWorld()), RandomPolicies(seed: 7, in: PolicyWorld()))
        var different = RandomPolicies(seed: 8, in: PolicyWorld())
        var differs = false
        for _ in 0..<200 {
            let changes = one.next()
            #expect(changes == other.next())
            differs = differs || changes != different.next()
            for case .apply(var object) in changes {
                ResourceType.networkPolicies.applyDefaults(to: &object)
                let problems = ResourceType.networkPolicies.faults(of: object)
                #expect(problems.isEmpty, "\(object.value.yamlText)\(problems)")
            }
        }
        #expect(differs)
    }

    @Test func `every reduction is smaller, and the smallest have none`() throws {
        var random = RandomPolicies(seed: 3, in: PolicyWorld())
        for _ in 0..<20 { _ = random.next() }
        var policies = Array(random.policies.values).sorted {
            "\($0.namespace)/\($0.name)" < "\($1.namespace)/\($1.name)"
        }
        try #require(!policies.isEmpty)
        while let next = PolicyReduction.smaller(policies).last {
            #expect(Self.size(next) < Self.size(policies))
            policies = next
        }
        #expect(policies.isEmpty)
    }

    private static func size(_ policies: [APIObject]) -> Int {
        policies.reduce(0) { $0 + $1.value.yamlText.utf8.count }
    }

    /// A lab whose engine has a fault: the random changes find it, and what is saved shows it and fails again.
    @Test func `a fault is found, made small, saved as a case, and fails as that`() async throws {
        try await withLab(fault: "egress-ignored") { lab, suite, saved in
            let report = try await ConformanceRun(suite.fuzzing(for: .seconds(60), seed: 1, saved: saved)).run(on: lab)
            let path = "\(saved)/policy-random-1/case.toml"
            let text = try String(contentsOfFile: "\(saved)/policy-random-1/policies.yaml", encoding: .utf8)
            #expect(report.results.first?.status == .failed, "\(report.table(color: false))")
            #expect(text.contains("Egress"), "\(text)")
            #expect(text.components(separatedBy: "kind: NetworkPolicy").count <= 3, "\(text)")
            let again = try Self.suite(suite, with: path)
            let second = try await ConformanceRun(again).run(on: lab)
            #expect(second.results.first?.status == .failed, "\(text)\(second.table(color: false))")
        }
    }

    @Test func `a right engine stands random changes`() async throws {
        try await withLab(fault: nil) { lab, suite, saved in
            let report = try await ConformanceRun(suite.fuzzing(for: .seconds(3), seed: 2, saved: saved)).run(on: lab)
            #expect(report.hasPassed, "\(report.table(color: false))")
            #expect((report.results.first?.probed ?? 0) > 0)
        }
    }

    private static func suite(_ suite: ConformanceSuite, with path: String) throws -> ConformanceSuite {
        let item = try CaseFile.read(try SourceFile.read(path))
        return ConformanceSuite(
            directory: suite.directory, behaviours: suite.behaviours, cases: [item], mutants: [],
            profiles: suite.profiles)
    }

    private func withLab(
        fault: String?, _ body: (InProcessLab, ConformanceSuite, String) async throws -> Void
    ) async throws {
        try await ConformanceTests.withLab(
            { spec in
                spec.components.networkPolicy = .nftables
                spec.components.networkPolicyFault = fault
            }, body)
    }
}
