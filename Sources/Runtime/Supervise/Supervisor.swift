internal import Components
internal import ControlPlane
internal import Glibc
internal import KubernetesModel
internal import Logging
internal import NetworkNamespaces
internal import Topology

/// The process that a lab has for as long as it is up: it builds the network, keeps the objects and serves their API,
/// runs the pods' containers, and answers the command line. Without it the network and the containers' processes go on;
/// a new one takes over from the state directory.
actor Supervisor {
    let directory: LabDirectory
    let directories: LabDirectories
    let builder: Builder
    let workloads: Workloads
    let logger: Logger
    let journal: Journal
    private let surroundings: Cluster.Surroundings
    private let stop: @Sendable () -> Void

    private var isBusy = false
    /// Whether the lab is gone, since it could not be built.
    private var isRetired = false
    private var waiting: [CheckedContinuation<Void, Never>] = []
    /// How many requests to build the lab wait or are under way.
    private var requests = 0
    private(set) var cluster: Cluster?
    /// The cluster that is being opened, or was last.
    private var opening: Task<Cluster, any Error>?
    /// What the lab is built to, where nothing else is known to have changed it.
    var current: LabPlan?
    /// Ports of bridges whose pods have just gone: the kernel may still be about to take them down.
    var departed: Set<String> = []

    init(_ surroundings: Cluster.Surroundings, stop: @escaping @Sendable () -> Void) {
        self.surroundings = surroundings
        directory = surroundings.directory
        directories = surroundings.directories
        builder = surroundings.builder
        workloads = surroundings.workloads
        logger = surroundings.logger
        journal = Journal(path: surroundings.directory.journal)
        self.stop = stop
    }

    /// What every container is doing.
    func statuses() async -> [ContainerStatus] {
        await workloads.statuses()
    }

    /// How the components do that this process runs.
    func components() async -> [ComponentStatus] {
        guard let cluster else { return [] }
        let servers = await workloads.runningNameServers()
        let isRunning = await workloads.hasNameServer
        return await [
            cluster.proxies.status(), cluster.nameServers.status(servers, isRunning: isRunning),
            cluster.policies.status(),
        ].compactMap(\.self)
    }

    /// Starts what should be running in a lab that an earlier supervisor built.
    func takeOver() async {
        await enter()
        defer { leave() }
        do {
            await workloads.endUnrecorded(in: try journal.entries().map(\.name))
            guard let spec = try directory.applied() else { return }
            let cluster = try await cluster(for: spec)
            try await cluster.policies.converge(to: spec)
            await workloads.converge(to: spec.pods, finished: cluster.finished(spec.pods))
            try await listen(cluster, spec)
            try await cluster.proxies.converge(to: spec)
            if access(directory.targetSpecs, F_OK) != 0 { current = LabPlan(spec) }
            await cluster.lifecycle.adopt(spec.pods, nodes: spec.nodes)
        } catch {
            logger.error("cannot take over: \(error)")
        }
    }

    /// Builds or converges the lab. Requests are carried out one after the other.
    ///
    /// - Parameter encoded: the spec's JSON, where it is at hand.
    func up(
        _ spec: LabSpec, encoded: [UInt8]? = nil, cancellation: Cancellation,
        report: @escaping @Sendable (ControlEvent) -> Void
    ) async -> ControlEvent {
        if isBusy { report(.progress(phase: "waiting for work under way", done: 0, total: 0)) }
        requests += 1
        await enter()
        defer {
            requests -= 1
            leave()
        }
        guard !isRetired else { return .retired }
        do {
            return .finished(try await converge(to: spec, encoded, cancellation, report))
        } catch {
            logger.error("\(error)")
            current = nil
            _ = await opening?.result
            await giveUp()
            return .failed(ControlFailure(error))
        }
    }

    /// Does what it takes for pods to be as their objects ask.
    func reconcilePods() async {
        await enter()
        defer { leave() }
        guard !isRetired, current != nil, let cluster else { return }
        await cluster.lifecycle.pass(self)
        do {
            if let spec = current?.spec { try await cluster.keepDNS(spec) }
        } catch {
            logger.error("the pod of the cluster's DNS cannot be made anew: \(error)")
        }
    }

    /// Ends what this process does for the lab: its API, its containers.
    func close() async {
        await enter()
        defer { leave() }
        isRetired = true
        await cluster?.stop()
        cluster = nil
        await workloads.converge(to: [])
    }

    /// Ends the supervisor of a lab that is no more, once everybody knows.
    func connectionDidEnd() {
        if isRetired, requests == 0 { stop() }
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
        to sent: LabSpec, _ encoded: [UInt8]?, _ cancellation: Cancellation,
        _ report: @escaping @Sendable (ControlEvent) -> Void
    ) async throws -> UpSummary {
        report(.progress(phase: "planning", done: 0, total: 0))
        let applied = try directory.applied()
        let request = sent.forgettingAPI()
        let kept = request.keepingAPIPods(of: applied)
        let spec = kept.tellingPodsOfAPI()
        // A large spec takes longer to encode than to plan; objects are published while the network is built.
        async let encoding = LabDirectory.encoded(kept, knowing: encoded, of: sent)
        let opening = Task { try await self.cluster(for: spec) }
        self.opening = opening
        let interrupted = try directory.targets()
        let previous = ([applied].compactMap { $0 } + interrupted).map { LabPlan($0) }
        let plan = LabPlan(spec)
        let recorded = Set(try journal.entries())
        // A namespace under a name that was never recorded is somebody else's.
        let observed = try await builder.observe(previous + [plan], named: Set(recorded.map(\.name)))
        let operations = plan.operations(after: previous, observed: observed)
        // What the objects' rules refuse changes nothing. A new network without objects need not wait for the store.
        if applied != nil || !spec.objects.isEmpty { try await opening.value.check(spec) }

        current = nil
        try announce(operations, recorded: recorded, observed: observed)
        // What an earlier run may have made has to be known until one run has come to its end.
        let encoded = try await encoding
        let unfinished = try interrupted.filter { $0 != spec }.map { try LabDirectory.encoded($0) } + [encoded]
        try StateFile.replace(directory.targetSpecs, jsonArray: unfinished)
        let replaced = Self.pods(replacedBy: operations, in: previous)
        await workloads.stop(pods: replaced)
        let newNodes = Self.nodes(replacedBy: operations, in: previous)
        await cluster?.proxies.leave(newNodes)
        await cluster?.policies.leave(newNodes)
        try endProcesses(inRemoved: operations, of: previous)
        // What an interrupted run has written is anybody's guess.
        let written = interrupted.isEmpty ? applied : nil
        async let filesWritten: Void = writeFiles(of: spec, after: previous.map(\.spec), written: written)
        let begunAnew = replaced.union(Self.pods(changedFrom: applied, to: spec))
        let (building, made) = AsyncStream.makeStream(of: Void.self)
        async let published: Void = publish(request, replaced: begunAnew, to: opening, after: building)
        do {
            try await build(operations, for: spec, cancellation, report, whenMade: { made.finish() })
        } catch {
            await workloads.withdrawServers()
            throw error
        }
        try await filesWritten
        let cluster = try await opening.value
        try await listen(cluster, spec)
        // Programs find the API by files that are written then, and Services by rules; policies isolate them before.
        try await published
        try await cluster.policies.converge(to: spec)
        try await cluster.proxies.converge(to: spec)
        if try await cluster.nameServers.converge(to: spec) { await workloads.stopNameServers() }
        report(.progress(phase: "starting containers", done: 0, total: 0))
        await workloads.converge(to: spec.pods, finished: cluster.finished(spec.pods.filter(\.isFromAPI)))
        try finish(encoded, plan)
        current = plan
        departed = []
        await cluster.lifecycle.adopt(spec.pods, nodes: spec.nodes)
        try await cluster.applyManifests(request)
        await cluster.proxies.catchUp()
        await cluster.nameServers.catchUp()
        logger.notice("up: \(operations.count) changes, \(spec.pods.count) pods")
        return UpSummary(changes: operations.count, notReady: await workloads.statuses().filter { !$0.state.isReady })
    }

    /// Builds the network. The built-in server opens its sockets while the kernel brings up the links.
    private func build(
        _ operations: [Operation], for spec: LabSpec, _ cancellation: Cancellation,
        _ report: @escaping @Sendable (ControlEvent) -> Void, whenMade: @escaping @Sendable () -> Void
    ) async throws {
        let total = operations.count
        let workloads = workloads
        try await builder.perform(operations, cancellation: cancellation) { done in
            report(.progress(phase: "building the network", done: done, total: total))
        } whenMade: {
            whenMade()
        } whileSettling: {
            await workloads.startServers(of: spec.pods)
        }
    }

    /// Makes a lab file's pods and nodes objects as soon as there is a cluster and a processor for it.
    private func publish(
        _ request: LabSpec, replaced: Set<String>, to opening: Task<Cluster, any Error>,
        after building: AsyncStream<Void>
    ) async throws {
        for await _ in building {}
        try await opening.value.publish(request, replaced: replaced)
    }

    // MARK: The cluster

    /// The lab's cluster, begun anew where its settings have changed.
    private func cluster(for spec: LabSpec) async throws -> Cluster {
        if let cluster {
            if cluster.settings == ClusterSettings(spec.cluster) { return cluster }
            await cluster.stop()
            self.cluster = nil
        }
        let cluster = try await Self.openCluster(spec, surroundings)
        let lifecycle = cluster.lifecycle
        await workloads.observe { key in Task { await lifecycle.containerEnded(key) } }
        await workloads.answerNames(from: cluster.nameServers)
        try await cluster.start { [weak self] in await self?.reconcilePods() }
        self.cluster = cluster
        return cluster
    }

    /// Away from this actor, which plans at the same time.
    private nonisolated static func openCluster(
        _ spec: LabSpec, _ surroundings: Cluster.Surroundings
    ) async throws -> Cluster {
        try Cluster(spec, surroundings)
    }

    private func listen(_ cluster: Cluster, _ spec: LabSpec) async throws {
        let path = directories.namespaces.path(of: RuntimeName.controlPlane(lab: spec.name))
        try await cluster.listen(on: spec, inode: NamespaceIdentity(path: path)?.inode)
    }

    /// After a failed build: the network is as it was before, and so are the objects to be.
    private func giveUp() async {
        guard access(directory.appliedSpec, F_OK) == 0 else {
            await abandon()
            return
        }
        do {
            guard let applied = try directory.applied() else { return }
            try await cluster?.prune(keeping: applied)
        } catch {
            logger.error("objects of a lab file that was not built are left: \(error)")
        }
    }

    /// Leaves nothing of a lab that could not be built the first time. Where another request waits, the directory is
    /// left to it.
    private func abandon() async {
        do {
            await cluster?.stop()
            cluster = nil
            await workloads.converge(to: [])
            let teardown = Teardown(directory: directory, directories: directories)
            guard requests == 1 else {
                try teardown.removeNetwork()
                for file in directory.objectFiles { try StateFile.remove(file) }
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
}
