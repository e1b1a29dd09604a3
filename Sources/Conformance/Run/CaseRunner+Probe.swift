import KubernetesModel
import Topology

/// Probes, repeated where a step may settle.
extension CaseRunner {
    mutating func probe(_ step: ProbeStep) async throws {
        guard let settle = step.settle else {
            record(try await attempt(step, count: step.count), step)
            return
        }
        let start = lastChange ?? .now
        let deadline = ContinuousClock.now + patience.limit(settle, of: item, step.keyPath)
        var settling = SettleReport(keyPath: step.keyPath)
        // While the lab settles, one quick probe of each kind will do.
        var isScouting = true
        while true {
            // What the controllers have written meanwhile counts.
            if settling.attempts > 0 { try await stage.refresh() }
            let isOver = ContinuousClock.now >= deadline
            let isWhole = !isScouting || isOver
            let attempt = try await self.attempt(step, count: isWhole ? step.count : 1, isScouting: !isWhole)
            let failure = attempt.failure
            settling.attempts += 1
            if failure == nil, !settling.isMet {
                (settling.isMet, settling.time) = (true, .now - start)
            }
            if isWhole, failure == nil || isOver {
                if failure != nil { (settling.isMet, settling.time) = (false, .now - start) }
                record(attempt, step)
                result.settles.append(settling)
                return
            }
            if failure == nil {
                isScouting = false
                continue
            }
            settling.isMet = false
            settling.firstFailure = settling.firstFailure ?? failure
            if settling.attempts == 1 { packets += attempt.record.packets }
        }
    }

    /// One go at a step.
    private struct Attempt {
        var plan: FlowPlanner.Plan
        var record: StepRunner.Record
        var checks: [GroupVerdict]

        /// The first thing that is not as it has to be; nil where all is.
        var failure: String? {
            if let problem = plan.problems.first { return problem }
            if let verdict = record.verdicts.first(where: { $0.isMet != true }) {
                return "\(verdict.flow): expected \(verdict.expected), \(verdict.outcome)"
            }
            return checks.first { $0.isMet != true }.map { "\($0.check): \($0.detail)" }
        }
    }

    private mutating func attempt(
        _ step: ProbeStep, count: Int, isScouting: Bool = false
    ) async throws -> Attempt {
        let planner = FlowPlanner(model: stage.model, fixtures: stage.pods, profile: profile)
        var counted = step
        counted.count = count
        let plan = planner.plan(counted, numberedFrom: result.verdicts.count + 1)
        let record = try await steps.run(plan.flows, isScouting: isScouting)
        for verdict in record.verdicts { note(verdict.lastSightings) }
        let checks =
            step.checks.isEmpty || isScouting
            ? [] : GroupJudge(record.verdicts, keyPath: step.keyPath).verdicts(step.checks, earlier: named)
        return Attempt(plan: plan, record: record, checks: checks)
    }

    private mutating func record(_ attempt: Attempt, _ step: ProbeStep) {
        result.problems += attempt.plan.problems
        result.verdicts += attempt.record.verdicts
        result.checks += attempt.checks
        result.unanswered.formUnion(attempt.plan.unanswered)
        packets += attempt.record.packets
        if let id = step.id { named[id] = attempt.record.verdicts }
    }

    /// Notes what was led to endpoints that are gone.
    mutating func note(_ sightings: [Endpoint: UInt64]) {
        for index in removals.indices {
            guard let last = sightings[removals[index].endpoint] else { continue }
            removals[index].sawPacket(at: last)
        }
    }
}
