import KubernetesModel

/// Carries out Deployments: a ReplicaSet for each template, sized so that a change never has too few or too many pods.
struct DeploymentController: Controller {
    let name = "deployment"
    let kinds: [ResourceType] = [.deployments, .replicaSets, .pods]

    private struct PodRecord {
        let replicaSetUID: String
        let replicaSet: NamespacedName
    }

    private var deployments: [NamespacedName: Deployment] = [:]
    private var replicaSets: [NamespacedName: ReplicaSet] = [:]
    private var inNamespace: [String: (deployments: Set<NamespacedName>, replicaSets: Set<NamespacedName>)] = [:]
    /// Pods that have not ended for good, by the ReplicaSet that manages them.
    private var pods: [NamespacedName: PodRecord] = [:]
    private var podCounts: [String: Int] = [:]

    mutating func forget() { self = DeploymentController() }

    mutating func observe(_ change: ObjectChange, _ queue: inout WorkQueue<NamespacedName>) {
        let name = change.name
        switch change.type {
        case .pods: note(change, pod: name, &queue)
        case .replicaSets:
            let previous = replicaSets[name]
            replicaSets[name] = change.isDeleted ? nil : ReplicaSet(change.object)
            if change.isDeleted {
                inNamespace[name.namespace]?.replicaSets.remove(name)
            } else {
                inNamespace[name.namespace, default: ([], [])].replicaSets.insert(name)
            }
            for replicaSet in [previous, replicaSets[name]].compactMap(\.self) { queue.add(owners(of: replicaSet)) }
        default:
            deployments[name] = change.isDeleted ? nil : Deployment(change.object)
            if change.isDeleted {
                inNamespace[name.namespace]?.deployments.remove(name)
            } else {
                inNamespace[name.namespace, default: ([], [])].deployments.insert(name)
                queue.add(name)
            }
        }
    }

    /// Counts the pods of ReplicaSets: a Deployment that recreates waits until the last old one has gone.
    private mutating func note(
        _ change: ObjectChange, pod name: NamespacedName, _ queue: inout WorkQueue<NamespacedName>
    ) {
        let previous = pods.removeValue(forKey: name)
        if let previous {
            podCounts[previous.replicaSetUID, default: 1] -= 1
            if podCounts[previous.replicaSetUID] == 0 { podCounts[previous.replicaSetUID] = nil }
        }
        var isGone = true
        if !change.isDeleted {
            let object = change.object
            let hasEnded = Pod.Phase(object)?.isTerminal ?? false
            if let owner = object.controller, owner.kind == "ReplicaSet", !hasEnded {
                pods[name] = PodRecord(
                    replicaSetUID: owner.uid, replicaSet: NamespacedName(name.namespace, owner.name))
                podCounts[owner.uid, default: 0] += 1
                isGone = false
            }
        }
        if isGone, let previous {
            if let replicaSet = replicaSets[previous.replicaSet] {
                queue.add(owners(of: replicaSet))
            } else {
                queue.add(deployments.filter { $0.value.strategy == .recreate }.map(\.key))
            }
        }
    }

    private func owners(of replicaSet: ReplicaSet) -> [NamespacedName] {
        if let owner = replicaSet.controller {
            return owner.kind == "Deployment" ? [NamespacedName(replicaSet.namespace, owner.name)] : []
        }
        return (inNamespace[replicaSet.namespace]?.deployments ?? []).filter {
            deployments[$0]?.selector.matches(replicaSet.labels) ?? false
        }
    }

    mutating func reconcile(_ name: NamespacedName, _ context: ControllerContext) async throws(APIStatus) -> Int? {
        guard let deployment = deployments[name], let stored = context.registry.store.object(name.key(.deployments))
        else { return nil }
        let object = stored.object
        let own = try await claim(deployment, object, context)
        let isRunning = own.filter { !PodTemplate.areEqual($0.template, deployment.template) }
            .contains { podCounts[$0.uid] != nil }
        let plan = DeploymentPlan(deployment, replicaSets: own, hasOldPods: isRunning)
        let writer = DeploymentWriter(deployment: deployment, object: object, context: context)
        let hasCreated = try await writer.carryOut(plan)
        return try await writer.report(plan, hasCreated: hasCreated)
    }

    /// The ReplicaSets of a Deployment. Those that nobody manages and its selector means are taken over, those that it no
    /// longer means are let go.
    private func claim(
        _ deployment: Deployment, _ object: APIObject, _ context: ControllerContext
    ) async throws(APIStatus) -> [ReplicaSet] {
        var own: [ReplicaSet] = []
        let reference = OwnerReference(controller: object)
        for name in inNamespace[deployment.namespace]?.replicaSets ?? [] {
            guard let replicaSet = replicaSets[name] else { continue }
            let isSelected = deployment.selector.matches(replicaSet.labels)
            if let owner = replicaSet.controller {
                guard owner.uid == deployment.uid else { continue }
                if isSelected || deployment.isTerminating {
                    own.append(replicaSet)
                } else {
                    try await context.registry.modify(name.key(.replicaSets), nil, as: context.manager) { object in
                        object.ownerReferences.removeAll { $0.uid == reference.uid }
                    }
                }
            } else if isSelected, !deployment.isTerminating, !replicaSet.isTerminating {
                try await context.registry.modify(name.key(.replicaSets), nil, as: context.manager) { object in
                    if object.controller == nil { object.ownerReferences.append(reference) }
                }
                own.append(replicaSet)
            }
        }
        return own
    }
}
