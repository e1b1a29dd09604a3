import KubernetesModel

/// What a Deployment has to do next, given its ReplicaSets: one round of a rollout, to be followed by others as the
/// ReplicaSets report what became of it.
struct DeploymentPlan {
    /// One of the Deployment's ReplicaSets, with the size that it is to have.
    struct Member: Equatable {
        let name: String
        /// As it is, or nil where it is to be created.
        let present: ReplicaSet?
        var replicas: Int
        var annotations: [String: String]

        /// Those available, without pods that are to go but have not been counted out yet.
        var available: Int { min(present?.status.availableReplicas ?? 0, replicas) }
    }

    /// The ReplicaSet of the current template, or nil where there is none yet.
    private(set) var current: Member?
    /// The other ReplicaSets, the oldest first.
    private(set) var old: [Member]
    /// The hash of the current template.
    let hash: String
    /// ReplicaSets that are no longer kept.
    private(set) var deleted: [String] = []
    /// The revision that the Deployment has reached, or nil where that is not decided.
    private(set) var revision: String?
    /// What it has.
    private(set) var status: Deployment.Status
    /// Whether only its size changes, which is no progress.
    private(set) var isScaling = false

    /// Works out the next round.
    ///
    /// - Parameters:
    ///   - replicaSets: those that the Deployment manages.
    ///   - hasOldPods: whether pods of other templates have not ended yet.
    init(_ deployment: Deployment, replicaSets: [ReplicaSet], hasOldPods: Bool) {
        let oldestFirst = replicaSets.sorted {
            ($0.creationTimestamp?.seconds ?? 0, $0.name)
                < ($1.creationTimestamp?.seconds ?? 0, $1.name)
        }
        let found = oldestFirst.first { PodTemplate.areEqual($0.template, deployment.template) }
        current = found.map { Member($0) }
        old = oldestFirst.filter { $0.name != found?.name }.map { Member($0) }
        hash = PodTemplate.hash(deployment.template, collisionCount: deployment.status.collisionCount)
        status = Self.status(of: deployment, replicaSets, current: found)
        guard !deployment.isTerminating else { return }
        isScaling = (old + [current].compactMap(\.self)).contains {
            $0.replicas > 0
                && DeploymentAnnotations.number(DeploymentAnnotations.desiredReplicas, $0.annotations)
                    .map { $0 != deployment.replicas } ?? false
        }
        if deployment.isPaused || isScaling {
            reviseCurrent(of: deployment)
            scale(deployment)
            if deployment.isPaused { forgetHistory(of: deployment) }
            return
        }
        if deployment.strategy == .recreate {
            recreate(deployment, hasOldPods: hasOldPods)
        } else {
            roll(deployment)
        }
        if isComplete(deployment) { forgetHistory(of: deployment) }
    }

    /// Whether every pod is of the current template and available.
    func isComplete(_ deployment: Deployment) -> Bool {
        status.updatedReplicas == deployment.replicas && status.replicas == deployment.replicas
            && status.availableReplicas == deployment.replicas
    }

    private static func status(
        of deployment: Deployment, _ replicaSets: [ReplicaSet], current: ReplicaSet?
    ) -> Deployment.Status {
        var status = Deployment.Status()
        status.replicas = replicaSets.reduce(0) { $0 + $1.status.replicas }
        status.updatedReplicas = current?.status.replicas ?? 0
        status.readyReplicas = replicaSets.reduce(0) { $0 + $1.status.readyReplicas }
        status.availableReplicas = replicaSets.reduce(0) { $0 + $1.status.availableReplicas }
        status.unavailableReplicas = max(0, replicaSets.reduce(0) { $0 + $1.replicas } - status.availableReplicas)
        status.observedGeneration = deployment.generation
        status.collisionCount = deployment.status.collisionCount
        return status
    }

    /// The pods that all ReplicaSets are to have.
    private var total: Int { (current?.replicas ?? 0) + old.reduce(0) { $0 + $1.replicas } }

    // MARK: - Revisions

    private var highestOldRevision: Int {
        old.compactMap { DeploymentAnnotations.number(DeploymentAnnotations.revision, $0.annotations) }.max() ?? 0
    }

    private mutating func reviseCurrent(of deployment: Deployment) {
        guard let annotations = current?.annotations else { return }
        let revised = DeploymentAnnotations.current(of: deployment, revision: highestOldRevision + 1, annotations)
        current?.annotations = revised
        revision = revised[DeploymentAnnotations.revision]
    }

    private mutating func createCurrentIfMissing(of deployment: Deployment) {
        if current == nil {
            current = Member(name: "\(deployment.name)-\(hash)", present: nil, replicas: 0, annotations: [:])
        }
        reviseCurrent(of: deployment)
    }

    /// Deletes the oldest ReplicaSets without pods beyond those that are kept for `kubectl rollout undo`.
    private mutating func forgetHistory(of deployment: Deployment) {
        let idle = old.filter {
            guard let present = $0.present else { return false }
            return present.replicas == 0 && $0.replicas == 0 && present.status.replicas == 0 && !present.isTerminating
                && present.generation <= present.status.observedGeneration
        }
        let byRevision = idle.sorted {
            let first = DeploymentAnnotations.number(DeploymentAnnotations.revision, $0.annotations) ?? 0
            let second = DeploymentAnnotations.number(DeploymentAnnotations.revision, $1.annotations) ?? 0
            return first < second
        }
        deleted = byRevision.prefix(max(0, idle.count - deployment.revisionHistoryLimit)).map(\.name)
    }

    // MARK: - Strategies

    private mutating func recreate(_ deployment: Deployment, hasOldPods: Bool) {
        reviseCurrent(of: deployment)
        let hadOld = old.contains { $0.replicas > 0 }
        for index in old.indices { resize(&old[index], to: 0, deployment) }
        guard !hadOld, !hasOldPods else { return }
        createCurrentIfMissing(of: deployment)
        resizeCurrent(to: deployment.replicas, deployment)
    }

    private mutating func roll(_ deployment: Deployment) {
        createCurrentIfMissing(of: deployment)
        let (surge, unavailable) = deployment.allowance
        let before = current?.replicas ?? 0
        let room = max(0, deployment.replicas + surge - total)
        let next =
            before > deployment.replicas
            ? deployment.replicas : before + min(room, deployment.replicas - before)
        let isNew = current?.present == nil
        resizeCurrent(to: next, deployment)
        if next == before || isNew { shrinkOld(deployment, unavailable: unavailable) }
    }

    /// Takes pods from the old ReplicaSets as far as enough others are available, those first that are not.
    private mutating func shrinkOld(_ deployment: Deployment, unavailable: Int) {
        let minimum = deployment.replicas - unavailable
        let currentUnavailable = max(0, (current?.replicas ?? 0) - (current?.available ?? 0))
        var removable = total - minimum - currentUnavailable
        guard removable > 0 else { return }
        for index in old.indices where removable > 0 {
            let unhealthy = min(removable, max(0, old[index].replicas - old[index].available))
            guard unhealthy > 0 else { continue }
            resize(&old[index], to: old[index].replicas - unhealthy, deployment)
            removable -= unhealthy
        }
        let available = (current?.available ?? 0) + old.reduce(0) { $0 + $1.available }
        var surplus = available - minimum
        for index in old.indices where surplus > 0 {
            let taken = min(old[index].replicas, surplus)
            guard taken > 0 else { continue }
            resize(&old[index], to: old[index].replicas - taken, deployment)
            surplus -= taken
        }
    }

    // MARK: - Sizes

    private func resize(_ member: inout Member, to replicas: Int, _ deployment: Deployment) {
        guard member.replicas != replicas else { return }
        member.replicas = replicas
        member.annotations = DeploymentAnnotations.sized(member.annotations, for: deployment)
    }

    private mutating func resizeCurrent(to replicas: Int, _ deployment: Deployment) {
        current?.replicas = replicas
        if let annotations = current?.annotations {
            current?.annotations = DeploymentAnnotations.sized(annotations, for: deployment)
        }
    }

    /// Scales without a change of template: the only active ReplicaSet as asked, several in proportion to their sizes.
    private mutating func scale(_ deployment: Deployment) {
        let active = old.indices.filter { old[$0].replicas > 0 }
        if (current?.replicas ?? 0) == 0 || active.isEmpty {
            if active.count == 1, (current?.replicas ?? 0) == 0 {
                old[active[0]].replicas = deployment.replicas
                old[active[0]].annotations = DeploymentAnnotations.sized(old[active[0]].annotations, for: deployment)
                return
            }
            if active.isEmpty {
                if current != nil { return resizeCurrent(to: deployment.replicas, deployment) }
                if let last = old.indices.last { return resize(&old[last], to: deployment.replicas, deployment) }
                return
            }
        }
        if isSaturated(deployment) {
            for index in active { resize(&old[index], to: 0, deployment) }
            return
        }
        scaleInProportion(deployment, active)
    }

    private func isSaturated(_ deployment: Deployment) -> Bool {
        guard let current else { return false }
        return current.replicas == deployment.replicas && current.available == deployment.replicas
            && DeploymentAnnotations.number(DeploymentAnnotations.desiredReplicas, current.annotations)
                == deployment.replicas
    }

    private mutating func scaleInProportion(_ deployment: Deployment, _ active: [Int]) {
        let members = active.map { old[$0] } + [current].compactMap(\.self).filter { $0.replicas > 0 }
        for member in ProportionalScaling.scaled(members, for: deployment) {
            if member.name == current?.name {
                current = member
            } else if let index = old.firstIndex(where: { $0.name == member.name }) {
                old[index] = member
            }
        }
    }
}

extension DeploymentPlan.Member {
    init(_ replicaSet: ReplicaSet) {
        self.init(
            name: replicaSet.name, present: replicaSet, replicas: replicaSet.replicas,
            annotations: replicaSet.annotations)
    }
}
