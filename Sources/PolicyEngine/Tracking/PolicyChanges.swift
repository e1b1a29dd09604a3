public import KubernetesModel

/// What objects that came or went have changed.
public struct PolicyChanges: Sendable {
    /// Whether no ruleset can have changed.
    public let isEmpty: Bool
    /// The policies whose problems changed.
    public let policiesWithOtherProblems: [PolicyReference]
}
