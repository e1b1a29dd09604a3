/// What enforces NetworkPolicies in a cluster.
public enum NetworkPolicyKind: String, Hashable, Sendable, Codable, CaseIterable {
    /// The lab's own engine: nftables rules in each node.
    case nftables
}

/// What the API leaves to those who enforce NetworkPolicies.
public struct NetworkPolicySpec: Hashable, Sendable, Codable {
    /// What becomes of a packet that no policy allows.
    public enum Denial: String, Hashable, Sendable, Codable, CaseIterable {
        /// Nothing is heard of it.
        case drop
        /// Its sender is told: ICMP destination unreachable, communication administratively prohibited.
        case reject
    }

    /// What becomes of ICMP and ICMPv6 to and from isolated pods, errors about flows that were let through aside.
    public enum ICMP: String, Hashable, Sendable, Codable, CaseIterable {
        /// It passes.
        case allowed
        /// It does not.
        case denied
        /// Rules without ports let that of their peers pass.
        case byRule = "by-rule"
    }

    /// What becomes of established flows that a change of policies no longer allows.
    public enum EstablishedFlows: String, Hashable, Sendable, Codable, CaseIterable {
        /// They go on.
        case keep
        /// They are cut.
        case cut
    }

    /// What becomes of a packet that no policy allows.
    public var denial: Denial
    /// What becomes of ICMP.
    public var icmp: ICMP
    /// What becomes of established flows.
    public var establishedFlows: EstablishedFlows

    /// The lab's own answers, unless told.
    public init(denial: Denial = .drop, icmp: ICMP = .byRule, establishedFlows: EstablishedFlows = .keep) {
        self.denial = denial
        self.icmp = icmp
        self.establishedFlows = establishedFlows
    }
}
