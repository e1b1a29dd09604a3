import ArgumentParser

/// Where the benchmarks start: it takes the options, isolates itself, measures and prints Markdown.
@main
struct LabBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lab-bench",
        abstract: "Measure lab beside the kernel's floor, ip -batch and mininet, in one run.",
        discussion: """
            Contenders take turns (A B C A B C …), and every figure is a median, so that ratios hold on a busy machine. All \
            happens in a network, a mount and a process namespace of its own with a /run of its own; the host is not touched.
            """)

    @Option(help: "Only these parts, in this order: \(Part.allCases.map(\.rawValue).joined(separator: ", ")).")
    var part: [Part] = Part.allCases

    @Option(help: "How often each contender builds a lab of 10 or 100 pods; larger ones get half as many turns.")
    var repetitions = 5

    @Option(help: "Leave out labs of more pods than this.")
    var largest = 1000

    @Option(help: "The lab program; the one beside this program unless told.")
    var lab: String?

    @Flag(help: "Run with real-time priority (chrt -f 10), so that other work on the machine counts less.")
    var realtime = false

    func validate() throws {
        guard repetitions > 0 else { throw ValidationError("--repetitions must be at least 1") }
    }

    func run() async throws {
        try Isolation.enter(realtime: realtime)
        let bench = try Workbench(lab: lab)
        print("Medians of interleaved turns on \(Machine.description)\(realtime ? ", with real-time priority" : "").\n")
        for part in part {
            print("### \(part.title)\n")
            print(try await part.run(bench, repetitions: repetitions, largest: largest))
        }
    }
}

/// What can be measured by itself.
enum Part: String, CaseIterable, ExpressibleByArgument {
    case build, exec, api, proxy, policy, convergence, memory, neighbors, probes

    var title: String {
        switch self {
        case .build: "Building and removing labs"
        case .exec: "Starting a command in a pod"
        case .api: "The Kubernetes API"
        case .proxy: "The service proxies"
        case .policy: "NetworkPolicies"
        case .convergence: "lab up on a lab that is up"
        case .memory: "Peak resident memory"
        case .neighbors: "What neighbour entries cost"
        case .probes: "Probes a second, captures and verdicts included"
        }
    }

    func run(_ bench: Workbench, repetitions: Int, largest: Int) async throws -> String {
        switch self {
        case .build: try BuildMeasurement(bench: bench, repetitions: repetitions, largest: largest).table()
        case .exec: try ExecMeasurement(bench: bench).table()
        case .api: try APIMeasurement(bench: bench, repetitions: repetitions).table()
        case .proxy: try await ProxyMeasurement(bench: bench, repetitions: repetitions).table()
        case .policy: try await PolicyMeasurement(bench: bench, repetitions: repetitions).tables()
        case .convergence: try ConvergenceMeasurement(bench: bench, repetitions: repetitions, largest: largest).table()
        case .memory: try MemoryMeasurement(bench: bench, largest: largest).table()
        case .neighbors: try NeighborMeasurement(bench: bench, repetitions: repetitions, largest: largest).table()
        case .probes: try ProbeMeasurement(bench: bench, repetitions: repetitions, largest: largest).table()
        }
    }
}
