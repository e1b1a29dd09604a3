public import Nftables

/// What a node's ruleset has to change.
public struct PolicyRulesetUpdate: Sendable {
    /// The steps, for one transaction.
    public let changes: [RulesetChange]
    /// The types of the sets and maps that the steps refer to, which `commit` needs: nothing else of the tables.
    public let tables: [Table]
    /// Whether flows are to be looked through after the commit, and those deleted from connection tracking that
    /// `NodePolicyRuleset.isAllowed` no longer allows.
    public let cutsFlows: Bool

    /// Whether there is nothing to do.
    public var isEmpty: Bool { changes.isEmpty }
}
