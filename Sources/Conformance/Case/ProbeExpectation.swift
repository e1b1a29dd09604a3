/// What must become of a step's probes.
public enum ProbeExpectation: Hashable, Sendable {
    /// The same of all: one of these outcomes.
    case all([ExpectedOutcome])
    /// The same of all, with who may receive them and from whose address.
    case detailed(DetailedExpectation)
    /// By sender and destination. Every pair that is probed must have an entry, and every entry a pair.
    case table([ExpectedPair: ExpectedOutcome])
    /// What the Services' objects ask for, as the oracle reads them; where they leave it open, what the profile says.
    case oracle
    /// What the profile answers to a question of this name.
    case profile(String)
}

/// An outcome with who may receive and from whose address.
public struct DetailedExpectation: Hashable, Sendable {
    /// The outcome.
    public var outcome: ExpectedOutcome
    /// Who may receive; empty: every endpoint of the Service.
    public var receivers: [ParticipantSelector]
    /// Whose address the receiver is to see.
    public var source: SourceRule
}

/// A sender and a destination of an expectation's table.
public struct ExpectedPair: Hashable, Sendable {
    /// The sender.
    public var from: ParticipantSelector
    /// The destination.
    public var to: DestinationSelector
}
