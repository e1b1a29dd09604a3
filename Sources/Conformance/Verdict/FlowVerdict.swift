/// A flow with what became of it.
public struct FlowVerdict: Sendable {
    /// The flow.
    public var flow: Flow
    /// What was expected.
    public var expected: Expectation
    /// What became of it.
    public var outcome: FlowOutcome
    /// What was done to its addresses on purpose, in a sentence; nil where nothing was.
    public var translation: String?
    /// The places that the request passed, in order, as the captures show it.
    public var path: [String]
    /// What else is worth knowing, such as a first attempt that was lost.
    public var notes: [String]
    /// Its packets, as indices into those that were judged, each with a comment.
    public var packets: [(index: Int, comment: String)]
    /// Whether the request has reached a receiver and nothing has come back yet: the server may only be slow.
    public var awaitsServer: Bool
    /// When its request was last seen on its way to each endpoint that it was led to, in nanoseconds since 1970.
    public var lastSightings: [Endpoint: UInt64] = [:]

    /// Whether the outcome is an expected one; nil where that cannot be told.
    public var isMet: Bool? { outcome.meets(expected) }

    /// What had to become of it, with who may receive it where that is more than one name.
    var demand: String {
        guard expected.outcomes.contains(.delivered), flow.destination.participant == nil else { return "\(expected)" }
        let receivers = flow.receivers.map(\.demand)
        return "\(expected) to " + (receivers.isEmpty ? "nobody" : receivers.joined(separator: " or "))
    }

    /// Who received it; nil where nobody who may did.
    var deliveredTo: String? { if case .delivered(let receiver, _) = outcome { receiver } else { nil } }
}
