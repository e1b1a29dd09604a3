import ArgumentParser
import Runtime

/// `lab status`
struct Status: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show the health of a lab: supervisor, network, components and pods.",
        discussion: "Exit status 1 where something is not as it should be. lab up with the lab's file heals it.")

    @OptionGroup var selection: LabSelection

    @Option(name: .shortAndLong, help: "table, json or yaml.")
    var output: OutputFormat = .table

    func run() async throws {
        let directories = LabDirectories.fromEnvironment()
        let directory = try selection.directory(directories)
        try Privilege.require("look into a lab's namespaces")
        let report = try await StatusReport.make(directory, directories)
        try Renderer.write(report, as: output)
        if !report.isHealthy { throw ExitStatus(status: Exit.failed) }
    }
}

extension StatusReport: Rendered {
    var tables: [TextTable] {
        let supervisorText =
            supervisor.map { "running, process \($0)" } ?? "not running; the network goes on, lab up heals the rest"
        var summary = [["supervisor", supervisorText]]
        if isHalfBuilt { summary.append(["build", "cut short; lab up finishes it, lab down removes it"]) }
        summary += components.map { [$0.role, "\($0.name): \($0.status)"] }
        let overview = TextTable(columns: ["LAB", lab], rows: summary)
        let podTable = TextTable(
            columns: ["NAMESPACE", "NAME", "READY", "STATUS", "IP", "NODE"],
            rows: pods.map {
                [$0.namespace, $0.name, $0.ready, $0.status, $0.addresses.joined(separator: ","), $0.node]
            })
        let missing = TextTable(columns: ["MISSING FROM THE NETWORK"], rows: differences.prefix(20).map { [$0] })
        let messages = TextTable(
            columns: ["POD", "WHAT IS WRONG"],
            rows: pods.flatMap { pod in pod.messages.map { ["\(pod.namespace)/\(pod.name)", $0] } })
        let problems = TextTable(
            columns: ["COMPONENT", "PROBLEM"],
            rows: components.flatMap { component in component.problems.map { [component.role, $0] } })
        return [overview, podTable] + [missing, problems, messages].filter { !$0.rows.isEmpty }
    }
}
