import Addressing

extension ConformanceReport {
    /// The report for a terminal: a line a case, what went wrong, and what was shown of each behaviour.
    /// - Parameter color: whether to use ANSI colours.
    public func table(color: Bool) -> String {
        let style = ReportStyle(color: color)
        let idWidth = results.map { $0.item.id.count }.max() ?? 0
        let provesWidth = results.map { $0.item.proves.joined(separator: " ").count }.max() ?? 0
        var lines: [String] = []
        for result in results {
            let flows = result.status == .notApplicable ? "" : "\(result.verdicts.count + result.probed) flows"
            let time = result.status == .notApplicable ? "" : "\(Int(result.duration.milliseconds.rounded())) ms"
            lines.append(
                "\(style.mark(result.status)) \(result.item.id.padded(to: idWidth))  "
                    + "\(result.item.proves.joined(separator: " ").padded(to: provesWidth))  "
                    + "\(flows.paddedLeft(to: 10))  \(time.paddedLeft(to: 8))  \(result.item.title)")
            lines += details(of: result, style).map { "    \($0)" }
        }
        lines.append("")
        lines += behaviourLines(style)
        lines.append("")
        lines.append(summary(style))
        return lines.joined(separator: "\n") + "\n"
    }

    private func details(of result: CaseResult, _ style: ReportStyle) -> [String] {
        var lines = result.problems.map { style.dim($0) }
        if result.status == .observed {
            let counts = Dictionary(grouping: result.verdicts, by: \.outcome.word).mapValues(\.count)
            lines += [
                style.dim(
                    "observed: "
                        + (counts.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
                        + result.checks.map(\.detail)).joined(separator: ", "))
            ]
        }
        for verdict in result.verdicts where !verdict.notes.isEmpty && verdict.flow.hasAnswer {
            lines.append(style.dim("\(verdict.flow): \(verdict.notes.joined(separator: "; "))"))
        }
        lines += Self.times(of: result).map { style.dim($0) }
        guard result.status == .failed || result.status == .inconclusive else { return lines }
        lines += FlowGrid.grids(result.verdicts, style)
        let limit = 6
        for verdict in result.unmet.prefix(limit) {
            lines.append(
                "\(style.bad(verdict.outcome.word)) \(verdict.flow), expected \(verdict.demand): \(verdict.outcome)"
            )
            if let reason = verdict.expected.reason { lines.append(style.dim("    \(reason)")) }
        }
        if result.unmet.count > limit { lines.append("and \(result.unmet.count - limit) more flows") }
        lines += result.unmetChecks.prefix(limit).map { style.bad("unmet") + " " + $0 }
        if let evidence = result.evidence { lines.append(style.dim("evidence: \(evidence)")) }
        return lines
    }

    /// What took how long: steps that had to settle, long flows, endpoints that went.
    private static func times(of result: CaseResult) -> [String] {
        var lines: [String] = []
        for settle in result.settles {
            guard let failure = settle.firstFailure else { continue }
            lines.append(
                "\(settle.keyPath) \(settle.isMet ? "met" : "not met") after \(settle.attempts) attempts, "
                    + "\(settle.time.milliseconds) ms from the change; at first: \(failure)")
        }
        lines += result.streams.filter { $0.isMet == true }.map { "stream \($0.id): \($0.detail)" }
        for convergence in result.convergence {
            guard let stray = convergence.lastStray else { continue }
            lines.append("\(convergence.endpoint) got its last new flow \(stray.milliseconds) ms after it went")
        }
        return lines
    }

    private func behaviourLines(_ style: ReportStyle) -> [String] {
        var lines: [String] = []
        for result in behaviours where result.status != .notCovered {
            let word =
                switch result.status {
                case .proven: style.good("proven") + (result.leftOpen.map { ", but for: \($0)" } ?? "")
                case .failed: style.bad("failed")
                case .observed: style.dim("observed")
                case .notApplicable: style.dim("not applicable (\(result.reason ?? ""))")
                case .notCovered: ""
                }
            lines.append("\(result.behaviour.id.padded(to: 4)) \(word)  \(result.behaviour.title)")
        }
        let open = behaviours.filter { $0.status == .notCovered }.map(\.behaviour.id)
        if !open.isEmpty { lines.append(style.dim("not yet covered: \(Self.ranges(open))")) }
        return lines
    }

    /// `B12-B13, C1-C24`: the ids in their order, neighbours drawn together.
    static func ranges(_ ids: [String]) -> String {
        var runs: [(first: String, last: String)] = []
        for id in ids {
            if let last = runs.last?.last, last.first == id.first, let before = Int(last.dropFirst()),
                let number = Int(id.dropFirst()),
                number == before + 1
            {
                runs[runs.count - 1].last = id
            } else {
                runs.append((id, id))
            }
        }
        return runs.map { $0.first == $0.last ? $0.first : "\($0.first)-\($0.last)" }.joined(separator: ", ")
    }

    /// The last line of the report.
    func summary(_ style: ReportStyle) -> String {
        func count(_ status: CaseResult.Status) -> Int { results.count { $0.status == status } }
        let flows = results.reduce(0) { $0 + $1.verdicts.count + $1.probed }
        var parts = ["\(count(.passed)) passed"]
        for (status, word) in [
            (CaseResult.Status.failed, "failed"), (.inconclusive, "inconclusive"), (.observed, "observed"),
            (.notApplicable, "not applicable"),
        ] where count(status) > 0 { parts.append("\(count(status)) \(word)") }
        let verdict =
            hasPassed ? style.good("passed") : style.bad(executed == 0 ? "failed: no case was carried out" : "failed")
        return
            "\(verdict): \(parts.joined(separator: ", ")); \(flows) flows in \(Int(duration.milliseconds.rounded())) ms"
    }
}

/// How a report looks on a terminal.
struct ReportStyle {
    let color: Bool

    private func paint(_ text: String, _ code: String) -> String { color ? "\u{1b}[\(code)m\(text)\u{1b}[0m" : text }
    func good(_ text: String) -> String { paint(text, "32") }
    func bad(_ text: String) -> String { paint(text, "31") }
    func doubtful(_ text: String) -> String { paint(text, "33") }
    func dim(_ text: String) -> String { paint(text, "2") }

    func mark(_ status: CaseResult.Status) -> String {
        switch status {
        case .passed: good("✓")
        case .failed: bad("✗")
        case .inconclusive: doubtful("?")
        case .observed: dim("o")
        case .notApplicable: dim("-")
        }
    }
}

extension String {
    func padded(to width: Int) -> String { self + String(repeating: " ", count: Swift.max(0, width - count)) }
    func paddedLeft(to width: Int) -> String { String(repeating: " ", count: Swift.max(0, width - count)) + self }
}
