import ArgumentParser
import Runtime

/// `lab inspect`
struct Inspect: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Show all that a lab has built, and where to find it.",
        discussion: "Namespaces with their interfaces, addresses, routes and processes, as the kernel has them now.")

    @OptionGroup var selection: LabSelection

    @Option(name: .shortAndLong, help: "table, json or yaml.")
    var output: OutputFormat = .table

    func run() async throws {
        let directories = LabDirectories.fromEnvironment()
        let directory = try selection.directory(directories)
        try Privilege.require("look into a lab's namespaces")
        try Renderer.write(try await InspectReport.make(directory, directories), as: output)
    }
}

extension InspectReport: Rendered {
    var tables: [TextTable] {
        let overview = TextTable(
            columns: ["LAB", lab],
            rows: [
                ["state", directory], ["supervisor", supervisor.map { "process \($0)" } ?? "not running"],
                ["log", log],
            ])
        return [overview] + namespaces.map(\.table)
    }
}

extension InspectReport.Namespace {
    fileprivate var table: TextTable {
        var title = "\(owner): ip netns exec \(name)"
        if let sharedWith { title += " (shares \(sharedWith))" }
        if inode == nil { title += " (missing)" }
        let rows = interfaces.map { interface in
            [
                interface.name, interface.kind ?? "", interface.isUp ? "up" : "down", "\(interface.mtu)",
                interface.station ?? "", interface.bridge ?? "", interface.addresses.joined(separator: " "),
                interface.kind == "veth" ? (interface.checksumOffload ? "on" : "off") : "",
                interface.alternativeNames.joined(separator: " "),
            ]
        }
        let details =
            routes.map { "  route \($0)\n" } + forwarding.map { "  forwarding \($0)\n" }
            + (neighbors > 0 ? ["  \(neighbors) permanent neighbours\n"] : [])
            + (processes.isEmpty ? [] : ["  processes \(processes.map(String.init).joined(separator: " "))\n"])
        title += "\n" + details.joined()
        title.removeLast()
        return TextTable(
            title: title,
            columns: ["INTERFACE", "KIND", "STATE", "MTU", "STATION", "BRIDGE", "ADDRESSES", "OFFLOAD", "ALTNAME"],
            rows: rows)
    }
}
