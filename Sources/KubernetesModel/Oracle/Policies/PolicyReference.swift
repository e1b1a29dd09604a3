/// A NetworkPolicy by its namespace and name.
public struct PolicyReference: Hashable, Sendable {
    /// The namespace.
    public let namespace: String
    /// The name.
    public let name: String

    /// Names a policy.
    public init(namespace: String = "default", name: String) {
        self.namespace = namespace
        self.name = name
    }

    /// Names a policy by its own metadata.
    public init(_ policy: NetworkPolicy) {
        self.init(namespace: policy.namespace, name: policy.name)
    }
}

extension PolicyReference: Comparable {
    /// By namespace, then by name.
    public static func < (one: PolicyReference, other: PolicyReference) -> Bool {
        (one.namespace, one.name) < (other.namespace, other.name)
    }
}

extension PolicyReference: CustomStringConvertible {
    /// `default/deny`.
    public var description: String { "\(namespace)/\(name)" }
}

/// A rule of a policy that allows a flow, and by which peer and port of it.
public struct PolicyRuleReference: Hashable, Sendable {
    /// The policy.
    public let policy: PolicyReference
    /// Whether the rule is one of `ingress` or of `egress`.
    public let direction: NetworkPolicy.Direction
    /// The rule's index there.
    public let rule: Int
    /// The index of the first peer that matches, or nil where the rule names none and means everybody.
    public let peer: Int?
    /// The index of the first port that matches, or nil where the rule names none and means all.
    public let port: Int?
}

extension PolicyRuleReference: CustomStringConvertible {
    /// `default/allow ingress[0] (from[1], ports[0])`.
    public var description: String {
        let parts = [
            peer.map { "\(direction == .ingress ? "from" : "to")[\($0)]" }, port.map { "ports[\($0)]" },
        ].compactMap(\.self)
        let rule = "\(policy) \(direction.words)[\(rule)]"
        return parts.isEmpty ? rule : "\(rule) (\(parts.joined(separator: ", ")))"
    }
}
