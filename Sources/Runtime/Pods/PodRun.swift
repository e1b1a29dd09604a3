internal import KubernetesModel
internal import Topology

/// One pod that this lab runs: an object of the API with its network and containers.
struct PodRun: Sendable {
    /// Where a pod is on its way out.
    enum Ending: Hashable, Sendable {
        /// Nobody has asked for it.
        case no
        /// Its containers have been told to end.
        case underWay
        /// Its containers have ended; its network and its object can go.
        case done
    }

    /// The object's uid: another pod of this name is another run.
    let uid: String
    /// The pod with its node and addresses, or nil before it has a network.
    var spec: PodSpec?
    /// When the kubelet took it on.
    var startedAt: Timestamp
    /// Its containers by name.
    var containers: [String: ContainerRun] = [:]
    /// Whether it is ending.
    var ending = Ending.no
    /// Why it has no network yet.
    var refusal: String?
    /// When another try to give it a network may be made.
    var retryAt: Timestamp?
    /// How often that has failed.
    var failures = 0

    init(uid: String, startedAt: Timestamp) {
        self.uid = uid
        self.startedAt = startedAt
    }

    /// core/v1 PodPhase.
    func phase(_ policy: RestartPolicy) -> Pod.Phase {
        guard spec != nil, !containers.isEmpty else { return .pending }
        let runs = containers.values
        if runs.allSatisfy({ $0.startedAt == nil && $0.end == nil }) { return .pending }
        let hasEnded = runs.allSatisfy { $0.end.map { !policy.restarts(after: $0.exitStatus) } ?? false }
        guard hasEnded else { return .running }
        return runs.allSatisfy { $0.end?.exitStatus == 0 } ? .succeeded : .failed
    }
}
