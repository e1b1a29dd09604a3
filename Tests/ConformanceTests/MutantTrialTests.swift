import Testing
import Topology

@testable import Conformance

@Suite("What is tried on a mutant")
struct MutantTrialTests {
    private static func item(_ id: String, proves: [String], isCore: Bool = false) -> ConformanceCase {
        var item = ConformanceCase(
            id: id, proves: proves, title: id, source: "", leavesOpen: nil, level: .required, isGenerated: false,
            needs: LabNeeds(), pods: [], steps: [], file: id)
        item.isCore = isCore
        return item
    }

    private static let slow = item("slow", proves: ["B1"])
    private static let fast = item("fast", proves: ["B1", "B2"])
    private static let core = item("core", proves: ["B3"], isCore: true)

    private static func mutant(_ breaks: [String], cases: [String] = []) -> Mutant {
        Mutant(
            id: "broken", title: "broken", breaks: breaks, cases: cases, needs: LabNeeds(), commands: [],
            file: "broken.toml")
    }

    private static func result(_ item: ConformanceCase, _ status: CaseResult.Status, _ time: Int = 1) -> CaseResult {
        CaseResult(item: item, status: status, problems: [], verdicts: [], duration: .seconds(time))
    }

    private static func report(_ results: [CaseResult]) throws -> ConformanceReport {
        let suite = try ConformanceSuite.load(directory: SuiteTests.directory)
        return ConformanceReport(lab: try suite.mutantLab(), suite: suite, results: results, duration: .zero)
    }

    private static func trial(_ extent: MutantRun.Extent) throws -> MutantTrial {
        let suite = ConformanceSuite(directory: "", behaviours: [], cases: [slow, fast, core], mutants: [])
        let healthy = try report([result(slow, .passed, 9), result(fast, .passed, 1), result(core, .passed, 1)])
        return MutantTrial(suite, extent, healthy)
    }

    @Test("the cases that prove what it breaks, the quick ones first; the core cases where there is time")
    func cases() throws {
        let mutant = Self.mutant(["B1"])
        #expect(try Self.trial(.untilFound).suite(for: mutant).cases.map(\.id) == ["fast", "slow"])
        #expect(try Self.trial(.concernedCases).suite(for: mutant).cases.map(\.id) == ["slow", "fast", "core"])
        #expect(try Self.trial(.untilFound).suite(for: Self.mutant([])).cases.count == 3)
        #expect(
            try Self.trial(.untilFound).suite(for: Self.mutant(["B1"], cases: ["core"])).cases.map(\.id) == ["core"])
    }

    @Test("no more cases once it is found, but those that have failed no mutant")
    func found() throws {
        let trial = try Self.trial(.untilFound)
        let options = trial.options(for: Self.mutant(["B1"]))
        let found = [Self.result(Self.fast, .failed)]
        #expect(options.isNeeded(Self.slow, []))
        #expect(options.isNeeded(Self.slow, found))
        trial.note(
            MutantResult(
                mutant: Self.mutant(["B1"]), notApplicable: nil,
                report: try Self.report([Self.result(Self.slow, .failed)])))
        #expect(!options.isNeeded(Self.slow, found))
        #expect(options.isNeeded(Self.slow, []))
        #expect(options.isNeeded(Self.slow, [Self.result(Self.fast, .inconclusive)]))
        // One of two behaviours is found broken, and a mutant that breaks nothing never is.
        #expect(trial.options(for: Self.mutant(["B1", "B3"])).isNeeded(Self.slow, found))
        #expect(trial.options(for: Self.mutant([])).isNeeded(Self.slow, found))
    }

    @Test("what is to be tried again counts for nothing")
    func doubtful() throws {
        let trial = try Self.trial(.untilFound)
        let mutant = Self.mutant(["B1"])
        trial.note(
            MutantResult(
                mutant: mutant, notApplicable: nil,
                report: try Self.report([Self.result(Self.slow, .failed), Self.result(Self.fast, .inconclusive)])))
        #expect(trial.options(for: mutant).isNeeded(Self.slow, [Self.result(Self.fast, .failed)]))
    }
}
