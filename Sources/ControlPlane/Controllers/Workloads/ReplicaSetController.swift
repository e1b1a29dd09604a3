import KubernetesModel

/// Keeps as many pods as each ReplicaSet asks for.
struct ReplicaSetController: Controller {
    let name = "replicaset"
    let kinds: [ResourceType] = [.replicaSets, .pods]

    /// How many pods are created or deleted before other ReplicaSets have their turn; its own next turn comes from the
    /// change of those pods.
    private static let burst = 100

    private var replicaSets: [NamespacedName: ReplicaSet] = [:]
    private var failing: Set<NamespacedName> = []
    private var selectors: [String: Set<NamespacedName>] = [:]
    private var pods: [NamespacedName: Pod] = [:]
    private var podLabels = LabelIndex()
    private var podsOfOwner: [String: Set<NamespacedName>] = [:]

    mutating func forget() { self = ReplicaSetController() }

    mutating func observe(_ change: ObjectChange, _ queue: inout WorkQueue<NamespacedName>) {
        let name = change.name
        if change.type == .pods {
            queue.add(note(change.isDeleted ? nil : Pod(change.object), pod: name))
            return
        }
        if change.isDeleted {
            replicaSets[name] = nil
            selectors[name.namespace]?.remove(name)
        } else {
            let object = change.object
            replicaSets[name] = ReplicaSet(object)
            if ReplicaFailure.isReported(in: object) { failing.insert(name) } else { failing.remove(name) }
            selectors[name.namespace, default: []].insert(name)
            queue.add(name)
        }
    }

    /// Takes note of a pod, or that it has gone.
    ///
    /// - Returns: the ReplicaSets that it touches.
    private mutating func note(_ pod: Pod?, pod name: NamespacedName) -> [NamespacedName] {
        let previous = pods[name]
        if let previous {
            podLabels.remove(name, previous.labels)
            if let owner = previous.controller { podsOfOwner[owner.uid]?.remove(name) }
        }
        pods[name] = pod
        if let pod {
            podLabels.insert(name, pod.labels)
            if let owner = pod.controller { podsOfOwner[owner.uid, default: []].insert(name) }
        }
        var touched: [NamespacedName] = []
        for state in [previous, pod].compactMap(\.self) {
            if let owner = state.controller {
                if owner.kind == "ReplicaSet" { touched.append(NamespacedName(name.namespace, owner.name)) }
            } else {
                touched += (selectors[name.namespace] ?? []).filter {
                    replicaSets[$0]?.selector.matches(state.labels) ?? false
                }
            }
        }
        return touched
    }

    private func candidates(for replicaSet: ReplicaSet) -> [Pod] {
        let required = replicaSet.selector.requirements.filter { $0.comparison == .isIn && $0.values.count == 1 }
        let labels = Dictionary(
            required.compactMap { requirement in
                requirement.values.first.map { (requirement.key, $0) }
            }
        ) { $1 }
        let selected = podLabels.names(in: replicaSet.namespace, with: labels)
        let names = Set(selected).union(podsOfOwner[replicaSet.uid] ?? [])
        return names.compactMap { pods[$0] }.sorted { $0.name < $1.name }
    }

    mutating func reconcile(_ name: NamespacedName, _ context: ControllerContext) async throws(APIStatus) -> Int? {
        guard let replicaSet = replicaSets[name] else { return nil }
        let plan = ReplicaSetPlan(replicaSet, pods: candidates(for: replicaSet), at: context.now)
        var failure: (reason: String, status: APIStatus)?
        if !plan.adopted.isEmpty || !plan.released.isEmpty || plan.missing > 0 || !plan.surplus.isEmpty {
            guard let stored = context.registry.store.object(name.key(.replicaSets)) else { return nil }
            let object = stored.object
            try await claim(plan, object, context)
            do throws(APIStatus) {
                try await create(min(plan.missing, Self.burst), of: object, context)
            } catch { failure = ("FailedCreate", error) }
            do throws(APIStatus) {
                try await delete(plan.surplus.prefix(Self.burst), of: object, context)
            } catch { failure = ("FailedDelete", error) }
        }
        if plan.status != replicaSet.status || failure != nil || failing.contains(name) {
            try await write(plan.status, failure, name, context)
        }
        if let failure { throw failure.status }
        return plan.secondsUntilAvailable
    }

    /// Takes pods over, and lets go of those that are no longer meant.
    private func claim(
        _ plan: ReplicaSetPlan, _ owner: APIObject, _ context: ControllerContext
    ) async throws(APIStatus) {
        let reference = OwnerReference(controller: owner)
        for pod in plan.adopted {
            let key = ObjectKey(.pods, namespace: owner.namespace, name: pod)
            try await context.registry.modify(key, nil, as: context.manager) { pod in
                if pod.controller == nil { pod.ownerReferences.append(reference) }
            }
        }
        for pod in plan.released {
            let key = ObjectKey(.pods, namespace: owner.namespace, name: pod)
            try await context.registry.modify(key, nil, as: context.manager) { pod in
                pod.ownerReferences.removeAll { $0.uid == reference.uid }
            }
        }
    }

    private func create(_ count: Int, of owner: APIObject, _ context: ControllerContext) async throws(APIStatus) {
        let pod = PodTemplate.pod(from: owner)
        for _ in 0..<max(count, 0) {
            do throws(APIStatus) {
                let created = try await context.registry.create(pod, in: .pods, context.options)
                await context.events.record(
                    owner, component: "replicaset-controller", .normal, reason: "SuccessfulCreate",
                    "Created pod: \(created.object.name)")
            } catch {
                await context.events.record(
                    owner, component: "replicaset-controller", .warning, reason: "FailedCreate",
                    "Error creating: \(error.message)")
                throw error
            }
        }
    }

    private func delete(
        _ pods: some Sequence<String>, of owner: APIObject, _ context: ControllerContext
    ) async throws(APIStatus) {
        for pod in pods {
            try await context.delete(ObjectKey(.pods, namespace: owner.namespace, name: pod))
            await context.events.record(
                owner, component: "replicaset-controller", .normal, reason: "SuccessfulDelete", "Deleted pod: \(pod)")
        }
    }

    private func write(
        _ status: ReplicaSet.Status, _ failure: (reason: String, status: APIStatus)?, _ name: NamespacedName,
        _ context: ControllerContext
    ) async throws(APIStatus) {
        let now = context.now
        try await context.registry.modify(name.key(.replicaSets), .status, as: context.manager) { object in
            status.write(to: &object)
            ReplicaFailure.report(failure?.reason, failure?.status.message ?? "", in: &object, at: now)
        }
    }
}
