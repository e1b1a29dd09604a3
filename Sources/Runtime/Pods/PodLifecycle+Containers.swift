internal import ControlPlane
internal import Glibc
internal import KubernetesModel
internal import Topology

extension PodLifecycle {
    /// Notes what became of the containers of a pod that has just been started or taken over, and begins to probe them.
    func startedContainers(of key: ObjectKey, _ object: APIObject) async {
        guard let spec = runs[key]?.spec else { return }
        noteResolverLimits(of: spec, object)
        for container in spec.containers { await started(container, of: key, spec, object) }
    }

    private func started(
        _ container: ContainerSpec, of key: ObjectKey, _ spec: PodSpec, _ object: APIObject
    ) async {
        let containerKey = ContainerKey(spec, container)
        var state =
            await workloads.state(of: containerKey)
            ?? .waiting(reason: "CreateContainerError", message: "it was not started")
        guard var run = runs[key] else { return }
        let description = object.container(container.name)
        let before = run.containers[container.name]
        var now = ContainerRun(state: state)
        now.restarts = before?.restarts ?? Self.restarts(of: container.name, object)
        now.lastEnd = before?.end ?? before?.lastEnd
        now.isStarted = description.flatMap { Probe(.startup, of: $0) } == nil
        now.isProbedReady = description.flatMap { Probe(.readiness, of: $0) } == nil
        if case .terminated = state {
            if before == nil, let end = ContainerRun.End(of: container.name, in: object) {
                // An earlier supervisor has seen it end.
                now.startedAt = end.startedAt
                now.end = end
            } else {
                // It did run; that it has ended is noted below, as if it had taken longer.
                state = .running(process: 0)
                now.state = state
            }
        }
        if state.isReady { now.startedAt = .now }
        run.containers[container.name] = now
        runs[key] = run
        if state.isReady {
            if before == nil || before?.end != nil {
                note(
                    object, .normal, "Started", "Started container \(container.name)",
                    container: container.name)
            }
            if let description { startProbes(of: key, container: description, in: spec) }
            // Clients that are to attach wait for it to run, however short that is.
            if container.isInteractive { await writeStatuses(of: [key]) }
            await containerEnded(containerKey)
        } else if case .waiting(let reason, let message) = state {
            note(
                object, .warning, reason == "ErrImagePull" ? "Failed" : reason, message,
                container: container.name)
        } else {
            enqueue([key])
        }
    }

    /// The restarts that an earlier supervisor has counted.
    private static func restarts(of container: String, _ object: APIObject) -> Int {
        Int(object.containerStatus(container)?["restartCount"]?.integer ?? 0)
    }

    /// Starts containers again that have ended, when their time has come, and those whose image has changed.
    func look(at key: ObjectKey, _ object: APIObject) async {
        guard let run = runs[key], run.ending == .no, let spec = run.spec else { return }
        if await replaceImages(of: key, spec, object) { return }
        let policy = RestartPolicy(object)
        for (name, container) in run.containers {
            guard let end = container.end, policy.restarts(after: end.exitStatus) else { continue }
            let ran = end.finishedAt.seconds - end.startedAt.seconds
            let delay = RestartBackoff.delay(restarts: container.restarts, ranFor: ran)
            let wait = end.finishedAt.seconds + delay - Timestamp.now.seconds
            if wait > 0 {
                guard !container.isBackingOff else { continue }
                runs[key]?.containers[name]?.isBackingOff = true
                note(
                    object, .warning, "BackOff",
                    "Back-off restarting failed container \(name) in pod \(object.name)_\(object.namespace)(\(object.uid))",
                    container: name)
                enqueue(key, after: wait)
            } else {
                runs[key]?.containers[name]?.restarts += 1
                await restart(name, of: key, spec, object)
            }
        }
        if runs[key]?.phase(policy).isTerminal ?? false { stopProbes(of: key) }
    }

    private func restart(_ name: String, of key: ObjectKey, _ spec: PodSpec, _ object: APIObject) async {
        guard let container = spec.containers.first(where: { $0.name == name }) else { return }
        stopProbes(of: key, container: name)
        await workloads.restart(spec, container: name)
        await started(container, of: key, spec, object)
    }

    /// Ends a container that is not well; it is started again as if it had ended by itself.
    func kill(_ name: String, of key: ObjectKey, _ spec: PodSpec, _ object: APIObject) async {
        guard var container = runs[key]?.containers[name], container.end == nil else { return }
        let now = Timestamp.now
        container.end = ContainerRun.End(exitStatus: 137, startedAt: container.startedAt ?? now, finishedAt: now)
        container.state = .terminated(exitStatus: 137)
        container.isStarted = false
        container.isProbedReady = false
        runs[key]?.containers[name] = container
        stopProbes(of: key, container: name)
        await workloads.terminate(pod: spec, container: name, grace: Self.grace(of: object))
    }

    /// A new image in the object means another program in the container, in the same pod.
    private func replaceImages(of key: ObjectKey, _ spec: PodSpec, _ object: APIObject) async -> Bool {
        var changed = spec
        var names: [String] = []
        for index in spec.containers.indices {
            let name = spec.containers[index].name
            guard let image = object.container(name)?["image"]?.string, image != spec.containers[index].image else {
                continue
            }
            changed.containers[index].image = image
            names.append(name)
        }
        guard !names.isEmpty else { return false }
        runs[key]?.spec = changed
        for name in names {
            note(
                object, .normal, "Killing", "Container \(name) definition changed, will be restarted",
                container: name)
            runs[key]?.containers[name]?.restarts += 1
            await restart(name, of: key, changed, object)
        }
        return true
    }

    // MARK: Termination

    static func grace(of object: APIObject) -> Int64 {
        object["metadata", "deletionGracePeriodSeconds"]?.integer
            ?? object["spec", "terminationGracePeriodSeconds"]?.integer ?? 30
    }

    /// Tells a pod's containers to end, once; when they have, the pod is looked at again.
    func terminate(_ key: ObjectKey, _ object: APIObject) async {
        let run = runs[key] ?? PodRun(uid: object.uid, startedAt: .now)
        guard run.ending == .no else { return }
        runs[key] = run
        runs[key]?.ending = .underWay
        guard let spec = run.spec else {
            runs[key]?.ending = .done
            enqueue([key])
            return
        }
        for container in spec.containers where run.containers[container.name]?.state.isReady ?? false {
            note(
                object, .normal, "Killing", "Stopping container \(container.name)",
                container: container.name)
        }
        Task {
            let grace = Self.grace(of: object)
            let left = await runPreStopHooks(of: object, spec, within: grace)
            stopProbes(of: key)
            await workloads.terminate(pod: spec.qualifiedName, grace: left)
            guard runs[key]?.uid == run.uid else { return }
            runs[key]?.ending = .done
            enqueue([key])
        }
    }

    /// Runs the hooks of all containers at once.
    ///
    /// - Returns: the seconds that are left of the grace period.
    private func runPreStopHooks(of object: APIObject, _ spec: PodSpec, within grace: Int64) async -> Int64 {
        let began = Timestamp.now
        let hooks = object.containers.compactMap { container -> (String, JSONValue)? in
            guard let name = container["name"]?.string, let hook = container["lifecycle"]?["preStop"] else {
                return nil
            }
            return (name, hook)
        }
        guard !hooks.isEmpty, grace > 0 else { return grace }
        let commands = prober.commands
        await withDiscardingTaskGroup { group in
            for (name, hook) in hooks {
                group.addTask {
                    do {
                        if let seconds = hook["sleep"]?["seconds"]?.integer {
                            try await Task.sleep(for: .seconds(min(seconds, grace)))
                        }
                        let command = (hook["exec"]?["command"]?.array ?? []).compactMap(\.string)
                        if !command.isEmpty {
                            _ = try await commands.run(command, in: spec, container: name, timeout: grace)
                        }
                    } catch {
                        self.note(object, .warning, "FailedPreStopHook", "PreStopHook failed: \(error)")
                    }
                }
            }
        }
        // The kubelet leaves at least two seconds.
        return max(2, grace - (Timestamp.now.seconds - began.seconds))
    }

    // MARK: Status

    /// Writes the statuses that differ from what the objects say.
    func writeStatuses(of keys: some Sequence<ObjectKey>) async {
        var changed: [ObjectKey: (uid: String, status: JSONValue)] = [:]
        for key in keys {
            guard let run = runs[key], let stored = store.object(key), stored.uid == run.uid else { continue }
            let object = stored.object
            let status = PodStatus(
                pod: object, run: run, nodeAddresses: addresses(ofNode: object["spec", "nodeName"]?.string), now: .now
            ).value
            if object["status"] != status { changed[key] = (run.uid, status) }
        }
        guard !changed.isEmpty else { return }
        do {
            let refusals = try await registry.modifyEach(changed.keys, .status) { [changed] key, current in
                guard let change = changed[key], current.uid == change.uid else { return }
                current["status"] = change.status
            }
            for (key, status) in refusals { logger.error("cannot write the status of \(key): \(status)") }
        } catch {
            logger.error("cannot write the statuses of \(changed.count) pods: \(error)")
        }
    }
}
