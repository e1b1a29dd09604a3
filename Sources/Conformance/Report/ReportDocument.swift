import FoundationEssentials

/// The JSON of a report; conformance/README.md documents it.
struct ReportDocument: Encodable {
    let version = 1
    let lab: String
    let podNetwork: String
    let serviceProxy: String?
    let profile: String?
    let families: [String]
    let result: String
    let milliseconds: Double
    let cases: [CaseDocument]
    let behaviours: [BehaviourDocument]

    init(_ report: ConformanceReport) {
        lab = report.lab.name
        podNetwork = report.lab.components.podNetwork.rawValue
        serviceProxy = report.lab.components.serviceProxy?.rawValue
        profile = report.profile
        families = report.lab.cluster.families.map(\.word)
        result = report.hasPassed ? "passed" : "failed"
        milliseconds = report.duration.milliseconds
        cases = report.results.map { CaseDocument($0) }
        behaviours = report.behaviours.map { BehaviourDocument($0) }
    }
}

/// The JSON of a case: also its verdict.json.
struct CaseDocument: Encodable {
    let id: String
    let title: String
    let level: String
    let proves: [String]
    let status: String
    let problems: [String]
    let milliseconds: Double
    let evidence: String?
    let flows: [FlowDocument]
    let checks: [CheckDocument]
    let settled: [SettleDocument]
    let streams: [StreamDocument]
    let convergence: [ConvergenceDocument]

    init(_ result: CaseResult) {
        id = result.item.id
        title = result.item.title
        level = result.item.level.rawValue
        proves = result.item.proves
        status = result.status.rawValue
        problems = result.problems
        milliseconds = result.duration.milliseconds
        evidence = result.evidence
        flows = result.verdicts.map { FlowDocument($0) }
        checks = result.checks.map { CheckDocument($0) }
        settled = result.settles.map { SettleDocument($0) }
        streams = result.streams.map { StreamDocument($0) }
        convergence = result.convergence.map { ConvergenceDocument($0) }
    }
}

/// The JSON of a flow with its verdict.
struct FlowDocument: Encodable {
    let number: Int
    let from: String
    let to: String
    let family: String
    let `protocol`: String
    let dialled: String
    let expected: String
    let reason: String?
    let permitted: [String]
    let outcome: String
    let met: Bool?
    let detail: String
    let source: String?
    let translation: String?
    let path: [String]
    let notes: [String]

    init(_ verdict: FlowVerdict) {
        let flow = verdict.flow
        number = flow.number
        from = flow.sender.name
        to = flow.destination.name
        family = flow.family.word
        `protocol` = "\(flow.kind)"
        dialled = "\(flow.dialled)"
        expected = "\(verdict.expected)"
        reason = verdict.expected.reason
        permitted = flow.receivers.map(\.demand)
        translation = verdict.translation
        outcome = verdict.outcome.word
        met = verdict.isMet
        detail = "\(verdict.outcome)"
        if case .delivered(_, let address) = verdict.outcome { source = "\(address)" } else { source = nil }
        path = verdict.path
        notes = verdict.notes
    }
}

/// The JSON of a verdict over several flows together.
struct CheckDocument: Encodable {
    let check: String
    let step: String
    let met: Bool?
    let detail: String

    init(_ verdict: GroupVerdict) {
        check = verdict.check
        step = verdict.keyPath
        met = verdict.isMet
        detail = verdict.detail
    }
}

/// The JSON of a step that may settle.
struct SettleDocument: Encodable {
    let step: String
    let met: Bool
    let attempts: Int
    let milliseconds: Double
    let firstFailure: String?

    init(_ report: SettleReport) {
        step = report.keyPath
        met = report.isMet
        attempts = report.attempts
        milliseconds = report.time.milliseconds
        firstFailure = report.firstFailure
    }
}

/// The JSON of a long flow.
struct StreamDocument: Encodable {
    let id: String
    let title: String
    let sent: Int
    let answered: Int
    let longestGapMilliseconds: Double
    let expected: String
    let met: Bool?
    let detail: String

    init(_ report: StreamReport) {
        id = report.id
        title = report.title
        sent = report.sent
        answered = report.answered
        longestGapMilliseconds = report.longestGap.milliseconds
        expected = report.expected
        met = report.isMet
        detail = report.detail
    }
}

/// The JSON of an endpoint that a step has taken away.
struct ConvergenceDocument: Encodable {
    let endpoint: String
    let lastStrayMilliseconds: Double?

    init(_ report: ConvergenceReport) {
        endpoint = report.endpoint
        lastStrayMilliseconds = report.lastStray?.milliseconds
    }
}

/// The JSON of a behaviour.
struct BehaviourDocument: Encodable {
    let id: String
    let level: String
    let title: String
    let status: String
    let reason: String?
    let leftOpen: String?
    let cases: [String]

    init(_ result: BehaviourResult) {
        id = result.behaviour.id
        level = result.behaviour.level
        title = result.behaviour.title
        status = result.status.rawValue
        reason = result.reason
        leftOpen = result.leftOpen
        cases = result.cases
    }
}

/// Writes JSON for files and pipes.
enum JSONText {
    static func encode(_ value: some Encodable) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(value) + [UInt8(ascii: "\n")]
    }
}

extension Duration {
    /// The duration in milliseconds, to the microsecond.
    var milliseconds: Double {
        Double((self / .microseconds(1)).rounded()) / 1000
    }
}
