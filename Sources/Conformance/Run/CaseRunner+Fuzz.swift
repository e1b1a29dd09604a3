import FoundationEssentials
import KubernetesModel

/// Policies that change at random, held against the oracle; what fails is made as small as can be, and saved.
extension CaseRunner {
    /// How long a smaller set of policies may take to be as it should be: one that fails is to fail for good.
    private static let reductionTime = Duration.milliseconds(400)

    mutating func fuzz(_ step: FuzzStep) async throws {
        let deadline = ContinuousClock.now + step.time
        let world = PolicyWorld(stage.model)
        var random = RandomPolicies(seed: step.seed, in: world)
        var number = 0
        while ContinuousClock.now < deadline {
            try Task.checkCancellation()
            number += 1
            lastChange = .now
            try await stage.change(random.next())
            steps = steps.adopting(stage.model)
            let look = try await lookAtTable(within: step.settle, "change \(number)")
            record("change \(number)", look)
            guard !look.differences.isEmpty else { continue }
            let saved = try await shrink(Array(random.policies.values), step)
            result.problems.append("seed \(step.seed), change \(number): not as the oracle says; \(saved)")
            return
        }
        result.checks = [
            GroupVerdict(
                check: "table", keyPath: step.keyPath, isMet: true,
                detail: "\(number) changes from seed \(step.seed), \(result.probed) flows, all as the oracle says")
        ]
    }

    /// Looks at all flows.
    mutating func table(_ step: TableStep) async throws {
        steps = steps.adopting(stage.model)
        record(step.keyPath, try await lookAtTable(within: step.settle, step.keyPath))
    }

    // MARK: Shrinking

    /// Finds the smallest set of policies that still fails, and saves it.
    ///
    /// - Returns: where it is, in words.
    private mutating func shrink(_ policies: [APIObject], _ step: FuzzStep) async throws -> String {
        var smallest = policies.sorted { ($0.namespace, $0.name) < ($1.namespace, $1.name) }
        guard try await fails(smallest, instead: smallest, step) else {
            return "the policies alone do not show it, the changes before are needed: run it with the same seed again"
        }
        var isSmaller = true
        while isSmaller {
            isSmaller = false
            for candidate in PolicyReduction.smaller(smallest) where try await fails(candidate, instead: smallest, step)
            {
                smallest = candidate
                isSmaller = true
                break
            }
        }
        return "saved as \(try save(smallest, step))"
    }

    /// Whether the lab does something else than the oracle says with these policies, made anew.
    private mutating func fails(
        _ policies: [APIObject], instead others: [APIObject], _ step: FuzzStep
    ) async throws -> Bool {
        try await stage.change(others.map { .delete(ObjectKey(.networkPolicies, $0)) })
        try await stage.change(policies.map { .apply($0) })
        steps = steps.adopting(stage.model)
        return try await !lookAtTable(within: Self.reductionTime, step.keyPath).differences.isEmpty
    }

    /// The steps that give namespaces the labels that they have come to.
    private var relabelling: String {
        PolicyWorld.namespaces.compactMap { letter -> String? in
            let name = PolicyWorld.namespace(letter)
            guard let label = stage.model.cluster.labels(ofNamespace: name)["ns"], label != letter else { return nil }
            return "[[step]]\nlabel = { namespace = \"\(name)\", set = { ns = \"\(label)\" } }\n\n"
        }.joined()
    }

    /// Writes a case that can be put into the suite.
    private func save(_ policies: [APIObject], _ step: FuzzStep) throws -> String {
        let directory = "\(step.directory)/policy-random-\(step.seed)"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        try policies.map(\.value.yamlText).joined(separator: "---\n").write(
            toFile: "\(directory)/policies.yaml", atomically: true, encoding: .utf8)
        let text = """
            id = "policy/random-\(step.seed)"
            proves = ["G9"]
            title = "policies that random changes from seed \(step.seed) have come to"
            needs = { nodes = 2, network-policy = true }
            pods = ["\(PolicyWorld.manifest(in: step.suite))"]

            \(relabelling)[[step]]
            apply = ["policies.yaml"]

            [[step]]
            table = "oracle"
            settle = "5s"

            """
        try text.write(toFile: "\(directory)/case.toml", atomically: true, encoding: .utf8)
        return "\(directory)/case.toml"
    }
}
