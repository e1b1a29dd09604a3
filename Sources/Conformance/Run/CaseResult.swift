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
        /// A case of level I: what was seen is recorded, and never fails.
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
    /// How long it took, from its first step to its last verdict.
    public var duration: Duration
    /// The directory of its evidence, where evidence is kept.
    public var evidence: String?

    /// The flows that were not as expected.
    public var unmet: [FlowVerdict] { verdicts.filter { $0.isMet != true } }

    static func status(
        of item: ConformanceCase, _ verdicts: [FlowVerdict], _ problems: [String]
    ) -> Status {
        if item.level == .implementation { return .observed }
        if !problems.isEmpty || verdicts.contains(where: { $0.isMet == false }) { return .failed }
        if verdicts.contains(where: { $0.isMet == nil }) { return .inconclusive }
        // No problem and no verdict cannot be: a step without flows is a problem.
        return verdicts.isEmpty ? .failed : .passed
    }
}
