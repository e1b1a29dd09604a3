import KubernetesModel
import PacketCapture

/// Truth tables, repeated while the lab settles.
extension CaseRunner {
    /// How many of a table's differences are told.
    private static let mostTold = 8
    /// Between two tables while the lab settles.
    private static let pause = Duration.milliseconds(2)

    mutating func policy(_ step: PolicyStep) async throws {
        lastChange = .now
        try await stage.change(step.changes)
        steps = steps.adopting(stage.model)
        let start = lastChange ?? .now
        let deadline = ContinuousClock.now + patience.limit(step.settle, of: item, step.keyPath)
        var settling = SettleReport(keyPath: step.keyPath)
        let flows = PolicyWorld.flows(of: stage.model, step)
        let oracle = PolicyOracle(stage.model.cluster)
        let answers = profile?.policyAnswers ?? [:]
        let expectations = try flows.map { try TableExpectation(of: $0, oracle, answers) }
        while true {
            let table = try await steps.tables.probe(flows)
            let answers = zip(expectations, table.fates).map { $0.isMet(by: $1) }
            settling.attempts += 1
            for flow in table.late {
                result.problems.append("\(step.keyPath): a packet of an earlier \(flow), taken for lost, arrived late")
            }
            let isMet = answers.allSatisfy { $0 == true }
            if !isMet, ContinuousClock.now < deadline {
                settling.firstFailure = settling.firstFailure ?? Self.differences(flows, expectations, table, answers).first
                try await Task.sleep(for: Self.pause)
                continue
            }
            (settling.isMet, settling.time) = (isMet, .now - start)
            if settling.attempts > 1 || !isMet { result.settles.append(settling) }
            record(step, flows, expectations, table, answers)
            return
        }
    }

    private mutating func record(
        _ step: PolicyStep, _ flows: [TableFlow], _ expectations: [TableExpectation], _ table: TableProber.Table,
        _ answers: [Bool?]
    ) {
        result.probed += flows.count
        let differences = Self.differences(flows, expectations, table, answers)
        let denied = table.fates.count { $0.isAllowed == false }
        var detail = "\(flows.count) flows, \(denied) denied"
        if !differences.isEmpty {
            detail = "\(differences.count) of \(detail); " + differences.prefix(Self.mostTold).joined(separator: "; ")
            let comments = Dictionary(
                zip(table.keys, zip(answers, zip(flows, zip(expectations, table.fates)))).filter { $0.1.0 != true }
                    .map { ($0.0, Self.difference($0.1.1.0, $0.1.1.1.0, $0.1.1.1.1)) }
            ) { first, _ in first }
            packets += table.packets.map { packet in
                let flow = packet.frame.flow
                let comment = flow.flatMap { comments[$0] ?? comments[$0.reversed] }
                return CommentedPacket(packet, comments: [comment].compactMap(\.self))
            }
        }
        let isMet: Bool? = answers.contains(false) ? false : answers.contains(nil) ? nil : true
        result.checks.append(GroupVerdict(check: "table", keyPath: step.keyPath, isMet: isMet, detail: detail))
    }

    private static func differences(
        _ flows: [TableFlow], _ expectations: [TableExpectation], _ table: TableProber.Table, _ answers: [Bool?]
    ) -> [String] {
        flows.indices.filter { answers[$0] != true }.map { difference(flows[$0], expectations[$0], table.fates[$0]) }
    }

    private static func difference(_ flow: TableFlow, _ expectation: TableExpectation, _ fate: TableFate) -> String {
        let expected = expectation.isAllowed.map { $0 ? "allowed" : "denied" } ?? "either"
        return "\(flow): expected \(expected) (\(expectation.because)), \(fate)"
    }
}
