import ArgumentParser
import Glibc
import Runtime
import Topology

/// `lab up`
struct Up: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "up",
        abstract: "Build a lab, or make a running one match its file.",
        discussion: """
            Repeating it changes only what differs, so it also heals a lab that something was removed from. Ctrl-C removes \
            what this run has made.
            """)

    @Argument(help: "The lab file.", completion: .file(extensions: ["toml"]))
    var file: String

    @Flag(help: "Show what would be changed, and change nothing.")
    var dryRun = false

    @Flag(help: "Print the ip, bridge, sysctl and nft commands that it amounts to, and change nothing.")
    var commands = false

    func run() async throws {
        let spec = try LabFile.read(file)
        let directories = LabDirectories.fromEnvironment()
        if dryRun || commands {
            try await preview(spec, directories)
            return
        }
        try await Self.build(spec, directories)
    }

    /// Builds the lab of a file. The program's start comes here by itself: reading the words of so plain a command with
    /// the argument parser takes as long as planning its lab.
    static func run(file: String) async throws {
        try await build(try LabFile.read(file), .fromEnvironment())
    }

    private static func build(_ spec: LabSpec, _ directories: LabDirectories) async throws {
        try Privilege.require("build a lab")
        try FileLimit.raise()
        var progress = ProgressLine()
        let start = ContinuousClock.now
        let summary = try await LabBuild(spec: spec, directories: directories).run(&progress)
        progress.clear()
        report(spec, summary, ContinuousClock.now - start)
    }

    private func preview(_ spec: LabSpec, _ directories: LabDirectories) async throws {
        let operations = try await LabInspection(lab: spec.name, directories: directories).operations(to: spec)
        let output = FileHandleStream.standardOutput
        if commands {
            output.write(operations.flatMap(\.commands).map { $0 + "\n" }.joined())
        } else if operations.isEmpty {
            output.write("\(spec.name) is as its file says\n")
        } else {
            output.write(operations.map { $0.summary + "\n" }.joined())
            output.write(operations.count.of("change") + "\n")
        }
    }

    private static func report(_ spec: LabSpec, _ summary: UpSummary, _ duration: Duration) {
        let output = FileHandleStream.standardOutput
        let milliseconds = duration.components.seconds * 1000 + duration.components.attoseconds / 1_000_000_000_000_000
        let changes = summary.changes == 0 ? "nothing to change" : summary.changes.of("change")
        output.write("\(spec.name) is up: \(spec.size); \(changes), \(milliseconds) ms\n")
        for status in summary.notReady {
            output.write("not running: \(status.key.namespace)/\(status.key.pod) \(status.key.container): ")
            switch status.state {
            case .waiting(let reason, let message): output.write("\(reason): \(message)\n")
            default: output.write("\(status.state.word); see lab status\n")
            }
        }
    }
}
