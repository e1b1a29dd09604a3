public import Nftables

/// What a node has to do after a change.
public struct RulesetUpdate: Hashable, Sendable {
    /// The steps for one transaction.
    public internal(set) var changes: [RulesetChange] = []
    /// The tables as they will be, without elements, as far as the steps need their types.
    public internal(set) var tables: [Table] = []
    /// The UDP flows to be deleted after the transaction.
    public internal(set) var staleFlows = StaleFlows()
    /// The maps in which clients may have endpoints that are no longer used, to be cleared of them after the transaction.
    public internal(set) var affinityMaps: [AffinityMap] = []
    /// Whether `healthChecks` are others than before.
    public internal(set) var changesHealthChecks = false

    /// Whether there is nothing to do.
    public var isEmpty: Bool {
        changes.isEmpty && staleFlows.isEmpty && affinityMaps.isEmpty && !changesHealthChecks
    }
}
