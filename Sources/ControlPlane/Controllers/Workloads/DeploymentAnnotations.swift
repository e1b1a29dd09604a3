import KubernetesModel

/// The annotations by which a Deployment and its ReplicaSets know of each other.
enum DeploymentAnnotations {
    static let revision = "deployment.kubernetes.io/revision"
    static let revisionHistory = "deployment.kubernetes.io/revision-history"
    static let desiredReplicas = "deployment.kubernetes.io/desired-replicas"
    static let maxReplicas = "deployment.kubernetes.io/max-replicas"
    private static let rollback = "deprecated.deployment.rollback.to"
    private static let own: Set = [
        revision, revisionHistory, desiredReplicas, maxReplicas, rollback, EndpointLabels.lastApplied,
    ]

    /// The number in an annotation, or nil.
    static func number(_ annotation: String, _ annotations: [String: String]) -> Int? {
        annotations[annotation].flatMap { Int($0) }
    }

    /// The annotations of the current ReplicaSet: the Deployment's own, and the revision. A ReplicaSet that is current
    /// again gets a new revision and remembers its earlier ones.
    static func current(
        of deployment: Deployment, revision newRevision: Int, _ present: [String: String]
    ) -> [String: String] {
        var annotations = present
        for (key, value) in deployment.annotations where !own.contains(key) { annotations[key] = value }
        let presentRevision = number(revision, present)
        if presentRevision.map({ $0 < newRevision }) ?? true {
            annotations[revision] = String(newRevision)
            if let presentRevision {
                let history = present[revisionHistory].map { $0 + "," } ?? ""
                annotations[revisionHistory] = history + String(presentRevision)
            }
        }
        return annotations
    }

    /// Adds how many pods the Deployment is to have, and may have.
    static func sized(_ annotations: [String: String], for deployment: Deployment) -> [String: String] {
        var annotations = annotations
        annotations[desiredReplicas] = String(deployment.replicas)
        annotations[maxReplicas] = String(deployment.replicas + deployment.allowance.surge)
        return annotations
    }
}
