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
        let look = try await lookAtTable(within: patience.limit(step.settle, of: item, step.keyPath), step.keyPath)
        result.settles.append(look.settling)
        record(step.keyPath, look)
    }

    /// Every flow between the policy cases' pods, as it was when the lab had settled, or had no more time to.
    struct TableLook {
        let table: TableProber.Table
        /// What was not as the oracle says.
        let differences: [ExpectedTable.Difference]
        let settling: SettleReport
    }

    /// Looks at every flow until all are as the oracle says of the lab's objects, or for as long as that may take.
    mutating func lookAtTable(within time: Duration, _ keyPath: String) async throws -> TableLook {
        let start = lastChange ?? .now
        let deadline = ContinuousClock.now + time
        let expected = try ExpectedTable(stage.model, profile?.policyAnswers ?? [:])
        try await steps.detours.set(expected.flows)
        do {
            let look = try await settle(expected, since: start, until: deadline, keyPath)
            try await steps.detours.clear()
            return look
        } catch {
            try? await steps.detours.clear()
            throw error
        }
    }

    private mutating func settle(
        _ expected: ExpectedTable, since start: ContinuousClock.Instant, until deadline: ContinuousClock.Instant,
        _ keyPath: String
    ) async throws -> TableLook {
        var settling = SettleReport(keyPath: keyPath)
        while true {
            let found = try await steps.tables.probe(expected.flows)
            settling.attempts += 1
            for flow in found.late {
                result.problems.append("\(keyPath): a packet of an earlier \(flow), taken for lost, arrived late")
            }
            let differences = expected.differences(from: found)
            if !differences.isEmpty, ContinuousClock.now < deadline {
                settling.firstFailure = settling.firstFailure ?? differences[0].description
                try await Task.sleep(for: Self.pause)
                continue
            }
            (settling.isMet, settling.time) = (differences.isEmpty, .now - start)
            return TableLook(table: found, differences: differences, settling: settling)
        }
    }

    mutating func record(_ keyPath: String, _ look: TableLook) {
        let (table, differences) = (look.table, look.differences)
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
