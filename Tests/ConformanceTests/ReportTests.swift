import FoundationEssentials
import Testing
import Topology

@testable import Conformance

@Suite struct ReportTests {
    private static func item(
        _ id: String, _ proves: [String], level: ConformanceLevel = .required, leavesOpen: String? = nil
    ) -> ConformanceCase {
        ConformanceCase(
            id: id, proves: proves, title: "a <title> & \"more\"", leavesOpen: leavesOpen, level: level,
            needs: LabNeeds(), pods: [], steps: [],
            file: "")
    }

    private static func result(_ item: ConformanceCase, _ status: CaseResult.Status, _ problems: [String] = [])
        -> CaseResult
    {
        CaseResult(item: item, status: status, problems: problems, verdicts: [], duration: .milliseconds(5))
    }

    private static func report(_ results: [CaseResult]) -> ConformanceReport {
        let behaviours = ["B1", "B2", "B3", "B4", "C1"].map { Behaviour(id: $0, level: "M", title: "behaviour \($0)") }
        let suite = ConformanceSuite(directory: "", behaviours: behaviours, cases: results.map(\.item), mutants: [])
        return ConformanceReport(lab: LabSpec(name: "lab"), suite: suite, results: results, duration: .milliseconds(10))
    }

    @Test("a run that carried out no case fails")
    func empty() {
        #expect(!Self.report([]).hasPassed)
        #expect(!Self.report([Self.result(Self.item("a", ["B1"]), .notApplicable)]).hasPassed)
        #expect(Self.report([Self.result(Self.item("a", ["B1"]), .passed)]).hasPassed)
        #expect(!Self.report([Self.result(Self.item("a", ["B1"]), .inconclusive)]).hasPassed)
        #expect(Self.report([Self.result(Self.item("a", ["B1"], level: .implementation), .observed)]).hasPassed)
    }

    @Test("a behaviour is proven by all its cases together, failed by any, and named where no case proves it")
    func behaviours() {
        let report = Self.report([
            Self.result(Self.item("a", ["B1", "B2"]), .passed), Self.result(Self.item("b", ["B2"]), .failed),
            Self.result(Self.item("c", ["B3"]), .notApplicable, ["needs 2 nodes"]),
            Self.result(Self.item("d", ["B4"], leavesOpen: "the rest"), .passed),
        ])
        #expect(report.behaviours.map(\.status) == [.proven, .failed, .notApplicable, .proven, .notCovered])
        #expect(report.behaviours[2].reason == "needs 2 nodes")
        #expect(report.behaviours[3].leftOpen == "the rest")
        #expect(report.table(color: false).contains("not yet covered: C1"))
    }

    @Test("an expectation that was not met or not checked fails a case, and one that cannot be told does neither")
    func statuses() {
        func verdict(_ outcome: FlowOutcome) -> FlowVerdict {
            FlowVerdict(
                flow: Sample.flow(.udp(1)), expected: .delivered, outcome: outcome, path: [], notes: [], packets: [],
                awaitsServer: false)
        }
        let good = verdict(.delivered(by: "b", source: Sample.a.address))
        let bad = verdict(.answeredByWrongPod("c"))
        let open = verdict(.inconclusive("x"))
        func status(
            _ verdicts: [FlowVerdict], _ problems: [String] = [], level: ConformanceLevel = .required,
            checks: [Bool?] = [], unanswered: Set<String> = []
        ) -> CaseResult.Status {
            let item = Self.item("a", ["B1"], level: level)
            var result = CaseResult(
                item: item, status: .failed, problems: problems, verdicts: verdicts, duration: .zero)
            result.checks = checks.map { GroupVerdict(check: "spread", keyPath: "step[0]", isMet: $0, detail: "") }
            result.unanswered = unanswered
            return CaseResult.status(of: item, result)
        }
        #expect(status([good]) == .passed)
        #expect(status([]) == .failed)
        #expect(status([good], ["not checked"]) == .failed)
        #expect(status([good, bad, open]) == .failed)
        #expect(status([good, open]) == .inconclusive)
        #expect(status([bad], level: .implementation) == .observed)
        #expect(status([good], checks: [true, false]) == .failed)
        #expect(status([good], checks: [nil]) == .inconclusive)
        // What no profile answers is recorded; what a profile answers is held to it.
        #expect(status([good], level: .profile, unanswered: ["service.unknown-port"]) == .observed)
        #expect(status([bad], level: .profile) == .failed)
    }

    @Test("JUnit escapes what XML reserves, and counts what failed")
    func junit() {
        let report = Self.report([
            Self.result(Self.item("g/a", ["B1"]), .failed, ["<script> & \"quotes\" \u{1b}[31m"]),
            Self.result(Self.item("g/b", ["B1"]), .passed),
            Self.result(Self.item("h/c", ["B1"]), .inconclusive),
        ])
        let text = report.junit()
        #expect(text.contains("tests=\"3\" failures=\"1\" errors=\"1\" skipped=\"0\""))
        #expect(text.contains("&lt;script&gt; &amp; &quot;quotes&quot; \u{fffd}[31m"))
        #expect(!text.contains("\u{1b}"))
        #expect(text.contains("<testsuite name=\"g\"") && text.contains("<testsuite name=\"h\""))
    }

    @Test("the JSON has the documented keys")
    func json() throws {
        let text = try Self.report([Self.result(Self.item("g/a", ["B1"]), .passed)]).json()
        for key in [
            "\"version\" : 1", "\"lab\"", "\"result\" : \"passed\"", "\"cases\"", "\"behaviours\"", "\"podNetwork\"",
        ] {
            #expect(text.contains(key), "\(key)")
        }
    }

    @Test("ids are drawn together in runs")
    func ranges() {
        #expect(ConformanceReport.ranges(["B1", "B2", "B3", "B5", "C1", "C2"]) == "B1-B3, B5, C1-C2")
    }
}
