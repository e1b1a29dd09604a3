import KubernetesModel

/// What a ReplicaSet has to do next, given its pods and those that could be.
struct ReplicaSetPlan: Equatable {
    /// Pods that nobody manages and that the selector means.
    private(set) var adopted: [String] = []
    /// Own pods that the selector no longer means.
    private(set) var released: [String] = []
    /// How many pods are missing.
    private(set) var missing = 0
    /// The pods to delete, the least useful first.
    private(set) var surplus: [String] = []
    /// What it has.
    private(set) var status = ReplicaSet.Status()
    /// Seconds until a pod counts as available that does not yet, or nil.
    private(set) var secondsUntilAvailable: Int?

    /// Works out the next steps.
    ///
    /// - Parameter pods: the pods of the namespace that are its own or that its selector means.
    init(_ replicaSet: ReplicaSet, pods: [Pod], at now: Timestamp) {
        var own: [Pod] = []
        for pod in pods {
            let isSelected = replicaSet.selector.matches(pod.labels)
            if let controller = pod.controller {
                guard controller.uid == replicaSet.uid else { continue }
                if isSelected { own.append(pod) } else if !replicaSet.isTerminating { released.append(pod.name) }
            } else if isSelected, !replicaSet.isTerminating, pod.isActive {
                adopted.append(pod.name)
                own.append(pod)
            }
        }
        let active = own.filter(\.isActive)
        if !replicaSet.isTerminating {
            missing = max(0, replicaSet.replicas - active.count)
            surplus = Self.victims(active.count - replicaSet.replicas, of: active)
        }
        count(active, of: replicaSet, at: now)
    }

    private mutating func count(_ active: [Pod], of replicaSet: ReplicaSet, at now: Timestamp) {
        let templateLabels = (replicaSet.template[path: ["metadata", "labels"]]?.object ?? [:]).compactMapValues(
            \.string)
        let ready = active.filter(\.isReady)
        let available = ready.filter { $0.isAvailable(after: replicaSet.minReadySeconds, at: now) }
        status.replicas = active.count
        status.fullyLabeledReplicas =
            active.count { pod in templateLabels.allSatisfy { pod.labels[$0.key] == $0.value } }
        status.readyReplicas = ready.count
        status.availableReplicas = available.count
        status.observedGeneration = replicaSet.generation
        if available.count < ready.count {
            secondsUntilAvailable = ready.compactMap { $0.condition("Ready")?.lastTransitionTime }
                .map { Int($0.seconds - now.seconds) + replicaSet.minReadySeconds }
                .filter { $0 > 0 }.min()
        }
    }

    /// The pods to delete rather than others: not scheduled, pending, not ready, on a node with more of them, ready for a
    /// shorter time, started again more often, younger.
    private static func victims(_ count: Int, of pods: [Pod]) -> [String] {
        guard count > 0 else { return [] }
        var neighbours: [String: Int64] = [:]
        for pod in pods where pod.isReady { neighbours[pod.nodeName ?? "", default: 0] += 1 }
        let ranked = pods.map { (rank: rank($0, neighbours: neighbours), name: $0.name) }
        let sorted = ranked.sorted { one, other in
            one.rank == other.rank ? one.name > other.name : one.rank.lexicographicallyPrecedes(other.rank)
        }
        return sorted.prefix(count).map(\.name)
    }

    private static func rank(_ pod: Pod, neighbours: [String: Int64]) -> [Int64] {
        let phase: Int64 = pod.phase == .pending ? 0 : pod.phase == .unknown ? 1 : 2
        let crowd: Int64 = pod.nodeName.map { neighbours[$0] ?? 0 } ?? 0
        let readySince: Int64 = pod.isReady ? pod.condition("Ready")?.lastTransitionTime?.seconds ?? 0 : 0
        let created: Int64 = pod.creationTimestamp?.seconds ?? 0
        return [
            pod.nodeName == nil ? 0 : 1, phase, pod.isReady ? 1 : 0, -crowd, -readySince, -Int64(pod.restartCount),
            -created,
        ]
    }
}
