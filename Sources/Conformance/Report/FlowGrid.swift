import Addressing

/// All pairs of a failed case as two small grids, what was expected beside what was found:
///
///     tcp/8080 IPv4     expected   found
///                       a1 b1      a1 b1
///     a1                .  .       .  X
///     b1                .  .       .  .
enum FlowGrid {
    /// A grid for each protocol and family in which something was not as expected.
    static func grids(_ verdicts: [FlowVerdict], _ style: ReportStyle) -> [String] {
        struct Kind: Hashable {
            let text: String
        }
        var order: [Kind] = []
        var byKind: [Kind: [FlowVerdict]] = [:]
        for verdict in verdicts {
            let kind = Kind(text: "\(verdict.flow.kind) \(verdict.flow.family)")
            if byKind[kind] == nil { order.append(kind) }
            byKind[kind, default: []].append(verdict)
        }
        var lines: [String] = []
        for kind in order {
            let flows = byKind[kind] ?? []
            guard flows.contains(where: { $0.isMet != true }) else { continue }
            lines += grid(kind.text, flows, style)
        }
        if !lines.isEmpty {
            lines.append(style.dim(". delivered  R refused  X dropped  W wrong pod  N rewritten  ? inconclusive"))
        }
        return lines
    }

    private static func grid(_ title: String, _ verdicts: [FlowVerdict], _ style: ReportStyle) -> [String] {
        let senders = unique(verdicts.map(\.flow.sender.shortName))
        let receivers = unique(verdicts.map(\.flow.destination.shortName))
        // A terminal has room for so many columns twice.
        guard senders.count <= 16, receivers.count <= 8 else { return [title] }
        var cells: [String: FlowVerdict] = [:]
        for verdict in verdicts {
            let key = "\(verdict.flow.sender.shortName) \(verdict.flow.destination.shortName)"
            // Of several flows of a pair the worst is shown.
            if cells[key].map({ $0.isMet == true }) ?? true { cells[key] = verdict }
        }
        let left = max(title.count, senders.map(\.count).max() ?? 0) + 2
        let widths = receivers.map { max($0.count, 1) + 1 }
        let width = max(widths.reduce(0, +), 10)
        func row(_ cell: (String, Int) -> String) -> String {
            let text = receivers.enumerated().map { cell($0.element, widths[$0.offset]) }.joined()
            return text + String(repeating: " ", count: width - widths.reduce(0, +))
        }
        let names = row { $0.padded(to: $1) }
        var lines = [
            title.padded(to: left) + "expected".padded(to: width + 2) + "found",
            "".padded(to: left) + names + "  " + names,
        ]
        for sender in senders {
            let expected = row { (cells["\(sender) \($0)"].map { symbol($0.expected) } ?? " ").padded(to: $1) }
            let found = row { receiver, width in
                guard let verdict = cells["\(sender) \(receiver)"] else { return "".padded(to: width) }
                let text = symbol(verdict.outcome)
                let painted =
                    verdict.isMet == true ? text : verdict.isMet == nil ? style.doubtful(text) : style.bad(text)
                return painted + String(repeating: " ", count: width - 1)
            }
            lines.append(sender.padded(to: left) + expected + "  " + found)
        }
        return lines
    }

    private static func unique(_ names: [String]) -> [String] {
        var seen: Set<String> = []
        return names.filter { seen.insert($0).inserted }
    }

    /// The first of what is expected.
    private static func symbol(_ expected: Expectation) -> String {
        switch expected.outcomes.first {
        case .delivered: "."
        case .refused: "R"
        case .dropped: "X"
        case nil: " "
        }
    }

    private static func symbol(_ outcome: FlowOutcome) -> String {
        switch outcome {
        case .delivered: "."
        case .refused: "R"
        case .dropped: "X"
        case .answeredByWrongPod: "W"
        case .rewritten: "N"
        case .inconclusive: "?"
        }
    }
}
