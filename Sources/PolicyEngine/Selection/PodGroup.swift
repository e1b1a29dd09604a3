import KubernetesModel

/// Pods by their labels and those of their namespaces: those that a policy is about, or a peer of its rules. Equal
/// groups of several policies are one.
struct PodGroup: Hashable {
    /// Where the pods are.
    enum Place: Hashable {
        case namespace(String)
        case namespaces(LabelSelector)
    }

    let place: Place
    /// Which of the pods there are meant.
    let pods: LabelSelector

    /// The pods that a policy is about.
    init(subjectsOf policy: NetworkPolicy) {
        place = .namespace(policy.namespace)
        pods = policy.podSelector
    }

    /// A peer's pods. Without a selector of namespaces they are in the policy's own; without one of pods all are meant.
    init(_ pods: LabelSelector?, namespaces: LabelSelector?, policyNamespace: String) {
        place = namespaces.map { .namespaces($0) } ?? .namespace(policyNamespace)
        self.pods = pods ?? LabelSelector()
    }

    /// Whether a pod belongs to it.
    func contains(_ pod: TrackedPod, namespaceLabels: [String: String]) -> Bool {
        switch place {
        case .namespace(let name): guard pod.reference.namespace == name else { return false }
        case .namespaces(let selector): guard selector.means(namespaceLabels) else { return false }
        }
        return pods.means(pod.labels)
    }

    /// Whether the labels of namespaces make a difference.
    var dependsOnNamespaces: Bool {
        if case .namespaces(let selector) = place { !selector.requirements.isEmpty } else { false }
    }

    /// The name of its set: the same for equal groups, in every table and at every start.
    var setName: String {
        var digest = NameDigest()
        switch place {
        case .namespace(let name):
            digest.add("namespace")
            digest.add(name)
        case .namespaces(let selector):
            digest.add("namespaces")
            digest.add(selector)
        }
        digest.add("pods")
        digest.add(pods)
        return "pods-\(digest.text)"
    }

    /// What it means, for people who read the ruleset.
    var words: String {
        let labels = pods.isEmpty ? "all pods" : "pods with \(pods.words)"
        switch place {
        case .namespace(let name): return "\(labels) in namespace \(name)"
        case .namespaces(let selector):
            return selector.isEmpty ? "\(labels) in all namespaces" : "\(labels) in namespaces with \(selector.words)"
        }
    }
}
