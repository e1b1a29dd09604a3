import Topology

/// What is expected of probes.
extension CaseFile {
    func expectation(of step: TableReader) -> ProbeExpectation {
        guard let value = step["expect"] else {
            reader.refuse(
                at: step.value.path["expect"], position: step.value.position, "is missing: what would be proven?",
                remedy: "write expect = \"delivered\"")
            return .all([.delivered])
        }
        if case .string(let text) = value.content {
            if text == "oracle" { return .oracle }
            return .all([outcome(Located(value: text, source: value)) ?? .delivered])
        }
        if case .list = value.content {
            let texts = reader.strings(value) ?? []
            if texts.isEmpty { reader.refuse(value, "expects nothing", remedy: "write expect = \"delivered\"") }
            return .all(texts.compactMap(outcome))
        }
        guard let entries = reader.entries(value), let table = TableReader(value, reader) else {
            return .all([.delivered])
        }
        if entries.contains(where: { $0.key == "outcome" }) { return detailed(table) }
        if entries.contains(where: { $0.key == "profile" }) { return question(table) }
        return expectations(entries, value)
    }

    private func detailed(_ table: TableReader) -> ProbeExpectation {
        table.refuseUnknownKeys(besides: ["outcome", "to", "source"], in: "an expectation")
        let outcome = table.string("outcome").flatMap(outcome) ?? .delivered
        let receivers = table["to"] == nil ? [] : selectors("to", of: table)
        let source: SourceRule? = choice("source", of: table)
        if outcome != .delivered, !receivers.isEmpty || source != nil {
            reader.refuse(
                table.value, "what is not delivered reaches nobody", remedy: "remove to and source, or the outcome")
        }
        return .detailed(DetailedExpectation(outcome: outcome, receivers: receivers, source: source ?? .any))
    }

    private func question(_ table: TableReader) -> ProbeExpectation {
        table.refuseUnknownKeys(besides: ["profile"], in: "an expectation")
        guard let question = table.string("profile") else { return .all([.delivered]) }
        if !ProfileFile.isQuestion(question.value) {
            reader.refuse(
                question.source, "\(Shown.quoted(question.value)) is no question to a profile",
                remedy: "use words with '.' and '-' between, such as service.unknown-port")
        }
        return .profile(question.value)
    }

    private func expectations(_ rows: [DocumentValue.Entry], _ value: DocumentValue) -> ProbeExpectation {
        var table: [ExpectedPair: ExpectedOutcome] = [:]
        for row in rows {
            guard let from = selector(Located(value: row.key, source: row.value)), let cells = reader.entries(row.value)
            else { continue }
            for cell in cells {
                guard let to = destination(Located(value: cell.key, source: cell.value)),
                    let text = reader.string(cell.value),
                    let outcome = outcome(text)
                else { continue }
                table[ExpectedPair(from: from, to: to)] = outcome
            }
        }
        if table.isEmpty, reader.diagnostics.isEmpty {
            reader.refuse(value, "the table is empty: nothing would be proven", remedy: "write expect = \"delivered\"")
        }
        return .table(table)
    }

    private func outcome(_ text: Located<String>) -> ExpectedOutcome? {
        if let outcome = ExpectedOutcome(rawValue: text.value) { return outcome }
        let known = ExpectedOutcome.allCases.map(\.rawValue) + ["oracle"]
        let near = Suggestion.nearest(to: text.value, among: known)
        reader.refuse(
            text.source, "\(Shown.quoted(text.value)) is no outcome",
            remedy: near.map { "did you mean \"\($0)\"?" } ?? "use \(known.joined(separator: ", "))")
        return nil
    }
}
