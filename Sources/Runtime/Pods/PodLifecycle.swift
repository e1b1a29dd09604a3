internal import Addressing
internal import ControlPlane
internal import KubernetesModel
internal import Logging
internal import Topology

/// Runs the pods that the API's objects ask for, as a kubelet does on every node: network, containers, probes, restarts,
/// termination, and the status that tells of all that.
///
/// It works in passes over the pods that something has happened to. The supervisor makes the passes, so that none
/// happens while a `lab up` is under way.
actor PodLifecycle {
    let registry: Registry
    let workloads: Workloads
    let prober: Prober
    let policies: PolicyEngines
    let recorder: EventRecorder
    let logger: Logger
    private let wake: AsyncStream<Void>.Continuation
    /// One element for each time that there may be something to do.
    nonisolated let wakeUps: AsyncStream<Void>
    private nonisolated let notes: AsyncStream<Note>.Continuation
    private let noted: AsyncStream<Note>

    private struct Note {
        let object: APIObject
        let level: EventRecorder.Level
        let reason: String
        let message: String
        let container: String
    }

    var runs: [ObjectKey: PodRun] = [:]
    private var dirty: Set<ObjectKey> = []
    private var probes: [ObjectKey: [String: Task<Void, Never>]] = [:]
    private var nodes: [String: NodeSpec] = [:]

    init(
        registry: Registry, workloads: Workloads, prober: Prober, policies: PolicyEngines, recorder: EventRecorder,
        logger: Logger
    ) {
        self.registry = registry
        self.workloads = workloads
        self.prober = prober
        self.policies = policies
        self.recorder = recorder
        self.logger = logger
        (wakeUps, wake) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        (noted, notes) = AsyncStream.makeStream(of: Note.self, bufferingPolicy: .bufferingNewest(10_000))
    }

    nonisolated var store: ObjectStore { registry.store }

    // MARK: What happens

    /// Marks a pod as one to look at.
    func enqueue(_ keys: some Sequence<ObjectKey>) {
        dirty.formUnion(keys)
        if !dirty.isEmpty { wake.yield() }
    }

    /// Marks a pod as one to look at after some seconds.
    func enqueue(_ key: ObjectKey, after seconds: Int64) {
        Task {
            try await Task.sleep(for: .seconds(seconds))
            enqueue([key])
        }
    }

    /// A node's addresses on the underlay.
    func addresses(ofNode name: String?) -> [IPAddress] { name.flatMap { nodes[$0]?.address } ?? [] }

    /// Writes down what happened to a pod, in the order of the calls, without waiting for it.
    nonisolated func note(
        _ object: APIObject, _ level: EventRecorder.Level, _ reason: String, _ message: String, container: String = ""
    ) {
        notes.yield(
            Note(object: object, level: level, reason: reason, message: message, container: container))
    }

    /// Records what was noted until the task is cancelled.
    func recordNotes() async {
        for await note in noted {
            await recorder.record(
                note.object, fieldPath: note.container.isEmpty ? "" : "spec.containers{\(note.container)}",
                component: "kubelet", host: note.object["spec", "nodeName"]?.string ?? "", note.level,
                reason: note.reason, note.message)
        }
    }

    /// Follows the store's pods until the task is cancelled.
    func follow() async {
        var version = store.resourceVersion
        enqueue(store.objects(ObjectSelection(.pods)).objects.map(\.key))
        while !Task.isCancelled {
            do throws(APIStatus) {
                let (events, upTo) = try store.events(of: .pods, after: version)
                version = upTo
                enqueue(events.map(\.object.key))
            } catch {
                version = store.resourceVersion
                enqueue(store.objects(ObjectSelection(.pods)).objects.map(\.key))
                enqueue(Array(runs.keys))
            }
            await store.waitForChange(of: .pods, after: version)
        }
    }

    /// A container has ended by itself; nothing happens where it runs.
    func containerEnded(_ container: ContainerKey) async {
        let key = ObjectKey(.pods, namespace: container.namespace, name: container.pod)
        guard var run = runs[key], run.ending == .no, var state = run.containers[container.container] else { return }
        let now = Timestamp.now
        state.state = await workloads.state(of: container) ?? .terminated(exitStatus: nil)
        guard !state.state.isReady else { return }
        var status: Int32?
        if case .terminated(let exitStatus) = state.state { status = exitStatus }
        state.end = ContainerRun.End(exitStatus: status, startedAt: state.startedAt ?? now, finishedAt: now)
        state.isStarted = false
        state.isProbedReady = false
        run.containers[container.container] = state
        runs[key] = run
        stopProbes(of: key, container: container.container)
        enqueue([key])
    }

    // MARK: Passes

    /// Takes pods for running as they are: those that a `lab up` has just built, or that an earlier supervisor left.
    func adopt(_ pods: [PodSpec], nodes: [NodeSpec]) async {
        self.nodes = Dictionary(nodes.map { ($0.name, $0) }) { first, _ in first }
        let built = Dictionary(pods.map { (ObjectKey(.pods, namespace: $0.namespace, name: $0.name), $0) }) { $1 }
        for (key, spec) in built {
            guard let stored = store.object(key) else { continue }
            if let run = runs[key], run.uid == stored.uid, run.spec?.runs(like: spec) ?? false { continue }
            var run = PodRun(uid: stored.uid, startedAt: Timestamp(stored.object["status", "startTime"]) ?? .now)
            run.spec = spec
            stopProbes(of: key)
            runs[key] = run
            await startedContainers(of: key, stored.object)
        }
        // What a lab up has taken the network from is begun anew.
        for (key, run) in runs where built[key] == nil && run.spec != nil && run.ending == .no {
            stopProbes(of: key)
            runs[key] = nil
        }
        enqueue(store.objects(ObjectSelection(.pods)).objects.map(\.key))
        await writeStatuses(of: Array(built.keys))
    }

    /// Looks at every pod that something has happened to, and does what it takes.
    func pass(_ network: any PodNetworking) async {
        let keys = dirty
        dirty = []
        guard !keys.isEmpty else { return }
        var gone: Set<ObjectKey> = []
        var new: [(key: ObjectKey, object: APIObject)] = []
        for key in keys {
            let stored = store.object(key)
            if let run = runs[key], run.uid != stored?.uid || run.ending == .done { gone.insert(key) }
            guard let stored, !(gone.contains(key) && runs[key]?.uid == stored.uid) else { continue }
            let object = stored.object
            if object.deletionTimestamp != nil {
                await terminate(key, object)
            } else if isNew(key, object, isReplaced: gone.contains(key)) {
                new.append((key, object))
            } else if !gone.contains(key) {
                await look(at: key, object)
            }
        }
        await change(network, removing: gone, adding: new)
        await writeStatuses(of: keys.filter { runs[$0] != nil })
    }

    private func isNew(_ key: ObjectKey, _ object: APIObject, isReplaced: Bool) -> Bool {
        guard let node = object["spec", "nodeName"]?.string, nodes[node] != nil else { return false }
        guard !(Pod.Phase(object)?.isTerminal ?? false) else { return false }
        guard let run = runs[key], !isReplaced else { return true }
        return run.spec == nil && run.ending == .no && run.retryAt.map { $0 <= .now } ?? false
    }

    private func change(
        _ network: any PodNetworking, removing gone: Set<ObjectKey>, adding new: [(key: ObjectKey, object: APIObject)]
    ) async {
        guard !gone.isEmpty || !new.isEmpty else { return }
        for key in gone { stopProbes(of: key) }
        var manifests: [PodManifest] = []
        var keys: [(key: ObjectKey, object: APIObject)] = []
        for (key, object) in new {
            do {
                let environment = ContainerEnvironment(
                    pod: object, store: store, nodeAddresses: addresses(ofNode: object["spec", "nodeName"]?.string))
                manifests.append(try PodManifest(environment.resolved()))
                keys.append((key, object))
            } catch {
                refuse(key, object, "\(error)")
            }
        }
        let names = gone.filter { runs[$0]?.spec != nil }.map { "\($0.namespace)/\($0.name)" }
        let results = await network.change(adding: manifests, removing: Set(names))
        for key in gone { await finish(key) }
        var started: [PodSpec] = []
        for (item, result) in zip(keys, results) {
            switch result {
            case .failure(let error): refuse(item.key, item.object, "\(error)")
            case .success(let spec):
                var run = PodRun(uid: item.object.uid, startedAt: .now)
                run.spec = spec
                runs[item.key] = run
                started.append(spec)
            }
        }
        await policies.admit(started)
        await workloads.add(started)
        for item in keys where runs[item.key]?.spec != nil { await startedContainers(of: item.key, item.object) }
    }

    /// A pod's network is gone; where it was asked to end, its object goes too.
    private func finish(_ key: ObjectKey) async {
        guard let run = runs.removeValue(forKey: key), run.ending == .done else { return }
        do {
            _ = try await registry.delete(key, DeleteOptions(gracePeriodSeconds: 0, uid: run.uid))
        } catch {
            if error.code != 404, error.code != 409 { logger.error("cannot delete \(key): \(error)") }
        }
    }

    /// A pod cannot be given a network now; there will be another try.
    private func refuse(_ key: ObjectKey, _ object: APIObject, _ why: String) {
        var run = runs[key].flatMap { $0.uid == object.uid ? $0 : nil } ?? PodRun(uid: object.uid, startedAt: .now)
        let delay = min(RestartBackoff.first << Int64(min(run.failures, 5)), RestartBackoff.longest)
        run.failures += 1
        run.refusal = why
        run.retryAt = Timestamp(seconds: Timestamp.now.seconds + delay)
        runs[key] = run
        enqueue(key, after: delay)
        note(object, .warning, "FailedCreatePodSandBox", "Failed to create pod sandbox: \(why)")
    }

    // MARK: Probes

    func startProbes(of key: ObjectKey, container: JSONValue, in pod: PodSpec) {
        guard let name = container["name"]?.string else { return }
        let wanted = Probe.Purpose.allCases.compactMap { Probe($0, of: container) }
        guard !wanted.isEmpty else { return }
        let prober = prober
        probes[key, default: [:]][name] = Task {
            if let startup = wanted.first(where: { $0.purpose == .startup }) {
                let (passed, continuation) = AsyncStream.makeStream(of: Void.self)
                let first = Task {
                    await prober.run(startup, of: name, in: pod) { isWell, why in
                        await self.verdict(isWell, why, startup, key, name)
                        if isWell { continuation.finish() }
                    }
                }
                await withTaskCancellationHandler {
                    for await _ in passed {}
                } onCancel: {
                    first.cancel()
                }
                first.cancel()
            }
            await withDiscardingTaskGroup { group in
                for probe in wanted where probe.purpose != .startup {
                    group.addTask {
                        await prober.run(probe, of: name, in: pod) { isWell, why in
                            await self.verdict(isWell, why, probe, key, name)
                        }
                    }
                }
            }
        }
    }

    func stopProbes(of key: ObjectKey, container: String? = nil) {
        if let container {
            probes[key]?.removeValue(forKey: container)?.cancel()
        } else {
            for task in (probes.removeValue(forKey: key) ?? [:]).values { task.cancel() }
        }
    }

    private func verdict(_ isWell: Bool, _ why: String, _ probe: Probe, _ key: ObjectKey, _ container: String) async {
        guard let run = runs[key], run.ending == .no, run.containers[container] != nil else { return }
        switch probe.purpose {
        case .startup: runs[key]?.containers[container]?.isStarted = isWell
        case .readiness: runs[key]?.containers[container]?.isProbedReady = isWell
        case .liveness: break
        }
        if !isWell, let object = store.object(key)?.object {
            note(object, .warning, "Unhealthy", "\(probe.purpose.title) probe failed: \(why)")
            if probe.purpose != .readiness, let spec = run.spec {
                note(
                    object, .normal, "Killing",
                    "Container \(container) failed \(probe.purpose.title.lowercased()) probe, will be restarted")
                await kill(container, of: key, spec, object)
            }
        }
        enqueue([key])
    }
}
