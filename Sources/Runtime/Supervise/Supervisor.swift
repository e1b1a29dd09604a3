internal import Components
internal import Glibc
internal import Logging
internal import NetworkNamespaces
internal import Topology

/// The process that a lab has for as long as it is up: it builds the network, runs the pods' containers, and answers
/// the command line. Without it the network and the containers' processes go on; a new one takes over from the state
/// directory.
actor Supervisor {
    private let directory: LabDirectory
    private let directories: LabDirectories
    private let builder: Builder
    private let workloads: Workloads
    private let logger: Logger
    private let journal: Journal
    private let stop: @Sendable () -> Void

    private var isBusy = false
    /// Whether the lab is gone, since it could not be built.
    private var isRetired = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(
        directory: LabDirectory, directories: LabDirectories, builder: Builder, workloads: Workloads, logger: Logger,
        stop: @escaping @Sendable () -> Void
    ) {
        self.directory = directory
        self.directories = directories
        self.builder = builder
        self.workloads = workloads
        self.logger = logger
        self.journal = Journal(path: directory.journal)
        self.stop = stop
    }

    /// What every container is doing.
    func statuses() async -> [ContainerStatus] {
        await workloads.statuses()
    }

    /// Starts what should be running in a lab that an earlier supervisor built.
    func takeOver() async {
        await enter()
        defer { leave() }
        do {
            await workloads.endUnrecorded(in: try journal.entries().map(\.name))
            guard let spec = try StateFile.read(LabSpec.self, json: directory.appliedSpec) else { return }
            await workloads.converge(to: spec.pods)
        } catch {
            logger.error("cannot take over: \(error)")
        }
    }

    /// Builds or converges the lab. Requests are carried out one after the other.
    func up(
        _ spec: LabSpec, cancellation: Cancellation, report: @escaping @Sendable (ControlEvent) -> Void
    ) async -> ControlEvent {
        if isBusy { report(.progress(phase: "waiting for work under way", done: 0, total: 0)) }
        await enter()
        defer { leave() }
        guard !isRetired else { return .retired }
        do {
            return .finished(try await converge(to: spec, cancellation, report))
        } catch {
            logger.error("\(error)")
            if access(directory.appliedSpec, F_OK) != 0 { await abandon() }
            return .failed(ControlFailure(error))
        }
    }

    /// Ends the supervisor of a lab that is no more, once everybody knows.
    func connectionDidEnd() {
        if isRetired, !isBusy, waiting.isEmpty { stop() }
    }

    private func enter() async {
        while isBusy { await withCheckedContinuation { waiting.append($0) } }
        isBusy = true
    }

    private func leave() {
        isBusy = false
        if !waiting.isEmpty { waiting.removeFirst().resume() }
    }

    // MARK: Convergence

    private func converge(
        to spec: LabSpec, _ cancellation: Cancellation, _ report: @escaping @Sendable (ControlEvent) -> Void
    ) async throws -> UpSummary {
        report(.progress(phase: "planning", done: 0, total: 0))
        // A large spec takes longer to encode than to plan.
        async let encoding = StateFile.encoded(spec)
        let applied = try StateFile.read(LabSpec.self, json: directory.appliedSpec)
        let interrupted = try StateFile.read([LabSpec].self, json: directory.targetSpecs) ?? []
        let previous = ([applied].compactMap { $0 } + interrupted).map { LabPlan($0) }
        let plan = LabPlan(spec)
        let recorded = Set(try journal.entries())
        // A namespace under a name that was never recorded is somebody else's.
        let observed = try await builder.observe(previous + [plan], named: Set(recorded.map(\.name)))
        let operations = plan.operations(after: previous, observed: observed)

        try announce(operations, recorded: recorded, observed: observed)
        // What an earlier run may have made has to be known until one run has come to its end.
        let encoded = try await encoding
        let unfinished = try interrupted.filter { $0 != spec }.map { try StateFile.encoded($0) } + [encoded]
        try StateFile.replace(directory.targetSpecs, jsonArray: unfinished)
        await workloads.stop(pods: Self.pods(replacedBy: operations, in: previous))
        try endProcesses(inRemoved: operations, of: previous)
        // What an interrupted run has written is anybody's guess.
        let written = interrupted.isEmpty ? applied : nil
        async let filesWritten: Void = writeFiles(of: spec, after: previous.map(\.spec), written: written)
        let total = operations.count
        try await builder.perform(operations, cancellation: cancellation) { done in
            report(.progress(phase: "building the network", done: done, total: total))
        }
        try await filesWritten
        report(.progress(phase: "starting containers", done: 0, total: 0))
        await workloads.converge(to: spec.pods)
        try finish(encoded, plan)
        logger.notice("up: \(operations.count) changes, \(spec.pods.count) pods")
        return UpSummary(changes: operations.count, notReady: await workloads.statuses().filter { !$0.state.isReady })
    }

    /// Writes down what is about to be created. A name that is taken by somebody else is refused; one that an earlier
    /// run of this lab recorded, and that names no namespace of a plan, was being made or removed when that run was killed:
    /// it is cleared.
    private func announce(
        _ operations: [Operation], recorded: Set<Journal.Entry>, observed: [String: NamespaceState]
    ) throws {
        let entries: [Journal.Entry] = operations.compactMap {
            switch $0 {
            case .createNamespace(let name, _), .shareNamespace(let name, _): .namespace(name)
            default: nil
            }
        }
        let new = entries.filter { !recorded.contains($0) }
        if let taken = new.map(\.name).first(where: { directories.namespaces.exists($0) }) {
            throw BuildError(
                attempt: "create the network namespace \(taken)",
                reason: "one of that name exists and is not this lab's",
                remedy: "remove it with ip netns delete \(taken), or give the lab another name")
        }
        for name in recorded.map(\.name) where observed[name] == nil && directories.namespaces.exists(name) {
            try directories.namespaces.remove(name)
        }
        try journal.append(new)
        try NamespaceRoot(directories).prepare()
    }

    /// Ends what still runs in namespaces that are to be removed, such as a `lab exec`: a process would keep its
    /// namespace, and the pod's addresses in it, alive.
    private func endProcesses(inRemoved operations: [Operation], of plans: [LabPlan]) throws {
        let shared = Set(plans.flatMap(\.namespaces).filter { $0.sharedWith != nil }.map(\.name))
        var identities: Set<NamespaceIdentity> = []
        for case .removeNamespace(let name) in operations where !shared.contains(name) {
            if let identity = NamespaceIdentity(path: directories.namespaces.path(of: name)) {
                identities.insert(identity)
            }
        }
        try NamespaceProcesses.end(in: identities)
    }

    private func finish(_ encoded: [UInt8], _ plan: LabPlan) throws {
        try StateFile.replace(directory.appliedSpec, with: encoded)
        try StateFile.remove(directory.targetSpecs)
        let names = Set(plan.namespaces.map(\.name))
        let entries = try journal.entries()
        let kept = entries.filter { if case .namespace(let name) = $0 { names.contains(name) } else { false } }
        if kept.count < entries.count { try journal.replace(with: kept) }
    }

    /// Leaves nothing of a lab that could not be built the first time. Where another request waits, the directory is
    /// left to it.
    private func abandon() async {
        do {
            await workloads.converge(to: [])
            let teardown = Teardown(directory: directory, directories: directories)
            guard waiting.isEmpty else {
                try teardown.removeNetwork()
                try StateFile.remove(directory.targetSpecs)
                try StateFile.remove(directory.journal)
                return
            }
            isRetired = true
            try teardown.removeAll()
        } catch {
            logger.error("cannot clear up: \(error); lab down removes what is left")
        }
    }

    private static func pods(replacedBy operations: [Operation], in plans: [LabPlan]) -> Set<String> {
        var names: Set<String> = []
        for operation in operations {
            switch operation {
            case .createNamespace(let name, _), .shareNamespace(let name, _), .removeNamespace(let name):
                names.insert(name)
            default: break
            }
        }
        var pods: Set<String> = []
        for namespace in plans.flatMap(\.namespaces) where names.contains(namespace.name) {
            if case .pod(let podNamespace, let pod) = namespace.role { pods.insert("\(podNamespace)/\(pod)") }
        }
        return pods
    }

    /// Writes the files of new and changed pods and removes those of pods that are gone.
    private nonisolated func writeFiles(of spec: LabSpec, after previous: [LabSpec], written: LabSpec?) async throws {
        try PodFiles.writeShared(spec, to: directory)
        let current = written?.cluster == spec.cluster ? Set(written?.pods ?? []) : []
        for pod in spec.pods where !current.contains(pod) {
            try PodFiles.write(pod, of: spec, to: directory.pod(namespace: pod.namespace, name: pod.name))
        }
        let wanted = Set(spec.pods.map(\.qualifiedName))
        for pod in previous.flatMap(\.pods) where !wanted.contains(pod.qualifiedName) {
            try StateFile.removeTree(directory.pod(namespace: pod.namespace, name: pod.name).path)
        }
    }
}
