import PolicyEngine

/// What the suite said of a mutant.
public struct MutantResult: Sendable {
    /// The mutant.
    public let mutant: Mutant
    /// Why it could not be made of this lab; nil where it was.
    public let notApplicable: String?
    /// The suite's report on it; nil where it was not made.
    public let report: ConformanceReport?

    /// The cases that failed on it.
    public var failed: [String] { (report?.results ?? []).filter { $0.status == .failed }.map(\.item.id) }
    /// The cases that could say nothing on it.
    public var inconclusive: [String] { (report?.results ?? []).filter { $0.status == .inconclusive }.map(\.item.id) }

    /// The behaviours that it breaks and no case has found broken.
    public var missed: [String] {
        guard let report else { return [] }
        let failed = Set(report.behaviours.filter { $0.status == .failed }.map(\.behaviour.id))
        return mutant.breaks.filter { !failed.contains($0) }
    }

    /// Whether a flow has met the fate that the mutant was made for.
    public var hasOutcome: Bool { mutant.hasOutcome(in: report?.results ?? []) }

    /// Whether the suite said of it what it should: failed on every behaviour that it breaks; passed where it breaks none.
    public var isRight: Bool {
        guard let report else { return true }
        if mutant.breaks.isEmpty { return report.hasPassed }
        if !mutant.cases.isEmpty { return mutant.cases.allSatisfy(failed.contains) }
        return missed.isEmpty && !failed.isEmpty && hasOutcome
    }

    /// Whether the suite may have come to another conclusion with more time: it found nothing wrong, or could not tell.
    var isDoubtful: Bool { !isRight || !inconclusive.isEmpty }
}

/// What a run over mutants has shown of the suite.
public struct MutantReport: Sendable {
    /// The suite on the lab as it should be.
    public let healthy: ConformanceReport
    /// Every mutant with what the suite said of it.
    public let results: [MutantResult]
    /// Which cases ran on each mutant.
    public let extent: MutantRun.Extent
    /// Which faults of a policy engine the generated cases find by the oracle alone; nil: not reckoned.
    public let reckoned: PolicyKillMatrix?

    /// The cases that a network can fail, that were carried out on the healthy lab and that no mutant could fail; of those
    /// that were not tried on mutants, the ones that find no fault by the oracle alone.
    public var vacuous: [String] {
        let failed = Set(results.flatMap(\.failed))
        let idle = (reckoned?.idle ?? []).filter { !failed.contains($0) }
        return idle
            + healthy.results.filter {
                $0.item.level != .implementation && (extent == .allCases || !$0.item.isGenerated)
                    && $0.status != .notApplicable
                    && $0.status != .observed
                    && !failed.contains($0.item.id)
            }
            .map(\.item.id)
    }

    /// Whether the suite stands the test.
    public var hasPassed: Bool { healthy.hasPassed && results.allSatisfy(\.isRight) && vacuous.isEmpty }

    /// The report for a terminal.
    public func table(color: Bool) -> String {
        let style = ReportStyle(color: color)
        var lines: [String] = []
        if !healthy.hasPassed { lines += ["the suite fails on the lab as it should be:", healthy.table(color: color)] }
        let width = results.map(\.mutant.id.count).max() ?? 0
        for result in results {
            let mark = result.notApplicable != nil ? style.dim("-") : result.isRight ? style.good("✓") : style.bad("✗")
            lines.append("\(mark) \(result.mutant.id.padded(to: width))  \(result.mutant.title)")
            lines.append("    " + style.dim(verdict(on: result)))
        }
        lines.append("")
        lines += kills(style)
        for id in vacuous { lines.append("\(style.bad("vacuous")) \(id): no mutant fails it") }
        lines.append("")
        let killed = results.count { $0.isRight && $0.notApplicable == nil }
        let verdict = hasPassed ? style.good("passed") : style.bad("failed")
        lines.append("\(verdict): \(killed) of \(results.count) mutants judged rightly, \(vacuous.count) vacuous cases")
        switch extent {
        case .allCases: break
        case .concernedCases:
            lines.append(style.dim("each mutant was tried on the core cases and those that prove what it breaks"))
        case .untilFound:
            lines.append(
                style.dim("each mutant was tried on cases that prove what it breaks, until it was found by them and"))
            lines.append(style.dim("those that were left had failed other mutants"))
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// The kill matrix by its rows: each case with the mutants that it fails.
    private func kills(_ style: ReportStyle) -> [String] {
        let rows = matrix
        let width = rows.map(\.id.count).max() ?? 0
        return rows.map { row in
            let count = "\(row.killed.count) of \(row.tried)".paddedLeft(to: 9)
            var words = row.killed
            if let faults = row.reckoned {
                words.append("by the oracle \(faults.count) of \(PolicyFault.allCases.count)")
            }
            return "\(row.id.padded(to: width)) \(count)  " + style.dim(words.joined(separator: " "))
        }
    }

    /// A row of the kill matrix.
    struct MatrixRow {
        /// The case.
        let id: String
        /// The mutants that it failed on.
        let killed: [String]
        /// How many it was tried on.
        let tried: Int
        /// The faults of a policy engine that it finds by the oracle alone; nil: not reckoned.
        let reckoned: [String]?
    }

    /// The kill matrix by its rows: the cases in their order.
    var matrix: [MatrixRow] {
        let finds = Dictionary((reckoned?.rows ?? []).map { ($0.scenario, $0.kills) }) { first, _ in first }
        let tried = healthy.results.filter { $0.status != .notApplicable }.map(\.item.id)
        let others = (reckoned?.rows ?? []).map(\.scenario).filter { !tried.contains($0) }
        return (tried + others).map { id in
            MatrixRow(
                id: id, killed: results.filter { $0.failed.contains(id) }.map(\.mutant.id),
                tried: results.count {
                    $0.report?.results.contains { $0.item.id == id && $0.status != .notApplicable } ?? false
                }, reckoned: finds[id]?.map(\.rawValue).sorted())
        }
    }

    private func verdict(on result: MutantResult) -> String {
        if let reason = result.notApplicable { return "not made: \(reason)" }
        var parts: [String] = []
        if result.mutant.breaks.isEmpty, result.failed.isEmpty { parts.append("passed, as it should") }
        if !result.failed.isEmpty { parts.append("failed by \(result.failed.joined(separator: ", "))") }
        if !result.inconclusive.isEmpty { parts.append("inconclusive: \(result.inconclusive.joined(separator: ", "))") }
        if !result.missed.isEmpty { parts.append("NOT FOUND: \(result.missed.joined(separator: ", "))") }
        if !result.hasOutcome, let outcome = result.mutant.outcome { parts.append("NO FLOW was found \(outcome)") }
        return parts.isEmpty ? "passed by every case" : parts.joined(separator: "; ")
    }
}
