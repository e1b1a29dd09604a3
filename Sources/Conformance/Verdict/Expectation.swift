/// What must become of a flow. Who may receive it, and from whose address, is part of the flow.
public struct Expectation: Hashable, Sendable {
    /// The outcomes that will do, at least one.
    public var outcomes: [ExpectedOutcome]
    /// Why, as the oracle or a profile says; nil where the case says it itself.
    public var reason: String?

    /// Expects one of several outcomes.
    public init(_ outcomes: [ExpectedOutcome], reason: String? = nil) {
        self.outcomes = outcomes
        self.reason = reason
    }

    /// Expects an outcome.
    public init(_ outcome: ExpectedOutcome) {
        self.init([outcome])
    }

    /// It has to be delivered.
    public static let delivered = Expectation(.delivered)
    /// It has to be refused.
    public static let refused = Expectation(.refused)
    /// It has to be dropped.
    public static let dropped = Expectation(.dropped)
}

extension Expectation: CustomStringConvertible {
    /// `delivered`, `refused or dropped`.
    public var description: String { outcomes.map(\.rawValue).joined(separator: " or ") }
}

/// What may be expected of a probe.
public enum ExpectedOutcome: String, Hashable, Sendable, Codable, CaseIterable {
    /// It reaches a right receiver, translated as it has to be, and so does the answer.
    case delivered
    /// It is refused, by a reset or an ICMP error.
    case refused
    /// It is lost.
    case dropped
}
