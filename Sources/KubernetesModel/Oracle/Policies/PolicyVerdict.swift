/// Whether NetworkPolicies let a new flow through, and why. Replies of a flow that was let through always pass.
public indirect enum PolicyVerdict: Hashable, Sendable {
    /// What holds at the source and at the destination; both have to allow.
    case decided(egress: PolicyDecision, ingress: PolicyDecision)
    /// Implementations may differ; a profile says which verdict is its own.
    case either(PolicyQuestion, [Option])

    /// One of several verdicts that are right.
    public struct Option: Hashable, Sendable {
        /// What a profile calls it.
        public let name: String
        /// The verdict.
        public let verdict: PolicyVerdict
    }
}

/// What policies say at one end of a flow.
public struct PolicyDecision: Hashable, Sendable {
    /// Which end: egress at the source, ingress at the destination.
    public let direction: NetworkPolicy.Direction
    /// Why it is so.
    public let grounds: Grounds
    /// The reason in a sentence.
    public let because: String

    /// Why a flow may or may not pass.
    public enum Grounds: Hashable, Sendable {
        /// Policies are about pods, and there is none at this end.
        case noPod
        /// A pod always reaches itself.
        case ownAddress
        /// A pod's own node always gets in, and where the documentation is followed is also always reached.
        case ownNode
        /// No policy isolates the pod in this direction.
        case notIsolated
        /// These rules allow it.
        case allowed(by: [PolicyRuleReference])
        /// These policies isolate the pod, and none of their rules allows it.
        case denied(by: [PolicyReference])
        /// The pod is isolated, and an implementation lets ICMP pass all the same.
        case icmpPasses
    }

    /// Whether the flow may pass this end.
    public var isAllowed: Bool {
        if case .denied = grounds { false } else { true }
    }
}

extension PolicyVerdict {
    /// Whether the flow passes; nil where that is up to the implementation.
    public var isAllowed: Bool? {
        switch self {
        case .decided(let egress, let ingress): egress.isAllowed && ingress.isAllowed
        case .either: nil
        }
    }

    /// The reason in a sentence that names the policies and rules.
    public var because: String {
        switch self {
        case .decided(let egress, let ingress):
            let ends = [egress, ingress]
            let denials = ends.filter { !$0.isAllowed }
            return (denials.isEmpty ? ends : denials).map(\.because).joined(separator: "; ")
        case .either(let question, let options):
            let answers = options.map { "\($0.name): \($0.verdict.because)" }
            return "\(question.rawValue) is up to the implementation (\(answers.joined(separator: " | ")))"
        }
    }

    /// The verdict of one implementation: where several are right, the one that its profile names. Questions that the
    /// profile does not answer stay open.
    public func settled(by profile: PolicyProfile) -> PolicyVerdict {
        guard case .either(let question, let options) = self else { return self }
        let settled = options.map { Option(name: $0.name, verdict: $0.verdict.settled(by: profile)) }
        return settled.first { $0.name == profile[question] }?.verdict ?? .either(question, settled)
    }
}

extension PolicyVerdict: CustomStringConvertible {
    /// `allowed`, `denied` or `open`, and the reason.
    public var description: String {
        "\(isAllowed.map { $0 ? "allowed" : "denied" } ?? "open"): \(because)"
    }
}
