import Glibc
public import Topology

/// Holds the suite itself to the test: it must fail on every mutant, and every case must fail on some mutant.
public struct MutantRun: Sendable {
    private let suite: ConformanceSuite
    private let spec: LabSpec
    private let runsAllCases: Bool

    /// Prepares a run over all mutants of a suite.
    /// - Parameters:
    ///   - suite: the cases and mutants.
    ///   - spec: the lab that mutants are made of; nil: the suite's lab.toml.
    ///   - runsAllCases: whether every case runs on every mutant; else those do that prove what it breaks, and the core
    ///     cases. A mutant that breaks nothing has to pass them all.
    /// - Throws: `LabFileError` where the suite's lab is not valid.
    public init(
        _ suite: ConformanceSuite, spec: LabSpec? = nil, runsAllCases: Bool = false
    ) throws(LabFileError) {
        self.suite = suite
        self.runsAllCases = runsAllCases
        self.spec = if let spec { spec } else { try suite.mutantLab() }
    }

    /// Runs the suite on a healthy lab first, then on each mutant, a fresh lab each.
    /// - Throws: what keeps a lab from being built or removed, or the suite from running on it.
    public func run<Factory: LabFactory>(
        with factory: Factory, progress: @escaping @Sendable (MutantProgress) -> Void = { _ in }
    ) async throws -> MutantReport {
        let reckoned = try await reckonedMatrix()
        let healthy = try await report(on: spec, with: factory, breaking: nil)
        progress(.healthy(hasPassed: healthy.hasPassed))
        let patience = Patience.afterHealthy(healthy.results)
        var results = try await sideBySide(with: factory, patience, progress)
        for number in results.indices where results[number].isDoubtful {
            // On a machine that has too much to do, probes are late and packets are lost: once more, by itself.
            try Task.checkCancellation()
            let mutant = results[number].mutant
            progress(.running(mutant.id, number: number + 1, of: results.count))
            results[number] = try await result(of: mutant, number, with: factory, patience)
            progress(.finished(results[number]))
        }
        return MutantReport(healthy: healthy, results: results, runsAllCases: runsAllCases, reckoned: reckoned)
    }

    /// What the generated cases find by the oracle alone that are tried on no mutant: all but a few of the hundreds.
    private func reckonedMatrix() async throws -> PolicyKillMatrix? {
        let generated = Set(suite.cases.filter(\.isGenerated).map(\.id)).subtracting(suite.mutants.flatMap(\.cases))
        guard !generated.isEmpty, !runsAllCases else { return nil }
        let world = PolicyWorld()
        let scenarios = PolicyScenario.all(in: world).filter { generated.contains($0.id) }
        return try await PolicyKillMatrix.reckoned(of: scenarios, in: world)
    }

    /// Tries all mutants, several at a time, and gives what came of them in their order.
    private func sideBySide<Factory: LabFactory>(
        with factory: Factory, _ patience: Patience, _ progress: @escaping @Sendable (MutantProgress) -> Void
    ) async throws -> [MutantResult] {
        try await withThrowingTaskGroup(of: (Int, MutantResult).self) { group in
            var results: [Int: MutantResult] = [:]
            for (number, mutant) in suite.mutants.enumerated() {
                if number >= Self.width, let (place, result) = try await group.next() {
                    results[place] = result
                    progress(.finished(result))
                }
                try Task.checkCancellation()
                progress(.running(mutant.id, number: number + 1, of: suite.mutants.count))
                group.addTask { (number, try await result(of: mutant, number, with: factory, patience)) }
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
        of mutant: Mutant, _ number: Int, with factory: Factory, _ patience: Patience
    ) async throws -> MutantResult {
        var spec = spec
        if let podNetwork = mutant.podNetwork { spec.components.podNetwork = podNetwork }
        if let serviceProxy = mutant.serviceProxy { spec.components.serviceProxy = serviceProxy }
        if let reason = mutant.needs.unmet(by: spec) {
            return MutantResult(mutant: mutant, notApplicable: reason, report: nil)
        }
        let report = try await report(on: spec, with: factory, breaking: mutant, number, patience)
        return MutantResult(mutant: mutant, notApplicable: nil, report: report)
    }

    private func report<Factory: LabFactory>(
        on spec: LabSpec, with factory: Factory, breaking mutant: Mutant?, _ number: Int = 0,
        _ patience: Patience = Patience()
    ) async throws -> ConformanceReport {
        var spec = spec
        spec.name = "mutant-\(getpid())-\(number)"
        spec.components.serviceProxyFault = mutant?.serviceProxyFault
        spec.components.dnsFault = mutant?.dnsFault
        spec.components.networkPolicyFault = mutant?.networkPolicyFault
        var options = ConformanceRun.Options()
        options.patience = patience
        let lab = try await factory.bringUp(spec)
        do {
            let directories = lab.directories
            let run = ConformanceRun(suite.tried(on: mutant, all: runsAllCases), options: options) { spec, threads in
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

extension ConformanceSuite {
    /// The suite with the cases that are tried on a mutant.
    func tried(on mutant: Mutant?, all: Bool) -> ConformanceSuite {
        guard !all else { return self }
        guard let mutant else {
            let named = Set(mutants.flatMap(\.cases))
            return keeping { !$0.isGenerated || named.contains($0.id) }
        }
        guard !mutant.breaks.isEmpty else { return self }
        if !mutant.cases.isEmpty { return keeping { mutant.cases.contains($0.id) } }
        return keeping { item in
            !item.isGenerated && (item.isCore || item.proves.contains(where: mutant.breaks.contains))
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
