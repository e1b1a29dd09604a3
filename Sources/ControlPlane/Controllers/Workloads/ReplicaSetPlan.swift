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
            let victims = active.sorted { Self.goes($0, before: $1, among: active) }
            surplus = victims.prefix(max(0, active.count - replicaSet.replicas)).map(\.name)
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

    /// Whether a pod is to be deleted rather than another one: not scheduled, pending, not ready, on a node with more of
    /// them, ready for a shorter time, started again more often, younger.
    private static func goes(_ one: Pod, before other: Pod, among pods: [Pod]) -> Bool {
        func rank(_ pod: Pod) -> [Int64] {
            let phase: Int64 = pod.phase == .pending ? 0 : pod.phase == .unknown ? 1 : 2
            let neighbours = pod.nodeName == nil ? 0 : pods.count { $0.nodeName == pod.nodeName && $0.isReady }
            let readySince = pod.isReady ? pod.condition("Ready")?.lastTransitionTime?.seconds ?? 0 : 0
            return [
                pod.nodeName == nil ? 0 : 1, phase, pod.isReady ? 1 : 0, Int64(-neighbours), -readySince,
                Int64(-pod.restartCount), -(pod.creationTimestamp?.seconds ?? 0),
            ]
        }
        let (first, second) = (rank(one), rank(other))
        return first == second ? one.name > other.name : first.lexicographicallyPrecedes(second)
    }
}
