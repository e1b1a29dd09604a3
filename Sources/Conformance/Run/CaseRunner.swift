import KubernetesModel
import PacketCapture
import Topology

/// Runs one case on a prepared lab.
struct CaseRunner {
    /// What a case leaves for its evidence.
    struct Outcome {
        var result: CaseResult
        var packets: [CommentedPacket]
    }

    let item: ConformanceCase
    let lab: any ConformanceLab
    let profile: Profile?
    let patience: Patience
    /// The scenarios of generated cases, by their ids.
    let scenarios: [String: PolicyScenario]
    var stage: CaseStage
    var steps: StepRunner
    var result: CaseResult
    var packets: [CommentedPacket] = []
    /// The probes of steps that have a name.
    var named: [String: [FlowVerdict]] = [:]
    /// Long flows under way, with the capture's place behind which their packets are.
    var streams: [String: (stream: RunningStream, mark: CaptureSession.Mark)] = [:]
    /// When endpoints went, and what was still led to them.
    var removals: [EndpointRemoval] = []
    /// When the last step that changed something began.
    var lastChange: ContinuousClock.Instant?

    init(
        item: ConformanceCase, profile: Profile?, patience: Patience, scenarios: [String: PolicyScenario],
        stage: CaseStage,
        steps: StepRunner
    ) {
        self.scenarios = scenarios
        self.item = item
        lab = stage.lab
        self.profile = profile
        self.patience = patience
        self.stage = stage
        self.steps = steps
        result = CaseResult(item: item, status: .failed, problems: [], verdicts: [], duration: .zero)
    }

    var watch: Watch { stage.watch }
    var threads: NamespaceThreads { stage.threads }

    /// Carries out the steps in order.
    mutating func run() async -> Outcome {
        let clock = ContinuousClock()
        let start = clock.now
        do {
            for step in item.steps {
                try await perform(step)
                if patience.endsAtFirstFailure, result.isUnmet { break }
            }
            result.status = CaseResult.status(of: item, result)
        } catch {
            result.problems.append("\(error)")
            result.status = .inconclusive
        }
        for (_, running) in streams { _ = try? await running.stream.end() }
        result.convergence = removals.map(\.report)
        result.duration = clock.now - start
        return Outcome(result: result, packets: packets)
    }

    private mutating func perform(_ step: CaseStep) async throws {
        switch step {
        case .probe(let probe): try await self.probe(probe)
        case .policy(let policy): try await self.policy(policy)
        case .table(let table): try await self.table(table)
        case .fuzz(let fuzz): try await self.fuzz(fuzz)
        case .health(let health): try await self.health(health)
        case .resolve(let question): try await resolve(question)
        case .stream(let stream): try await begin(stream)
        case .streamEnd(let end): try await self.end(end)
        case .outOfWindow(let id): try await disturb(id)
        case .wait(let time): try await Task.sleep(for: time)
        case .restart(let component):
            lastChange = .now
            try await lab.restart(component)
            try await stage.refresh()
        case .fault(let fault):
            lastChange = .now
            try await stage.perform(fault)
        case .nameServer(let server):
            lastChange = .now
            try await stage.serve(server)
        case .apply(let apply) where apply.refusal != nil: try await beRefused(apply)
        case .apply(let apply): try await change { try await $0.apply(apply) }
        case .delete(let paths): try await change { try await $0.delete(paths) }
        case .scale(let deployment, let replicas): try await change { try await $0.scale(deployment, to: replicas) }
        case .label(let label): try await change { try await $0.label(label) }
        }
    }

    /// Changes objects, and notes which endpoints went by it.
    private mutating func change(_ body: (inout CaseStage) async throws -> Void) async throws {
        let before = stage.model.cluster.readyEndpoints
        let began = EndpointRemoval.now
        lastChange = .now
        try await body(&stage)
        steps = steps.adopting(stage.model)
        let after = stage.model.cluster.readyEndpoints
        removals.removeAll { after.contains($0.endpoint) }
        let gone = before.subtracting(after).sorted { "\($0)" < "\($1)" }
        removals += gone.map { EndpointRemoval(endpoint: $0, began: began, owner: stage.model.owner(of: $0.address)) }
    }

    /// Applies what the API has to refuse.
    private mutating func beRefused(_ step: ApplyStep) async throws {
        let wanted = step.refusal ?? ""
        do {
            try await stage.apply(step)
            result.problems.append("\(step.keyPath): the API took what it had to refuse")
        } catch let refusal as ObjectRefusal {
            let isMeant = refusal.messages.contains { $0.contains(wanted) }
            result.checks.append(
                GroupVerdict(
                    check: "refused", keyPath: step.keyPath, isMet: isMeant,
                    detail: isMeant ? "\(refusal)" : "\(refusal), and it had to say \"\(wanted)\""))
        }
    }
}
