import KubernetesModel

/// What is told of a Deployment: its counts, and the conditions that `kubectl rollout status` and `kubectl wait` look at.
struct DeploymentReport {
    let deployment: Deployment
    let plan: DeploymentPlan
    /// Whether the current ReplicaSet was created in this round.
    let hasCreated: Bool

    private var replicaSet: String {
        plan.current.map { "ReplicaSet \"\($0.name)\"" } ?? "Deployment \"\(deployment.name)\""
    }

    /// Writes counts and conditions into the tree.
    func write(to object: inout APIObject, at now: Timestamp) {
        let previous = Deployment.Status(object)
        plan.status.write(to: &object)
        var conditions = ConditionList(object)
        let minimum = deployment.replicas - deployment.allowance.unavailable
        let isAvailable = plan.status.availableReplicas >= minimum
        conditions.set(
            "Available", isAvailable ? "True" : "False",
            reason: isAvailable ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable",
            isAvailable
                ? "Deployment has minimum availability." : "Deployment does not have minimum availability.",
            at: now, isTimed: true)
        if deployment.progressDeadlineSeconds != nil {
            reportProgress(since: previous, in: &conditions, at: now)
        } else {
            conditions.remove("Progressing")
        }
        conditions.write(to: &object)
    }

    private func reportProgress(
        since previous: Deployment.Status, in conditions: inout ConditionList, at now: Timestamp
    ) {
        func set(_ status: String, _ reason: String, _ message: String) {
            conditions.set("Progressing", status, reason: reason, message, at: now, isTimed: true)
        }
        let reason = conditions.condition("Progressing")?["reason"]?.string
        if deployment.isPaused {
            if reason != "ProgressDeadlineExceeded" { set("Unknown", "DeploymentPaused", "Deployment is paused") }
            return
        }
        if reason == "DeploymentPaused" { set("Unknown", "DeploymentResumed", "Deployment is resumed") }
        if plan.isScaling || deployment.isTerminating { return }
        if hasCreated {
            set("True", "NewReplicaSetCreated", "Created new replica set \"\(plan.current?.name ?? "")\"")
        } else if reason == nil, let current = plan.current {
            set("True", "FoundNewReplicaSet", "Found new replica set \"\(current.name)\"")
        }
        let wasComplete = plan.status.replicas == plan.status.updatedReplicas && reason == "NewReplicaSetAvailable"
        if wasComplete, !hasCreated { return }
        if plan.isComplete(deployment), !hasCreated {
            set("True", "NewReplicaSetAvailable", "\(replicaSet) has successfully progressed.")
        } else if hasProgressed(since: previous) {
            conditions.set(
                "Progressing", "True", reason: "ReplicaSetUpdated", "\(replicaSet) is progressing.", at: now,
                isTimed: true)
            conditions.touch("Progressing", at: now)
        } else if let deadline = secondsUntilDeadline(conditions, at: now), deadline <= 0 {
            set("False", "ProgressDeadlineExceeded", "\(replicaSet) has timed out progressing.")
        }
    }

    private func hasProgressed(since previous: Deployment.Status) -> Bool {
        plan.status.updatedReplicas > previous.updatedReplicas
            || plan.status.replicas - plan.status.updatedReplicas < previous.replicas - previous.updatedReplicas
            || plan.status.readyReplicas > previous.readyReplicas
            || plan.status.availableReplicas > previous.availableReplicas
    }

    /// Seconds until a rollout counts as failed, or nil where none is under way.
    func secondsUntilDeadline(_ conditions: ConditionList, at now: Timestamp) -> Int? {
        guard let deadline = deployment.progressDeadlineSeconds, !deployment.isPaused,
            let condition = conditions.condition("Progressing"),
            let reason = condition["reason"]?.string, reason != "NewReplicaSetAvailable",
            reason != "ProgressDeadlineExceeded", let since = Timestamp(condition["lastUpdateTime"])
        else { return nil }
        return Int(since.seconds - now.seconds) + deadline
    }
}

extension Deployment.Status {
    init(_ object: APIObject) { self = Deployment(object).status }

    /// Writes the counts into the tree; those that are 0 are left out.
    func write(to object: inout APIObject) {
        let counts = [
            ("replicas", Int64(replicas)), ("updatedReplicas", Int64(updatedReplicas)),
            ("readyReplicas", Int64(readyReplicas)), ("availableReplicas", Int64(availableReplicas)),
            ("unavailableReplicas", Int64(unavailableReplicas)), ("observedGeneration", observedGeneration),
            ("collisionCount", Int64(collisionCount)),
        ]
        for (field, count) in counts { object.value[path: ["status", field]] = count == 0 ? nil : .integer(count) }
    }
}
