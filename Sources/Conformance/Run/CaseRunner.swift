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
    let watch: Watch
    let fixtures: FixtureSet
    let threads: NamespaceThreads

    /// Carries out the steps in order.
    /// - Parameters:
    ///   - model: the lab as it is; the steps may change it for the steps after them.
    ///   - steps: what is known of paths from the cases before.
    func run(_ model: LabModel, _ steps: inout StepRunner) async -> Outcome {
        var result = CaseResult(item: item, status: .failed, problems: [], verdicts: [], duration: .zero)
        var packets: [CommentedPacket] = []
        let clock = ContinuousClock()
        let start = clock.now
        var model = model
        var names = fixtures.names(of: item.pods)
        do {
            for (number, step) in item.steps.enumerated() {
                switch step {
                case .probe(let probe):
                    let planner = FlowPlanner(model: model, fixtures: names)
                    let plan = planner.plan(probe, numberedFrom: result.verdicts.count + 1)
                    result.problems += plan.problems
                    let record = try await steps.run(plan.flows)
                    result.verdicts += record.verdicts
                    packets += record.packets
                case .apply(let paths):
                    model = try await apply(paths, model, &names)
                    steps = steps.adopting(model)
                case .delete(let paths):
                    model = try await delete(paths, model, &names)
                    steps = steps.adopting(model)
                }
                if result.verdicts.isEmpty, result.problems.isEmpty, case .probe = step {
                    result.problems.append("step[\(number)]: nothing was probed")
                }
            }
            result.status = CaseResult.status(of: item, result.verdicts, result.problems)
        } catch {
            result.problems.append("\(error)")
            result.status = .inconclusive
        }
        result.duration = clock.now - start
        return Outcome(result: result, packets: packets)
    }

    private func apply(_ paths: [String], _ model: LabModel, _ names: inout Set<String>) async throws -> LabModel {
        let known = Set(model.spec.pods.map(\.qualifiedName))
        var manifests: [PodManifest] = []
        for path in paths { manifests += try FixturePods(placeholders: Placeholders(model.spec)).read(path) }
        names.formUnion(manifests.map { "\($0.namespace)/\($0.name)" })
        let new = manifests.filter { !known.contains("\($0.namespace)/\($0.name)") }
        let spec = try model.spec.adding(pods: new)
        try await lab.apply(spec)
        let changed = LabModel(spec, served: try await lab.servedContainers())
        // The captures of a pod are open before anything is sent to it.
        try await watch.add(spec.pods.map { Participant($0, lab: spec.name) })
        return changed
    }

    private func delete(_ paths: [String], _ model: LabModel, _ names: inout Set<String>) async throws -> LabModel {
        var gone: Set<String> = []
        for path in paths {
            let pods = try FixturePods(placeholders: Placeholders(model.spec)).read(path)
            gone.formUnion(pods.map { "\($0.namespace)/\($0.name)" })
        }
        for pod in gone where !pod.hasPrefix("\(LabModel.fixtureNamespace)/") {
            throw ConformanceError("\(pod) is not a pod of the suite", remedy: "delete only what a case has applied")
        }
        var spec = model.spec
        let removed = spec.pods.filter { gone.contains($0.qualifiedName) }
        spec.pods.removeAll { gone.contains($0.qualifiedName) }
        names.subtract(gone)
        try await watch.remove(removed.filter { !$0.hostNetwork }.map { Participant($0, lab: spec.name) })
        try await lab.apply(spec)
        return LabModel(spec, served: try await lab.servedContainers())
    }
}

extension ConformanceLab {
    /// The containers that the built-in server answers for, as `namespace/pod/container`.
    func servedContainers() async throws -> Set<String> {
        let serving = try await containers().filter { if case .serving = $0.state { true } else { false } }
        return Set(serving.map { "\($0.key.namespace)/\($0.key.pod)/\($0.key.container)" })
    }
}
