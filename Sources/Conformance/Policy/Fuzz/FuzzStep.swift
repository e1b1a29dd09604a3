/// A step that changes policies at random for some time, and looks at all flows after each change.
public struct FuzzStep: Hashable, Sendable {
    /// For how long.
    public let time: Duration
    /// What the changes follow from.
    public let seed: UInt64
    /// The directory that what fails is saved in, as a case.
    public let directory: String
    /// The suite's, where the manifest of the pods is.
    public let suite: String
    /// How long the lab may take to come to what is expected after a change.
    var settle = Duration.seconds(5)
    var keyPath: String { "step[0]" }
}

/// A step that looks at all flows between the pods of the policy cases.
public struct TableStep: Hashable, Sendable {
    /// How long the lab may take to come to what the oracle says.
    public let settle: Duration
    /// Where the step stands in its file.
    public let keyPath: String
}

extension ConformanceSuite {
    /// The suite with one case only: policies that change at random.
    ///
    /// - Parameters:
    ///   - time: for how long.
    ///   - seed: what the changes follow from.
    ///   - saved: the directory that what fails is saved in, as a case.
    public func fuzzing(for time: Duration, seed: UInt64, saved: String) -> ConformanceSuite {
        var needs = LabNeeds()
        needs.networkPolicy = .any
        let step = FuzzStep(time: time, seed: seed, directory: saved, suite: directory)
        let item = ConformanceCase(
            id: "policy/random", proves: ["G9"], title: "policies that change at random, seed \(seed)",
            source: "networking/v1 NetworkPolicySpec", leavesOpen: nil, level: .required, isGenerated: true,
            needs: needs,
            pods: [PolicyWorld.manifest(in: directory)], steps: [.fuzz(step)], file: saved)
        return ConformanceSuite(
            directory: directory, behaviours: behaviours, cases: [item], mutants: [], profiles: profiles)
    }
}
