import KubernetesModel
import PacketCapture

/// Truth tables, repeated while the lab settles.
extension CaseRunner {
    /// How many of a table's differences are told.
    private static let mostTold = 8
    /// Between two tables while the lab settles.
    private static let pause = Duration.milliseconds(2)

    mutating func policy(_ step: PolicyCaseStep) async throws {
        guard let scenario = scenarios[step.scenario], scenario.steps.indices.contains(step.index) else {
            throw ConformanceError("there is no scenario \(step.scenario)", remedy: "see lab conformance --list")
        }
        await steps.tables.leavePods()
        lastChange = .now
        try await stage.change(scenario.steps[step.index].changes)
        steps = steps.adopting(stage.model)
        let table = try ExpectedTable(stage.model, profile?.policyAnswers ?? [:])
        try await steps.detours.set(table.flows)
        do {
            try await settle(table, step)
        } catch {
            try? await steps.detours.clear()
            throw error
        }
        try await steps.detours.clear()
    }

    /// Looks at the table until it is as expected, or for as long as the step may take.
    private mutating func settle(_ expected: ExpectedTable, _ step: PolicyCaseStep) async throws {
        let start = lastChange ?? .now
        let deadline = ContinuousClock.now + patience.limit(step.settle, of: item, step.keyPath)
        var settling = SettleReport(keyPath: step.keyPath)
        while true {
            let found = try await steps.tables.probe(expected.flows)
            settling.attempts += 1
            for flow in found.late {
                result.problems.append("\(step.keyPath): a packet of an earlier \(flow), taken for lost, arrived late")
            }
            let differences = expected.differences(from: found)
            if !differences.isEmpty, ContinuousClock.now < deadline {
                settling.firstFailure = settling.firstFailure ?? differences[0].description
                try await Task.sleep(for: Self.pause)
                continue
            }
            (settling.isMet, settling.time) = (differences.isEmpty, .now - start)
            result.settles.append(settling)
            record(step.keyPath, found, differences)
            return
        }
    }

    mutating func record(
        _ keyPath: String, _ table: TableProber.Table, _ differences: [ExpectedTable.Difference]
    ) {
        result.probed += table.fates.count
        let denied = table.fates.count { $0.isAllowed == false }
        var detail = "\(table.fates.count) flows, \(denied) denied"
        if !differences.isEmpty {
            detail =
                "\(differences.count) of \(detail): "
                + differences.prefix(Self.mostTold).map(\.description).joined(separator: "; ")
            let comments = Dictionary(differences.map { (table.keys[$0.number], $0.description) }) { first, _ in first }
            packets += table.packets.map { packet in
                let comment = packet.frame.flow.flatMap { comments[$0] ?? comments[$0.reversed] }
                return CommentedPacket(packet, comments: [comment].compactMap(\.self))
            }
        }
        let isMet: Bool? = differences.isEmpty ? true : differences.contains { $0.isCertain } ? false : nil
        result.checks.append(GroupVerdict(check: "table", keyPath: keyPath, isMet: isMet, detail: detail))
    }
}
