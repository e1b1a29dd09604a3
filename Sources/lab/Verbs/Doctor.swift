import ArgumentParser
import Runtime

/// `lab doctor`
struct Doctor: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Show what this host can and cannot do, and what to install.",
        discussion:
            "Each feature is tried in a network namespace that ends with the check. Exit status 3 where a lab cannot be built."
    )

    @Option(name: .shortAndLong, help: "table, json or yaml.")
    var output: OutputFormat = .table

    func run() async throws {
        let report = try await DoctorReport.make()
        try Renderer.write(report, as: output)
        if !report.canBuildLabs { throw ExitStatus(status: Exit.hostLacking) }
    }
}

extension DoctorReport: Rendered {
    var tables: [TextTable] {
        [
            TextTable(
                columns: ["CHECK", "RESULT", "NEEDED FOR", "REMEDY"],
                rows: checks.map { [$0.name, $0.result.rawValue, $0.purpose, $0.result == .yes ? "" : $0.remedy] })
        ]
    }
}
