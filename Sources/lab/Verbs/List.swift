import ArgumentParser
import Runtime

/// `lab list`
struct List: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List the labs of this host.")

    @Option(name: .shortAndLong, help: "table, json or yaml.")
    var output: OutputFormat = .table

    func run() throws {
        let directories = LabDirectories.fromEnvironment()
        let labs = LabList(labs: directories.labs().map { LabOverview($0, directories) })
        if labs.labs.isEmpty { FileHandleStream.standardError.write("no lab is up\n") }
        try Renderer.write(labs, as: output)
    }
}

/// The labs of this host.
struct LabList: Rendered {
    let labs: [LabOverview]

    var tables: [TextTable] {
        [
            TextTable(
                columns: ["NAME", "NODES", "PODS", "HOSTS", "POD NETWORK", "SUPERVISOR"],
                rows: labs.map {
                    [
                        $0.name, $0.nodes.map(String.init) ?? "?", $0.pods.map(String.init) ?? "?",
                        $0.hosts.map(String.init) ?? "?", $0.podNetwork ?? "?",
                        $0.supervisor.map { "process \($0)" } ?? "not running",
                    ]
                })
        ]
    }
}
