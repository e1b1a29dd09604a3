public import Nftables

/// What a node's ruleset has to change.
public struct PolicyRulesetUpdate: Sendable {
    /// The steps, for one transaction.
    public let changes: [RulesetChange]
    /// The tables as they will be, without elements: the types that `commit` needs.
    public let tables: [Table]

    /// Whether there is nothing to do.
    public var isEmpty: Bool { changes.isEmpty }
}
