/// What must be true of a step's probes together, besides what must become of each. Probes of one sender to one address with
/// one protocol are a group.
public struct GroupChecks: Hashable, Sendable {
    /// Every receiver that may be reached is reached by some probe of each group.
    public var allEndpoints = false
    /// Each group spreads over its receivers as chance would have it.
    public var spread = false
    /// All probes of a group reach the same receiver.
    public var sameEndpoint = false
    /// Each group reaches the receivers that it reached in a step of this name.
    public var sticksTo: String?
    /// Some group reaches another receiver than in a step of this name.
    public var movesFrom: String?

    /// Checks nothing.
    public init() {}

    /// Whether there is nothing to check.
    var isEmpty: Bool { self == GroupChecks() }
}
