public import KubernetesModel

/// Something in a policy that has no meaning and allows nothing.
public struct PolicyProblem: Hashable, Sendable, CustomStringConvertible {
    /// What is wrong.
    public enum Reason: Hashable, Sendable {
        /// A peer that is neither pods nor a block.
        case noPeer(index: Int)
        /// A port that is neither a number, a range nor a name.
        case noPort(index: Int)
    }

    /// The policy.
    public let policy: PolicyReference
    /// Which list of rules it is in.
    public let direction: NetworkPolicy.Direction
    /// The rule's index there.
    public let rule: Int
    /// What is wrong.
    public let reason: Reason

    /// A sentence with what to do.
    public var description: String {
        let place = "NetworkPolicy \(policy): \(direction.words)[\(rule)]"
        switch reason {
        case .noPeer(let index):
            let field = direction == .ingress ? "from" : "to"
            return "\(place).\(field)[\(index)] means nobody; give it a podSelector, a namespaceSelector or an ipBlock"
        case .noPort(let index):
            return "\(place).ports[\(index)] means no port; give it a number, a range of numbers or a name"
        }
    }
}

extension NetworkPolicy {
    /// What in the policy has no meaning.
    var problems: [PolicyProblem] {
        Direction.allCases.flatMap { direction in
            rules(direction).enumerated().flatMap { index, rule in
                let peers = rule.peers.indices.filter { rule.peers[$0] == .malformed }
                let ports = rule.ports.indices.filter { rule.ports[$0] == .malformed }
                let reasons = peers.map { PolicyProblem.Reason.noPeer(index: $0) } + ports.map { .noPort(index: $0) }
                return reasons.map {
                    PolicyProblem(policy: PolicyReference(self), direction: direction, rule: index, reason: $0)
                }
            }
        }
    }
}
