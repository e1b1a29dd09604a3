/// The JSON of a run over mutants; conformance/README.md documents it.
struct MutantDocument: Encodable {
    let version = 1
    let result: String
    let healthy: ReportDocument
    let mutants: [Entry]
    let matrix: [Row]
    let vacuous: [String]

    /// A mutant and what the suite said of it.
    struct Entry: Encodable {
        let id: String
        let title: String
        let breaks: [String]
        let isRight: Bool
        let notMade: String?
        let failed: [String]
        let inconclusive: [String]
        let missed: [String]
    }

    /// A case and what it failed on.
    struct Row: Encodable {
        let id: String
        let tried: Int
        let killed: [String]
        let byTheOracle: [String]?
    }

    init(_ report: MutantReport) {
        result = report.hasPassed ? "passed" : "failed"
        healthy = ReportDocument(report.healthy)
        mutants = report.results.map {
            Entry(
                id: $0.mutant.id, title: $0.mutant.title, breaks: $0.mutant.breaks, isRight: $0.isRight,
                notMade: $0.notApplicable, failed: $0.failed, inconclusive: $0.inconclusive, missed: $0.missed)
        }
        matrix = report.matrix.map { Row(id: $0.id, tried: $0.tried, killed: $0.killed, byTheOracle: $0.reckoned) }
        vacuous = report.vacuous
    }
}

extension MutantReport {
    /// The report as JSON; conformance/README.md documents its schema.
    public func json() throws -> String {
        String(decoding: try JSONText.encode(MutantDocument(self)), as: UTF8.self)
    }
}
