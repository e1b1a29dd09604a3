import KubernetesModel
import Topology

/// Probes, repeated where a step may settle.
extension CaseRunner {
    mutating func probe(_ step: ProbeStep) async throws {
        let start = lastChange ?? .now
        let deadline = step.settle.map { ContinuousClock.now + $0 }
        var settling = SettleReport(keyPath: step.keyPath)
        while true {
            // What the controllers have written meanwhile counts.
            if settling.attempts > 0 { try await stage.refresh() }
            let attempt = try await self.attempt(step)
            settling.attempts += 1
            let isMet = attempt.failure == nil
            let isLast = isMet || deadline.map { ContinuousClock.now >= $0 } ?? true
            if !isMet, !isLast {
                settling.firstFailure = settling.firstFailure ?? attempt.failure
                if settling.attempts == 1 { packets += attempt.record.packets }
                continue
            }
            settling.time = .now - start
            settling.isMet = isMet
            record(attempt, step)
            if step.settle != nil { result.settles.append(settling) }
            return
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

    private mutating func attempt(_ step: ProbeStep) async throws -> Attempt {
        let planner = FlowPlanner(model: stage.model, fixtures: stage.pods, profile: profile)
        let plan = planner.plan(step, numberedFrom: result.verdicts.count + 1)
        let record = try await steps.run(plan.flows)
        for verdict in record.verdicts { note(verdict.lastSightings) }
        let checks =
            step.checks.isEmpty
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
