import KubernetesModel

/// Writes what a round of a Deployment's rollout amounts to.
struct DeploymentWriter {
    let deployment: Deployment
    let object: APIObject
    let context: ControllerContext

    private var registry: Registry { context.registry }

    /// Creates, resizes and deletes ReplicaSets.
    ///
    /// - Returns: whether the current one was created.
    func carryOut(_ plan: DeploymentPlan) async throws(APIStatus) -> Bool {
        var hasCreated = false
        if let current = plan.current, current.present == nil {
            try await create(current, hash: plan.hash)
            hasCreated = true
        }
        for member in plan.old + [plan.current].compactMap(\.self) {
            if let present = member.present { try await update(present, to: member, isCurrent: member == plan.current) }
        }
        for name in plan.deleted {
            try await context.delete(ObjectKey(.replicaSets, namespace: deployment.namespace, name: name))
        }
        if let revision = plan.revision, deployment.annotations[DeploymentAnnotations.revision] != revision {
            try await registry.modify(ObjectKey(.deployments, object), nil, as: context.manager) { object in
                object.annotations[DeploymentAnnotations.revision] = revision
            }
        }
        return hasCreated
    }

    /// Writes the status, where it has changed.
    ///
    /// - Returns: after how many seconds the rollout counts as failed, or nil.
    func report(_ plan: DeploymentPlan, hasCreated: Bool) async throws(APIStatus) -> Int? {
        let report = DeploymentReport(deployment: deployment, plan: plan, hasCreated: hasCreated)
        let now = context.now
        var next = object
        report.write(to: &next, at: now)
        if next["status"] != object["status"] {
            try await registry.modify(ObjectKey(.deployments, object), .status, as: context.manager) {
                report.write(to: &$0, at: now)
            }
        }
        return report.secondsUntilDeadline(ConditionList(next), at: now).map { max($0, 0) + 1 }
    }

    private func create(_ member: DeploymentPlan.Member, hash: String) async throws(APIStatus) {
        let template = PodTemplate.adding(hash, to: deployment.template)
        var selector = object["spec", "selector"] ?? .object([:])
        selector[path: ["matchLabels", PodTemplate.hashLabel]] = .string(hash)
        var replicaSet = APIObject(
            .replicaSets, namespace: deployment.namespace, name: member.name,
            [
                "spec": [
                    "replicas": .integer(Int64(member.replicas)), "selector": selector, "template": template,
                    "minReadySeconds": .integer(Int64(deployment.minReadySeconds)),
                ]
            ])
        replicaSet.value[path: ["metadata", "labels"]] = template[path: ["metadata", "labels"]]
        replicaSet.annotations = member.annotations
        replicaSet.ownerReferences = [OwnerReference(controller: object)]
        do throws(APIStatus) {
            _ = try await registry.create(replicaSet, in: .replicaSets, context.options)
        } catch {
            if error.reason == "AlreadyExists" { try await countCollision() }
            throw error
        }
        await recordScaling(member.name, from: 0, to: member.replicas)
    }

    /// The name is another template's: the next try hashes to another one.
    private func countCollision() async throws(APIStatus) {
        try await registry.modify(ObjectKey(.deployments, object), .status, as: context.manager) { object in
            let count = object["status", "collisionCount"]?.integer ?? 0
            object["status", "collisionCount"] = .integer(count + 1)
        }
    }

    private func update(
        _ present: ReplicaSet, to member: DeploymentPlan.Member, isCurrent: Bool
    ) async throws(APIStatus) {
        let minReadySeconds = isCurrent ? deployment.minReadySeconds : present.minReadySeconds
        guard
            present.replicas != member.replicas || present.annotations != member.annotations
                || present.minReadySeconds != minReadySeconds
        else { return }
        let key = ObjectKey(.replicaSets, namespace: deployment.namespace, name: member.name)
        try await registry.modify(key, nil, as: context.manager) { object in
            object["spec", "replicas"] = .integer(Int64(member.replicas))
            if present.minReadySeconds != minReadySeconds {
                object["spec", "minReadySeconds"] = .integer(Int64(minReadySeconds))
            }
            object.annotations = member.annotations
        }
        await recordScaling(member.name, from: present.replicas, to: member.replicas)
    }

    private func recordScaling(_ name: String, from: Int, to: Int) async {
        guard from != to else { return }
        await context.events.record(
            object, component: "deployment-controller", .normal, reason: "ScalingReplicaSet",
            "Scaled \(to > from ? "up" : "down") replica set \(name) from \(from) to \(to)")
    }
}
