import KubernetesModel

/// The policies that isolate a pod in one direction. Pods with the same combination share a chain.
struct Combination: Hashable {
    /// The name of its chain.
    let chain: String
    /// The policies, in the order of their names.
    let policies: [PolicyReference]

    /// Nil where no policy isolates: the pod is open.
    init?(_ direction: NetworkPolicy.Direction, _ policies: Set<PolicyReference>) {
        guard !policies.isEmpty else { return nil }
        self.policies = policies.sorted()
        var digest = NameDigest()
        for policy in self.policies {
            digest.add(policy.namespace)
            digest.add(policy.name)
        }
        chain = "isolated-\(direction.words)-\(digest.text)"
    }
}

extension NetworkPolicy.Direction {
    /// `ingress` or `egress`.
    var words: String { self == .ingress ? "ingress" : "egress" }
}
