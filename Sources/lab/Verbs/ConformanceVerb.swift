import ArgumentParser
import Conformance
import Runtime
import Topology

/// `lab conformance`
struct ConformanceVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "conformance",
        abstract: "Prove from captured packets what a lab's network does.",
        discussion: """
            With a lab file, its lab is brought up for the run and taken down again, unless it is up already. Without one, the \
            lab that is up is tested. The suite adds pods of its own, in the namespace lab-conformance, and removes them.

            Exit status 1 where a case failed, was inconclusive, or none ran.
            """)

    @Argument(help: "The lab file.", completion: .file(extensions: ["toml"]))
    var file: String?

    @OptionGroup var selection: LabSelection

    @Option(
        help:
            "Run only this: a case, a folder of cases such as pod-network, or a behaviour such as B3; may be repeated.")
    var focus: [String] = []

    @Option(help: "Leave this out: a case, a folder or a behaviour; may be repeated.")
    var skip: [String] = []

    @Flag(help: "List the cases and run none.")
    var list = false

    @Flag(help: "Run the suite on networks that are broken on purpose, and check that it fails them.")
    var mutants = false

    @Option(help: "Change policies at random for so many seconds, and hold every flow against the oracle.")
    var fuzz: Int?

    @Option(help: "With --fuzz: the same seed gives the same changes; a random one unless told.")
    var seed: UInt64?

    @Flag(
        help: """
            Of the generated cases run only the few that find every fault; with --mutants, one mutant for each, and cases on \
            each only until it is found.
            """)
    var quick = false

    @Flag(help: "With --mutants: run every case on every mutant, not only those that are about what it breaks.")
    var allCases = false

    @Option(
        help: ArgumentHelp(
            "Run on a fresh lab with this service proxy; repeated, on one with each, and print a matrix.",
            valueName: "name"))
    var serviceProxy: [String] = []

    @Option(help: "Hold level P to this profile; the one for the lab's components unless told.")
    var profile: String?

    @Option(help: "Keep the evidence here: a directory a case, with captures, verdicts and reasons.")
    var evidence: String?

    @Option(help: "Write a JUnit report to this file.")
    var junit: String?

    @Option(name: .shortAndLong, help: "table or json.")
    var output: SuiteFormat = .table

    @Option(help: "The directory of cases; conformance/ here or the installed one unless told.")
    var suite: String?

    func validate() throws {
        if let fuzz, fuzz < 1 { throw ValidationError("--fuzz needs a number of seconds, at least 1") }
        if fuzz != nil, mutants || list || !serviceProxy.isEmpty {
            throw ValidationError("--fuzz runs alone, on one lab")
        }
        if seed != nil, fuzz == nil { throw ValidationError("--seed goes with --fuzz") }
        if file != nil, selection.name != nil { throw ValidationError("give a lab file or --lab, not both") }
        for name in serviceProxy where ServiceProxyKind(rawValue: name) == nil {
            let known = ServiceProxyKind.allCases.map(\.rawValue).joined(separator: " or ")
            throw ValidationError("'\(name)' is no service proxy; use \(known)")
        }
        if !serviceProxy.isEmpty, file == nil { throw ValidationError("--service-proxy needs a lab file") }
        if !serviceProxy.isEmpty, mutants, output == .json {
            throw ValidationError("what mutants show is printed as a table alone")
        }
    }

    func run() async throws {
        let directories = LabDirectories.fromEnvironment()
        let whole = try ConformanceSuite.load(directory: try SuiteDirectory.find(self.suite))
        let suite = try (quick ? whole.quick : whole).select(focus: focus, skip: skip)
        if let fuzz {
            let seed = seed ?? UInt64.random(in: 0..<1_000_000)
            let saved = evidence ?? "."
            try Privilege.require("capture packets")
            try await runSuite(whole.fuzzing(for: .seconds(fuzz), seed: seed, saved: saved), directories)
            return
        }
        if list {
            FileHandleStream.standardOutput.write(CaseList(suite).description)
            return
        }
        try Privilege.require("capture packets")
        guard mutants || !serviceProxy.isEmpty else { return try await runSuite(suite, directories) }
        var matrix: MatrixReport?
        if !serviceProxy.isEmpty, let file { matrix = try await runMatrix(suite, file, directories) }
        var hasPassed = matrix?.hasPassed ?? true
        if mutants {
            let report = try await runMutants(suite, after: matrix, directories)
            hasPassed = hasPassed && report.hasPassed
        }
        if !hasPassed { throw ExitStatus(status: Exit.failed) }
    }

    private func runSuite(_ suite: ConformanceSuite, _ directories: LabDirectories) async throws {
        let lab = try await TestedLab(file: file, selection: selection, directories: directories)
        let report: ConformanceReport
        do {
            let run = ConformanceRun(suite, options: .init(evidenceDirectory: evidence, profile: profile))
            let supervised = SupervisedLab(name: lab.name, directories: directories)
            report = try await Interruption.cancelling {
                defer { SuiteProgress.clear() }
                return try await run.run(on: supervised) { SuiteProgress.show($0) }
            }
        } catch {
            try lab.release()
            throw error
        }
        try lab.release()
        if let junit { try ReportFile.write(report.junit(), to: junit) }
        switch output {
        case .json: FileHandleStream.standardOutput.write(try report.json() + "\n")
        case .table:
            FileHandleStream.standardOutput.write(report.table(color: FileHandleStream.standardOutput.wantsColor))
            if let evidence { FileHandleStream.standardOutput.write("evidence: \(evidence)\n") }
        }
        if !report.hasPassed { throw ExitStatus(status: Exit.failed) }
    }

    private func runMatrix(
        _ suite: ConformanceSuite, _ file: String, _ directories: LabDirectories
    ) async throws -> MatrixReport {
        let run = MatrixRun(
            suite, spec: try LabFile.read(file), proxies: serviceProxy.compactMap { ServiceProxyKind(rawValue: $0) },
            options: .init(evidenceDirectory: evidence, profile: profile))
        let factory = SupervisedLabFactory(directories: directories)
        let report = try await Interruption.cancelling {
            defer { SuiteProgress.clear() }
            return try await run.run(with: factory) { SuiteProgress.show($0) }
        }
        if let junit { try ReportFile.write(report.junit(), to: junit) }
        switch output {
        case .json: FileHandleStream.standardOutput.write(try report.json() + "\n")
        case .table:
            FileHandleStream.standardOutput.write(report.tables(color: FileHandleStream.standardOutput.wantsColor))
            if let evidence { FileHandleStream.standardOutput.write("evidence: \(evidence)\n") }
        }
        return report
    }

    private func runMutants(
        _ suite: ConformanceSuite, after matrix: MatrixReport?, _ directories: LabDirectories
    ) async throws -> MutantReport {
        let spec = try file.map { try LabFile.read($0) }
        let run = try MutantRun(
            suite, spec: spec, extent: allCases ? .allCases : quick ? .untilFound : .concernedCases)
        let factory = SupervisedLabFactory(directories: directories)
        // Where the suite has just run on the mutants' lab as it should be, that need not be done again.
        let healthy = profile == nil ? matrix?.reports.first { $0.lab.components == spec?.components } : nil
        let report = try await Interruption.cancelling {
            defer { SuiteProgress.clear() }
            return try await run.run(with: factory, healthy: healthy) { SuiteProgress.show($0) }
        }
        switch output {
        case .json: FileHandleStream.standardOutput.write(try report.json() + "\n")
        case .table:
            FileHandleStream.standardOutput.write(report.table(color: FileHandleStream.standardOutput.wantsColor))
        }
        return report
    }
}

/// How the suite's report is written.
enum SuiteFormat: String, ExpressibleByArgument, CaseIterable {
    case table
    case json
}

/// The lab that the suite runs on: one that is up, or one brought up for the run.
struct TestedLab {
    let name: String
    private let isOwn: Bool
    private let directories: LabDirectories

    init(file: String?, selection: LabSelection, directories: LabDirectories) async throws {
        self.directories = directories
        guard let file else {
            name = try selection.directory(directories).lab
            isOwn = false
            return
        }
        let spec = try LabFile.read(file)
        name = spec.name
        isOwn = !directories.labs().contains(spec.name)
        guard isOwn else { return }
        var progress = ProgressLine()
        _ = try await LabBuild(spec: spec, directories: directories).run(&progress)
        progress.clear()
    }

    /// Takes the lab down where the run brought it up.
    func release() throws {
        guard isOwn else { return }
        _ = try Teardown(directory: directories.lab(name), directories: directories).run()
    }
}

/// What the suite is doing, on standard error.
enum SuiteProgress {
    static func show(_ progress: ConformanceProgress) {
        switch progress {
        case .preparing(let pods): show("adding \(pods.of("pod")) and opening captures")
        case .running(let id, let number, let count): show("\(number)/\(count) \(id)")
        case .finished: break
        }
    }

    static func show(_ progress: MatrixProgress) {
        switch progress {
        case .building(let proxy, let number, let count): show("proxy \(number)/\(count) \(proxy.rawValue)")
        case .running(let proxy, .running(let id, let number, let count)):
            show("\(proxy.rawValue) \(number)/\(count) \(id)")
        case .running: break
        }
    }

    static func show(_ progress: MutantProgress) {
        switch progress {
        case .healthy: show("the healthy lab has been tested")
        case .running(let id, let number, let count): show("mutant \(number)/\(count) \(id)")
        case .finished: break
        }
    }

    private static func show(_ text: String) {
        let stream = FileHandleStream.standardError
        if stream.isTerminal { stream.write("\r\u{1b}[K\(text) …") }
    }

    static func clear() {
        let stream = FileHandleStream.standardError
        if stream.isTerminal { stream.write("\r\u{1b}[K") }
    }
}
