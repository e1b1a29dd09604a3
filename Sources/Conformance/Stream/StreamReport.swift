/// What became of a long flow.
public struct StreamReport: Hashable, Sendable {
    /// Its name in the case.
    public var id: String
    /// From whom to whom, and with what.
    public var title: String
    /// How many messages were sent.
    public var sent: Int
    /// How many came back.
    public var answered: Int
    /// The longest time in which nothing came back.
    public var longestGap: Duration
    /// What had to become of it, in words.
    public var expected: String
    /// Whether it did; nil where that cannot be told.
    public var isMet: Bool?
    /// What was found, in a sentence.
    public var detail: String

    init(_ plan: StreamPlan, _ record: StreamRecord, _ expectation: StreamExpectation) {
        id = plan.step.id
        title =
            "\(plan.sender.name) > \(plan.destination.name) \(plan.step.kind) through \(plan.dialled)"
            + (plan.step.isFresh ? ", each message a flow of its own" : "")
        sent = record.sent
        answered = record.answered
        longestGap = record.longestGap
        let gap = "the longest time without an answer was \(record.longestGap.milliseconds) ms"
        let counts = plan.receivers.enumerated().map { "\($1.participant.shortName) \(record.answers[$0] ?? 0)" }
        let account =
            "\(record.answered) of \(record.sent) messages came back (\(counts.joined(separator: ", "))); \(gap)"
        switch expectation {
        case .unbroken:
            expected = "unbroken"
            isMet = record.broken == nil && record.sent > 0 && record.answered == record.sent
        case .loss(let limit):
            expected = "at most \(limit.milliseconds) ms without an answer"
            // From one answer to the next an interval passes even where nothing is lost.
            isMet = record.answered > 0 && record.longestGap <= limit + plan.step.interval && record.broken == nil
        }
        detail = record.broken.map { "the connection broke: \($0); \(account)" } ?? account
        if let failure = record.failure {
            isMet = nil
            detail = "the suite's own socket failed: \(failure)"
        }
    }
}
