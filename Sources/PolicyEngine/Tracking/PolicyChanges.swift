public import KubernetesModel

/// What objects that came or went have changed. `NodePolicyRuleset.update` touches nothing else.
public struct PolicyChanges: Sendable {
    /// The policies whose problems changed.
    public internal(set) var policiesWithOtherProblems: [PolicyReference] = []
    /// The tracker's revision with these changes.
    var revision = 0
    /// The pods that came or went, or that have other addresses, another node or other policies.
    var pods: Set<PodReference> = []
    /// The policies that came or went, or say something else.
    var policies: Set<PolicyReference> = []
    /// The places of the groups that have other members, or members with other addresses.
    var groups: Set<Int> = []
    /// The names of ports that stand for other numbers.
    var ports: Set<TrackedPod.NamedPort> = []

    /// Whether no ruleset can have changed.
    public var isEmpty: Bool { pods.isEmpty && policies.isEmpty && groups.isEmpty && ports.isEmpty }

    init() {}

    /// All that a ruleset can depend on, as if it had just come.
    init(allOf tracker: PolicyTracker) {
        revision = tracker.revision
        pods = Set(tracker.pods.keys)
        policies = Set(tracker.policies.keys)
        groups = Set(tracker.groups.indices)
        ports = Set(tracker.namedPorts.keys)
    }
}
