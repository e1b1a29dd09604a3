import Synchronization

/// What is tried on mutants: which cases, in which order, and until when.
final class MutantTrial: Sendable {
    private let suite: ConformanceSuite
    private let extent: MutantRun.Extent
    private let patience: Patience
    /// How long the cases took where all was well, by their ids.
    private let durations: [String: Duration]
    /// The cases that are known to have failed a mutant.
    private let failed = Mutex<Set<String>>([])

    /// - Parameter healthy: what the suite has shown of the lab as it should be.
    init(_ suite: ConformanceSuite, _ extent: MutantRun.Extent, _ healthy: ConformanceReport) {
        self.suite = suite
        self.extent = extent
        patience = .afterHealthy(healthy.results)
        durations = Dictionary(healthy.results.map { ($0.item.id, $0.duration) }) { first, _ in first }
    }

    /// The cases that have to be seen on the lab as it should be.
    static func healthySuite(_ suite: ConformanceSuite, _ extent: MutantRun.Extent) -> ConformanceSuite {
        guard extent != .allCases else { return suite }
        let named = Set(suite.mutants.flatMap(\.cases))
        return suite.keeping { !$0.isGenerated || named.contains($0.id) }
    }

    /// The cases that may be run on a mutant.
    func suite(for mutant: Mutant) -> ConformanceSuite {
        guard extent != .allCases, !mutant.breaks.isEmpty else { return suite }
        if !mutant.cases.isEmpty { return suite.keeping { mutant.cases.contains($0.id) } }
        let concerned = suite.keeping { item in
            let proves = item.proves.contains(where: mutant.breaks.contains)
            return !item.isGenerated && (proves || (item.isCore && extent == .concernedCases))
        }
        guard extent == .untilFound else { return concerned }
        // What is quickly done comes first: it may spare the rest.
        return concerned.sorted { self.durations[$0.id] ?? .zero }
    }

    /// How they are run: on what is broken with no more patience than the lab as it should be needs, and not once there is
    /// nothing to be shown any more.
    func options(for mutant: Mutant) -> ConformanceRun.Options {
        var options = ConformanceRun.Options()
        options.keepsLab = false
        guard !mutant.breaks.isEmpty else { return options }
        options.patience = patience
        if extent == .untilFound {
            options.isNeeded = { item, results in
                !mutant.isFound(by: results) || !self.failed.withLock { $0.contains(item.id) }
            }
        }
        return options
    }

    /// Learns which cases a mutant has failed. What may yet be tried again does not count.
    func note(_ result: MutantResult) {
        guard !result.isDoubtful else { return }
        failed.withLock { $0.formUnion(result.failed) }
    }
}

extension Mutant {
    /// Whether cases have found all that they are to find of it.
    fileprivate func isFound(by results: [CaseResult]) -> Bool {
        let failed = results.filter { $0.status == .failed }
        guard !breaks.isEmpty, !failed.isEmpty else { return false }
        if !cases.isEmpty { return cases.allSatisfy { id in failed.contains { $0.item.id == id } } }
        return hasOutcome(in: failed) && breaks.allSatisfy { id in failed.contains { $0.item.proves.contains(id) } }
    }
}
