import Addressing
public import KubernetesModel
import Nftables

/// Follows NetworkPolicies, Pods and Namespaces, and knows who belongs to which selector: all nodes' rulesets share it.
///
/// Nothing is computed before `takeChanges()`, so that many events cost no more than what they come to.
public struct PolicyTracker: Sendable {
    var pods: [PodReference: TrackedPod] = [:]
    var namespaceLabels: [String: [String: String]] = [:]
    var policies: [PolicyReference: TrackedPolicy] = [:]
    /// The groups of pods by their places in `groups`.
    var groupPlaces: [PodGroup: Int] = [:]
    /// Groups that policies name; nil where a place is free.
    var groups: [TrackedGroup?] = []
    var freePlaces: [Int] = []
    var podsOfNode: [String: Set<PodReference>] = [:]
    /// Who isolates a pod.
    var isolation: [PodReference: Isolation] = [:]
    /// The elements of the sets of ports that have names, for those that policies name.
    var namedPorts: [TrackedPod.NamedPort: [AddressFamily: [SetElement]]] = [:]
    var namedPortUsers: [TrackedPod.NamedPort: Set<PolicyReference>] = [:]

    /// How many times something has changed. A ruleset knows by it whether it was told everything.
    var revision = 0

    var pendingPods: [PodReference: TrackedPod?] = [:]
    var pendingPolicies: [PolicyReference: NetworkPolicy?] = [:]
    var pendingNamespaces: [String: [String: String]?] = [:]

    /// A cluster without objects.
    public init() {}

    /// A policy was added or modified.
    public mutating func update(_ policy: NetworkPolicy) {
        pendingPolicies[PolicyReference(policy)] = .some(policy)
    }

    /// A policy was deleted.
    public mutating func removePolicy(_ policy: PolicyReference) {
        pendingPolicies[policy] = .some(nil)
    }

    /// A pod was added or modified. The runtime also calls this with a pod's address before it starts its first container.
    public mutating func update(_ pod: Pod) {
        pendingPods[PodReference(pod)] = .some(TrackedPod(pod))
    }

    /// A pod was deleted.
    public mutating func removePod(_ pod: PodReference) {
        pendingPods[pod] = .some(nil)
    }

    /// A namespace was added or modified. One that pods name and that never came has no label but its name.
    public mutating func update(_ namespace: Namespace) {
        pendingNamespaces[namespace.name] = .some(namespace.labels)
    }

    /// A namespace was deleted.
    public mutating func removeNamespace(_ name: String) {
        pendingNamespaces[name] = .some(nil)
    }

    /// All objects came anew; those that are missing were deleted.
    public mutating func replaceAll(policies: [NetworkPolicy], pods: [Pod], namespaces: [Namespace]) {
        for policy in self.policies.keys { pendingPolicies[policy] = .some(nil) }
        for policy in pendingPolicies.keys { pendingPolicies[policy] = .some(nil) }
        for pod in self.pods.keys { pendingPods[pod] = .some(nil) }
        for pod in pendingPods.keys { pendingPods[pod] = .some(nil) }
        for name in namespaceLabels.keys { pendingNamespaces[name] = .some(nil) }
        for name in pendingNamespaces.keys { pendingNamespaces[name] = .some(nil) }
        for namespace in namespaces { update(namespace) }
        for policy in policies { update(policy) }
        for pod in pods { update(pod) }
    }

    /// Whether something came that `takeChanges()` has not seen.
    public var hasPendingChanges: Bool {
        !pendingPods.isEmpty || !pendingPolicies.isEmpty || !pendingNamespaces.isEmpty
    }

    /// What in the policies has no meaning, in the order of their names.
    public var problems: [PolicyProblem] {
        policies.sorted { $0.key < $1.key }.flatMap(\.value.policy.problems)
    }

    /// How many policies there are.
    public var policyCount: Int { policies.count }

    /// How many pods a policy isolates.
    public var isolatedCount: Int { isolation.values.count { !$0.combinations.isEmpty } }

    /// The labels of a namespace.
    func labels(ofNamespace name: String) -> [String: String] {
        namespaceLabels[name] ?? Namespace(name: name).labels
    }
}

/// A policy and what it was compiled to.
struct TrackedPolicy {
    let policy: NetworkPolicy
    let compiled: CompiledPolicy
    let subjects: PodGroup
}

/// Who isolates a pod, by direction.
struct Isolation {
    private(set) var policies: [NetworkPolicy.Direction: Set<PolicyReference>] = [:]
    /// The combinations; nil where no policy isolates.
    private(set) var combinations: [NetworkPolicy.Direction: Combination] = [:]

    mutating func insert(_ policy: PolicyReference, _ directions: Set<NetworkPolicy.Direction>) {
        for direction in directions { policies[direction, default: []].insert(policy) }
    }

    mutating func remove(_ policy: PolicyReference) {
        for direction in NetworkPolicy.Direction.allCases { policies[direction]?.remove(policy) }
    }

    mutating func combine() {
        for direction in NetworkPolicy.Direction.allCases {
            combinations[direction] = Combination(direction, policies[direction] ?? [])
        }
    }
}
