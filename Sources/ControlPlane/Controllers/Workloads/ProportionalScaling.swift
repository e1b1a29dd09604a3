import KubernetesModel

/// Scales a Deployment in the middle of a rollout: its ReplicaSets grow and shrink alike, so that the risk of the new
/// template stays what it was.
enum ProportionalScaling {
    /// The ReplicaSets with their new sizes.
    ///
    /// - Parameter members: those that have pods; there is at least one.
    static func scaled(_ members: [DeploymentPlan.Member], for deployment: Deployment) -> [DeploymentPlan.Member] {
        let allowed = deployment.replicas > 0 ? deployment.replicas + deployment.allowance.surge : 0
        let missing = allowed - members.reduce(0) { $0 + $1.replicas }
        var members = members.sorted { $0.replicas > $1.replicas }
        var added = 0
        for index in members.indices {
            let fraction = fraction(of: members[index], deployment, allowed: allowed)
            let rest = missing - added
            let share = rest > 0 ? min(max(fraction, 0), rest) : max(min(fraction, 0), rest)
            members[index].replicas += share
            added += share
        }
        if let first = members.indices.first {
            members[first].replicas = max(0, members[first].replicas + missing - added)
        }
        return members.map { member in
            var member = member
            member.annotations = DeploymentAnnotations.sized(member.annotations, for: deployment)
            return member
        }
    }

    /// How many pods a ReplicaSet gets, or loses, when all grow or shrink alike.
    private static func fraction(
        of member: DeploymentPlan.Member, _ deployment: Deployment, allowed: Int
    ) -> Int {
        guard deployment.replicas > 0 else { return -member.replicas }
        let before = DeploymentAnnotations.number(DeploymentAnnotations.maxReplicas, member.annotations)
        let base = max(1, before ?? deployment.status.replicas)
        return Int((Double(member.replicas * allowed) / Double(base)).rounded()) - member.replicas
    }
}
