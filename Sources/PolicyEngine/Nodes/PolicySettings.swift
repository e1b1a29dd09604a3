/// What the API leaves to implementations, for the whole cluster. A pod that reaches itself through a Service is always
/// let through; pods in their nodes' networks are their nodes.
public struct PolicySettings: Hashable, Sendable {
    /// ICMP and ICMPv6 to and from isolated pods. Errors about a connection that was let through always pass, and so does
    /// neighbour discovery.
    public enum ICMP: String, Hashable, Sendable, CaseIterable {
        /// It passes.
        case allowed
        /// It does not pass.
        case denied
        /// Rules without ports let that of their peers pass.
        case byRule = "by-rule"
    }

    /// What becomes of a packet that is not allowed.
    public enum Denial: String, Hashable, Sendable, CaseIterable {
        /// Nothing is heard of it.
        case drop
        /// The sender is told (ICMP destination unreachable, communication administratively prohibited).
        case reject
    }

    /// What becomes of established flows that a change of policies no longer allows.
    public enum EstablishedFlows: String, Hashable, Sendable, CaseIterable {
        /// They go on.
        case keep
        /// Their entries are to be deleted from connection tracking (`NodePolicyRuleset.isAllowed`).
        case cut
    }

    /// ICMP to and from isolated pods.
    public var icmp: ICMP
    /// What becomes of a packet that is not allowed.
    public var denial: Denial
    /// What becomes of established flows.
    public var establishedFlows: EstablishedFlows
    /// Whether a pod that is isolated for egress needs a rule to reach its own node. The documentation says that it does
    /// not; the API's text lets the node in only.
    public var restrictsEgressToOwnNode: Bool

    /// Makes settings.
    public init(
        icmp: ICMP = .byRule, denial: Denial = .drop, establishedFlows: EstablishedFlows = .keep,
        restrictsEgressToOwnNode: Bool = false
    ) {
        self.icmp = icmp
        self.denial = denial
        self.establishedFlows = establishedFlows
        self.restrictsEgressToOwnNode = restrictsEgressToOwnNode
    }
}
