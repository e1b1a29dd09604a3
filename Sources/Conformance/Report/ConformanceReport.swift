public import Topology

/// What a run of the suite has shown of a lab.
public struct ConformanceReport: Sendable {
    /// The lab, the suite's pods among its own.
    public let lab: LabSpec
    /// The profile that level P was held to; nil: none.
    public let profile: String?
    /// Every case of the run with what came of it.
    public let results: [CaseResult]
    /// Every behaviour of the catalogue with what was shown of it.
    public let behaviours: [BehaviourResult]
    /// How long the run took, pods added and removed included.
    public let duration: Duration

    init(
        lab: LabSpec, profile: String? = nil, suite: ConformanceSuite, results: [CaseResult], duration: Duration
    ) {
        self.lab = lab
        self.profile = profile
        self.results = results
        self.duration = duration
        behaviours = suite.behaviours.map { BehaviourResult($0, results) }
    }

    /// How many cases were carried out.
    public var executed: Int { results.count { $0.status != .notApplicable } }

    /// Whether the suite has passed: at least one case was carried out, and none failed or was inconclusive.
    public var hasPassed: Bool {
        executed > 0 && !results.contains { $0.status == .failed || $0.status == .inconclusive }
    }

    /// The report as JSON; conformance/README.md documents its schema.
    public func json() throws -> String {
        String(decoding: try JSONText.encode(ReportDocument(self)), as: UTF8.self)
    }
}

/// What was shown of a behaviour.
public struct BehaviourResult: Sendable {
    /// What is known of a behaviour after a run.
    public enum Status: String, Hashable, Sendable, Codable {
        /// Every case that proves it passed.
        case proven
        /// A case that proves it failed, or was inconclusive.
        case failed
        /// It is left to implementations, and was looked at.
        case observed
        /// The lab lacks what its cases need.
        case notApplicable = "not-applicable"
        /// No case of the run proves it.
        case notCovered = "not-covered"
    }

    /// The behaviour.
    public let behaviour: Behaviour
    /// What is known of it.
    public let status: Status
    /// Why it is not applicable.
    public let reason: String?
    /// What of it no case of the run proves, by the cases' own account; nil: nothing.
    public let leftOpen: String?
    /// The cases of the run that prove it.
    public let cases: [String]

    init(_ behaviour: Behaviour, _ results: [CaseResult]) {
        let proving = results.filter { $0.item.proves.contains(behaviour.id) }
        let statuses = Set(proving.map(\.status))
        self.behaviour = behaviour
        cases = proving.map(\.item.id)
        if proving.isEmpty {
            status = .notCovered
        } else if !statuses.isDisjoint(with: [.failed, .inconclusive]) {
            status = .failed
        } else if statuses.contains(.passed) {
            status = .proven
        } else {
            status = statuses.contains(.observed) ? .observed : .notApplicable
        }
        // A case that leaves nothing open makes up for those that do.
        let open = proving.filter { $0.status == .passed }.map(\.item.leavesOpen)
        leftOpen = open.contains(nil) ? nil : open.first ?? nil
        reason = status == .notApplicable ? proving.first?.problems.first : nil
    }
}
