import Glibc
public import Topology

/// Holds the suite itself to the test: it must fail on every mutant, and every case must fail on some mutant.
public struct MutantRun: Sendable {
    /// Which cases are run on a mutant. One that breaks nothing has to pass them all.
    public enum Extent: Hashable, Sendable {
        /// Every case.
        case allCases
        /// Those that prove what it breaks, and the core cases.
        case concernedCases
        /// Those that prove what it breaks, until it is found and the others have failed other mutants.
        case untilFound
    }

    private let suite: ConformanceSuite
    private let spec: LabSpec
    private let extent: Extent

    /// Prepares a run over all mutants of a suite.
    /// - Parameters:
    ///   - suite: the cases and mutants.
    ///   - spec: the lab that mutants are made of; nil: the suite's lab.toml.
    ///   - extent: which cases are run on each mutant.
    /// - Throws: `LabFileError` where the suite's lab is not valid.
    public init(
        _ suite: ConformanceSuite, spec: LabSpec? = nil, extent: Extent = .concernedCases
    ) throws(LabFileError) {
        self.suite = suite
        self.extent = extent
        self.spec = if let spec { spec } else { try suite.mutantLab() }
    }

    /// Runs the suite on a healthy lab first, then on each mutant, a fresh lab each.
    /// - Parameter healthy: what the suite's cases have shown of the lab as it should be; nil: that is still to be seen.
    /// - Throws: what keeps a lab from being built or removed, or the suite from running on it.
    public func run<Factory: LabFactory>(
        with factory: Factory, healthy known: ConformanceReport? = nil,
        progress: @escaping @Sendable (MutantProgress) -> Void = { _ in }
    ) async throws -> MutantReport {
        let reckoned = try await reckonedMatrix()
        let healthy = if let known { known } else { try await report(on: spec, with: factory) }
        progress(.healthy(hasPassed: healthy.hasPassed))
        let trial = MutantTrial(suite, extent, healthy)
        var results = try await sideBySide(with: factory, trial, progress)
        for number in results.indices where results[number].isDoubtful {
            // On a machine that has too much to do, probes are late and packets are lost: once more, by itself.
            try Task.checkCancellation()
            let mutant = results[number].mutant
            progress(.running(mutant.id, number: number + 1, of: results.count))
            results[number] = try await result(of: mutant, number, with: factory, trial)
            progress(.finished(results[number]))
        }
        return MutantReport(healthy: healthy, results: results, extent: extent, reckoned: reckoned)
    }

    /// What the generated cases find by the oracle alone that are tried on no mutant: all but a few of the hundreds.
    private func reckonedMatrix() async throws -> PolicyKillMatrix? {
        let generated = Set(suite.cases.filter(\.isGenerated).map(\.id)).subtracting(suite.mutants.flatMap(\.cases))
        guard !generated.isEmpty, extent != .allCases else { return nil }
        let world = PolicyWorld()
        let scenarios = PolicyScenario.all(in: world).filter { generated.contains($0.id) }
        return try await PolicyKillMatrix.reckoned(of: scenarios, in: world)
    }

    /// Tries all mutants, several at a time, and gives what came of them in their order.
    private func sideBySide<Factory: LabFactory>(
        with factory: Factory, _ trial: MutantTrial, _ progress: @escaping @Sendable (MutantProgress) -> Void
    ) async throws -> [MutantResult] {
        try await withThrowingTaskGroup(of: (Int, MutantResult).self) { group in
            var results: [Int: MutantResult] = [:]
            // Those that every case runs on take longest, and so begin first.
            let numbered = suite.mutants.enumerated().map { (number: $0.offset, mutant: $0.element) }
            let order = numbered.filter(\.mutant.breaks.isEmpty) + numbered.filter { !$0.mutant.breaks.isEmpty }
            for (turn, (number, mutant)) in order.enumerated() {
                if turn >= Self.width, let (place, result) = try await group.next() {
                    results[place] = result
                    progress(.finished(result))
                }
                try Task.checkCancellation()
                progress(.running(mutant.id, number: number + 1, of: suite.mutants.count))
                group.addTask { (number, try await result(of: mutant, number, with: factory, trial)) }
            }
            for try await (place, result) in group {
                results[place] = result
                progress(.finished(result))
            }
            return results.sorted { $0.key < $1.key }.map(\.value)
        }
    }

    /// How many mutants are tried at a time: a lab mostly waits.
    private static let width = 1 + sysconf(Int32(_SC_NPROCESSORS_ONLN))

    private func result<Factory: LabFactory>(
        of mutant: Mutant, _ number: Int, with factory: Factory, _ trial: MutantTrial
    ) async throws -> MutantResult {
        var spec = spec
        spec.name = "mutant-\(getpid())-\(number)"
        if let podNetwork = mutant.podNetwork { spec.components.podNetwork = podNetwork }
        if let serviceProxy = mutant.serviceProxy { spec.components.serviceProxy = serviceProxy }
        if let reason = mutant.needs.unmet(by: spec) {
            return MutantResult(mutant: mutant, notApplicable: reason, report: nil)
        }
        spec.components.serviceProxyFault = mutant.serviceProxyFault
        spec.components.dnsFault = mutant.dnsFault
        spec.components.networkPolicyFault = mutant.networkPolicyFault
        let report = try await report(on: spec, with: factory) { lab in
            let directories = lab.directories
            return ConformanceRun(trial.suite(for: mutant), options: trial.options(for: mutant)) { spec, threads in
                try await Sabotage(mutant: mutant, lab: spec).perform(threads, directories)
            }
        }
        let result = MutantResult(mutant: mutant, notApplicable: nil, report: report)
        trial.note(result)
        return result
    }

    /// What the cases that are tried on mutants show of the lab as it should be.
    private func report<Factory: LabFactory>(
        on spec: LabSpec, with factory: Factory
    ) async throws -> ConformanceReport {
        var spec = spec
        spec.name = "mutant-\(getpid())-0"
        return try await report(on: spec, with: factory) { _ in
            var options = ConformanceRun.Options()
            options.keepsLab = false
            return ConformanceRun(MutantTrial.healthySuite(suite, extent), options: options)
        }
    }

    private func report<Factory: LabFactory>(
        on spec: LabSpec, with factory: Factory, _ run: (Factory.Lab) -> ConformanceRun
    ) async throws -> ConformanceReport {
        let lab = try await factory.bringUp(spec)
        do {
            let report = try await run(lab).run(on: lab)
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
