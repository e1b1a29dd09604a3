/// One rule: statements that are carried out from left to right, until one does not match.
public struct Rule: Hashable, Sendable, Codable {
    /// The statements.
    public var statements: [Statement]
    /// Why the rule is there, up to 128 bytes.
    public var comment: String?

    /// Makes a rule.
    public init(_ statements: [Statement], comment: String? = nil) {
        self.statements = statements
        self.comment = comment
    }
}

/// One statement of a rule. Several expressions in a list are a concatenation (`ip saddr . th dport`).
public enum Statement: Hashable, Sendable, Codable {
    /// Goes on where a comparison holds: `ip daddr 10.0.0.0/8`, `meta mark != 0x1`.
    case match(PacketExpression, comparison: Comparison = .equal, Value)
    /// Goes on where a named set of the table holds what the packet has, or where it does not: `ip saddr . ip daddr @NAME`.
    case lookup([PacketExpression], comparison: Comparison = .equal, set: String)
    /// Ends the rule: `accept`.
    case verdict(Verdict)
    /// Looks the verdict up in a verdict map of the table: `ip daddr vmap @NAME`. Without an entry the rule ends.
    case verdictMap([PacketExpression], map: String)
    /// Rewrites the destination to the address, or address and port, that a map of the table holds for the packet:
    /// `dnat ip to ip daddr . th dport map @NAME`. Without an entry the rule ends.
    case destinationNAT(NetworkProtocol, [PacketExpression], map: String)
    /// Rewrites the source to an address of the interface that the packet leaves on: `masquerade`.
    case masquerade

    /// How a comparison is made.
    public enum Comparison: String, Hashable, Sendable, Codable, CaseIterable {
        case equal = "=="
        case notEqual = "!="
    }
}

/// What becomes of a packet.
public enum Verdict: Hashable, Sendable, Codable {
    case accept
    case drop
    /// Goes on behind the jump that led into the chain; in a base chain, with its policy.
    case `return`
    /// Goes through another chain of the table and comes back.
    case jump(String)
    /// Goes to another chain of the table and does not come back.
    case goto(String)
}
