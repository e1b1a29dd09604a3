/// What came of a case.
public struct CaseResult: Sendable {
    /// How a case ended.
    public enum Status: String, Hashable, Sendable, Codable {
        /// Every expectation was checked and met.
        case passed
        /// An expectation was not met, or not checked.
        case failed
        /// It cannot be told: the harness failed, or the captures lost packets.
        case inconclusive
        /// A case of level I, or of level P without a profile's answer: what was seen is recorded, and never fails.
        case observed
        /// The lab lacks what the case needs.
        case notApplicable = "not-applicable"
    }

    /// The case.
    public let item: ConformanceCase
    /// How it ended.
    public var status: Status
    /// Why it could not be run or trusted, as sentences.
    public var problems: [String]
    /// Every flow with its verdict.
    public var verdicts: [FlowVerdict]
    /// How many flows of truth tables were probed besides.
    public var probed = 0
    /// Verdicts over several flows together, and over what is no flow.
    public var checks: [GroupVerdict] = []
    /// How steps that may settle came to be met.
    public var settles: [SettleReport] = []
    /// Long flows with what became of them.
    public var streams: [StreamReport] = []
    /// The endpoints that steps have taken away, with how long they were still used.
    public var convergence: [ConvergenceReport] = []
    /// Questions that are left to implementations and that no profile answers.
    public var unanswered: Set<String> = []
    /// How long it took, from its first step to its last verdict.
    public var duration: Duration
    /// The directory of its evidence, where evidence is kept.
    public var evidence: String?

    init(
        item: ConformanceCase, status: Status, problems: [String], verdicts: [FlowVerdict], duration: Duration
    ) {
        self.item = item
        self.status = status
        self.problems = problems
        self.verdicts = verdicts
        self.duration = duration
    }

    /// The flows that were not as expected.
    public var unmet: [FlowVerdict] { verdicts.filter { $0.isMet != true } }
    /// What else was not as expected, in sentences.
    public var unmetChecks: [String] {
        checks.filter { $0.isMet != true }.map { "\($0.keyPath) \($0.check): \($0.detail)" }
            + streams.filter { $0.isMet != true }.map { "stream \($0.id): expected \($0.expected); \($0.detail)" }
    }

    /// Whether something was not as expected so far.
    var isUnmet: Bool { !problems.isEmpty || answers.contains(false) }

    private var answers: [Bool?] { verdicts.map(\.isMet) + checks.map(\.isMet) + streams.map(\.isMet) }

    static func status(of item: ConformanceCase, _ result: CaseResult) -> Status {
        if item.level == .implementation { return .observed }
        let answers = result.answers
        if result.isUnmet { return .failed }
        if answers.contains(nil) { return .inconclusive }
        if item.level == .profile, !result.unanswered.isEmpty { return .observed }
        // No problem and no verdict cannot be: a step without flows is a problem.
        return answers.isEmpty ? .failed : .passed
    }
}
