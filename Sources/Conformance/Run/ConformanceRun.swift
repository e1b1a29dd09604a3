import KubernetesModel
import Topology

/// A run of the suite over one lab.
public struct ConformanceRun: Sendable {
    /// What the caller may choose.
    public struct Options: Sendable {
        /// Where evidence is kept, a directory a case; nil: nowhere.
        public var evidenceDirectory: String?
        /// Whether evidence is kept of cases that passed, too.
        public var keepsPassedEvidence = true
        /// The name of the profile that level P is held to; nil: those that are for the lab's components.
        public var profile: String?
        /// For how long it is waited.
        var patience = Patience()
        /// Whether the lab goes on after the run, and so is to be as it was.
        var keepsLab = true
        /// Whether a case has still to be run, after those that gave results.
        var isNeeded: @Sendable (ConformanceCase, _ after: [CaseResult]) -> Bool = { _, _ in true }

        /// The default choices.
        public init(evidenceDirectory: String? = nil, profile: String? = nil) {
            self.evidenceDirectory = evidenceDirectory
            self.profile = profile
        }
    }

    private let suite: ConformanceSuite
    private let options: Options
    /// Done once the suite's pods are up, before anything is captured: where mutants do their damage.
    private let sabotage: @Sendable (LabSpec, NamespaceThreads) async throws -> Void

    /// Prepares a run of a suite's cases.
    public init(_ suite: ConformanceSuite, options: Options = Options()) {
        self.init(suite, options: options) { _, _ in }
    }

    init(
        _ suite: ConformanceSuite, options: Options,
        sabotage: @escaping @Sendable (LabSpec, NamespaceThreads) async throws -> Void
    ) {
        self.suite = suite
        self.options = options
        self.sabotage = sabotage
    }

    /// Runs the cases, one after the other, on a lab that is up. The suite's pods are added before and removed after,
    /// whatever happens in between.
    /// - Throws: what keeps the run as a whole from taking place: a lab that is not up, a bad manifest, captures that
    ///   cannot be opened, a cancelled task. What happens inside a case is in the report.
    public func run(
        on lab: some ConformanceLab, progress: @escaping @Sendable (ConformanceProgress) -> Void = { _ in }
    ) async throws -> ConformanceReport {
        let clock = ContinuousClock()
        let start = clock.now
        let threads = try NamespaceThreads(count: 12)
        defer { threads.stop() }
        try await clearUp(lab)
        let base = try await lab.spec().withoutFixtures
        let profile = try suite.profile(options.profile, for: base)
        let applicable = suite.cases.filter {
            $0.needs.unmet(by: base) == nil && profile?.exclusion(of: $0) == nil
        }
        let fixtures = try FixtureSet(applicable, lab: base)
        let spec = try base.adding(pods: fixtures.pods)
        progress(.preparing(pods: fixtures.pods.count))
        var results: [CaseResult]
        do {
            results = try await run(on: lab, spec, fixtures, threads, profile, progress)
        } catch {
            try? await lab.apply(base)
            try? await clearUp(lab)
            throw error
        }
        if options.keepsLab {
            if spec != base { try await lab.apply(base) }
            try await clearUp(lab)
        }
        return ConformanceReport(
            lab: spec, profile: profile?.name, suite: suite, results: results, duration: clock.now - start)
    }

    /// Removes what cases have left in the lab's API: those of this run, or of one that was killed.
    private func clearUp(_ lab: some ConformanceLab) async throws {
        let namespaces = try await lab.model().cluster.namespaces.map(\.name).filter(LabModel.isFixture)
        try await lab.objects.removeNamespaces(namespaces)
    }

    private func run(
        on lab: some ConformanceLab, _ spec: LabSpec, _ fixtures: FixtureSet, _ threads: NamespaceThreads,
        _ profile: Profile?, _ progress: @Sendable (ConformanceProgress) -> Void
    ) async throws -> [CaseResult] {
        try await lab.apply(spec)
        let used = Set(fixtures.pods.map(\.namespace))
        let namespaces = [APIObject(.namespaces, name: LabModel.fixtureNamespace)] + PolicyWorld.namespaceObjects
        try await lab.objects.apply(
            namespaces.filter { $0.name == LabModel.fixtureNamespace || used.contains($0.name) })
        try await requireReady(lab)
        try await sabotage(spec, threads)
        let model = try await lab.model()
        let watch = Watch(threads: threads, directories: lab.directories)
        do {
            try await watch.add(participants(model, fixtures))
            let results = try await cases(lab, model, fixtures, threads, watch, profile, progress)
            await watch.close()
            return results
        } catch {
            await watch.close()
            throw error
        }
    }

    /// The suite's own pods have to run; what else the lab has is its user's business.
    private func requireReady(_ lab: some ConformanceLab) async throws {
        let broken = try await lab.containers().filter {
            LabModel.isFixture($0.key.namespace) && !$0.state.isReady
        }
        guard let first = broken.first else { return }
        throw ConformanceError(
            "the suite's pod \(first.key.pod) does not run: container \(first.key.container) is \(first.state.word)",
            remedy: "see lab logs -n \(first.key.namespace) \(first.key.pod), and check the manifest")
    }

    /// Everybody who may take part, nodes first: a pod in its node's network is seen at the node.
    private func participants(_ model: LabModel, _ fixtures: FixtureSet) -> [Participant] {
        let names = Set(fixtures.pods.map { "\($0.namespace)/\($0.name)" })
        return model.participants([.nodes, .hosts, .pods(labels: [:]), .hostNetworkPods], fixtures: names)
    }

    private func cases(
        _ lab: some ConformanceLab, _ model: LabModel, _ fixtures: FixtureSet, _ threads: NamespaceThreads,
        _ watch: Watch, _ profile: Profile?, _ progress: @Sendable (ConformanceProgress) -> Void
    ) async throws -> [CaseResult] {
        var results: [CaseResult] = []
        var model = model
        var steps = StepRunner(watch: watch, threads: threads, model: model)
        let world = PolicyWorld(model)
        let scenarios =
            suite.cases.contains(where: \.isGenerated)
            ? Dictionary(PolicyScenario.all(in: world).map { ($0.id, $0) }) { first, _ in first } : [:]
        let all = Set(fixtures.pods.map { "\($0.namespace)/\($0.name)" })
        var patience = options.patience
        patience.profile = profile
        for (number, item) in suite.cases.enumerated() {
            try Task.checkCancellation()
            guard options.isNeeded(item, results) else { continue }
            progress(.running(item.id, number: number + 1, of: suite.cases.count))
            if let reason = item.needs.unmet(by: model.spec) ?? profile?.exclusion(of: item) {
                results.append(
                    CaseResult(item: item, status: .notApplicable, problems: [reason], verdicts: [], duration: .zero))
                continue
            }
            let stage = CaseStage(
                lab: lab, watch: watch, threads: threads, model: model, pods: fixtures.names(of: item.pods),
                fixtures: all)
            var runner = CaseRunner(
                item: item, profile: profile, patience: patience, scenarios: scenarios, stage: stage,
                steps: steps)
            var outcome = await runner.run()
            // What failed is to be seen as it was.
            try await keepEvidence(of: &outcome, runner.stage.model, watch, threads)
            await runner.steps.tables.leavePods()
            results.append(outcome.result)
            let isLast = !suite.cases[(number + 1)...].contains { options.isNeeded($0, results) }
            if runner.stage.isChanged, options.keepsLab || !isLast { try await runner.stage.restore() }
            model = runner.stage.model
            steps = runner.steps.adopting(model)
            progress(.finished(outcome.result))
            await watch.forget(before: watch.mark())
        }
        return results
    }

    private func keepEvidence(
        of outcome: inout CaseRunner.Outcome, _ model: LabModel, _ watch: Watch, _ threads: NamespaceThreads
    ) async throws {
        guard let directory = options.evidenceDirectory else { return }
        let isBad = outcome.result.status == .failed || outcome.result.status == .inconclusive
        guard isBad || options.keepsPassedEvidence else { return }
        let evidence = Evidence(directory: "\(directory)/\(outcome.result.item.id)", lab: model.spec.name)
        outcome.result.evidence = evidence.directory
        let states = isBad ? await NodeState.collect(of: outcome.result, model, watch, threads) : []
        try evidence.write(outcome, points: await watch.capturePoints, states: states)
    }
}

/// How a run goes on.
public enum ConformanceProgress: Sendable {
    /// The suite's pods are being added, and captures opened.
    case preparing(pods: Int)
    /// A case begins.
    case running(String, number: Int, of: Int)
    /// A case has ended.
    case finished(CaseResult)
}

extension LabSpec {
    /// The spec without the suite's pods, which a run that was killed may have left.
    var withoutFixtures: LabSpec {
        var spec = self
        spec.pods.removeAll { LabModel.isFixture($0.namespace) }
        return spec
    }
}
