import Glibc
public import Topology

/// Holds the suite itself to the test: it must fail on every mutant, and every case must fail on some mutant.
public struct MutantRun: Sendable {
    private let suite: ConformanceSuite
    private let spec: LabSpec

    /// Prepares a run over all mutants of a suite.
    /// - Parameters:
    ///   - suite: the cases and mutants.
    ///   - spec: the lab that mutants are made of; nil: the suite's lab.toml.
    /// - Throws: `LabFileError` where the suite's lab is not valid.
    public init(_ suite: ConformanceSuite, spec: LabSpec? = nil) throws(LabFileError) {
        self.suite = suite
        self.spec = if let spec { spec } else { try suite.mutantLab() }
    }

    /// Runs the suite on a healthy lab first, then on each mutant, a fresh lab each.
    /// - Throws: what keeps a lab from being built or removed, or the suite from running on it.
    public func run<Factory: LabFactory>(
        with factory: Factory, progress: @escaping @Sendable (MutantProgress) -> Void = { _ in }
    ) async throws -> MutantReport {
        let healthy = try await report(on: spec, with: factory, breaking: nil)
        progress(.healthy(hasPassed: healthy.hasPassed))
        var results: [MutantResult] = []
        for (number, mutant) in suite.mutants.enumerated() {
            try Task.checkCancellation()
            progress(.running(mutant.id, number: number + 1, of: suite.mutants.count))
            var spec = spec
            if let podNetwork = mutant.podNetwork { spec.components.podNetwork = podNetwork }
            if let serviceProxy = mutant.serviceProxy { spec.components.serviceProxy = serviceProxy }
            if let reason = mutant.needs.unmet(by: spec) {
                results.append(MutantResult(mutant: mutant, notApplicable: reason, report: nil))
                continue
            }
            let report = try await report(on: spec, with: factory, breaking: mutant)
            let result = MutantResult(mutant: mutant, notApplicable: nil, report: report)
            results.append(result)
            progress(.finished(result))
        }
        return MutantReport(healthy: healthy, results: results)
    }

    private func report<Factory: LabFactory>(
        on spec: LabSpec, with factory: Factory, breaking mutant: Mutant?
    ) async throws -> ConformanceReport {
        var spec = spec
        spec.name = "mutant-\(getpid())"
        spec.components.serviceProxyFault = mutant?.serviceProxyFault
        let lab = try await factory.bringUp(spec)
        do {
            let directories = lab.directories
            let run = ConformanceRun(suite, options: ConformanceRun.Options()) { spec, threads in
                guard let mutant else { return }
                try await Sabotage(mutant: mutant, lab: spec).perform(threads, directories)
            }
            let report = try await run.run(on: lab)
            try await factory.takeDown(lab)
            return report
        } catch {
            try? await factory.takeDown(lab)
            throw error
        }
    }
}

/// How a run over mutants goes on.
public enum MutantProgress: Sendable {
    /// The suite has run on the lab as it should be.
    case healthy(hasPassed: Bool)
    /// A mutant is being built and tested.
    case running(String, number: Int, of: Int)
    /// A mutant's verdict is known.
    case finished(MutantResult)
}
