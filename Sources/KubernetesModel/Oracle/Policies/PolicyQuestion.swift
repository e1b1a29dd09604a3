/// What the API leaves to implementations of NetworkPolicies. The raw value is the key in a profile.
public enum PolicyQuestion: String, Hashable, Sendable, CaseIterable {
    /// Pods with `hostNetwork`: `as-node`, where they are their node, or `as-pod`, where policies are about them as
    /// about any pod. The Kubernetes documentation permits these two.
    case hostNetworkPods = "policy.host-network-pods"
    /// A pod that is isolated for egress, to its own node: `allowed`, as the Kubernetes documentation says, or
    /// `by-rule`, as the API's text has it, which lets the node in only.
    case egressToOwnNode = "policy.egress-to-own-node"
    /// A pod that reaches itself through a Service: `allowed`, as without it, or `by-rule`.
    case hairpin = "policy.hairpin"
    /// Whose address policies see at the destination of a flow that a node masqueraded: the `client`'s or the `node`'s.
    /// It is not defined whether that happens before or after them.
    case masqueradedSource = "policy.masqueraded-source"
    /// ICMP to or from an isolated pod: `allowed` or `denied`.
    case icmp = "policy.icmp"

    /// The answers that are right.
    public var options: [String] {
        switch self {
        case .hostNetworkPods: ["as-node", "as-pod"]
        case .egressToOwnNode: ["allowed", "by-rule"]
        case .hairpin: ["allowed", "by-rule"]
        case .masqueradedSource: ["client", "node"]
        case .icmp: ["allowed", "denied"]
        }
    }
}

/// One implementation's answers to what the API leaves open: the option's name by question.
public typealias PolicyProfile = [PolicyQuestion: String]
