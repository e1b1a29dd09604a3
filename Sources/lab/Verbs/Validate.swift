import ArgumentParser
import Topology

/// `lab validate`
struct Validate: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate",
        abstract: "Check lab files without building anything.",
        discussion: "Every mistake is listed with file, line and key, and with what would be right.")

    @Argument(help: "Lab files.", completion: .file(extensions: ["toml"]))
    var files: [String]

    func run() throws {
        var isValid = true
        for file in files {
            do {
                let spec = try LabFile.read(file)
                FileHandleStream.standardOutput.write("\(file): lab \(spec.name) with \(spec.size) is valid\n")
            } catch {
                FileHandleStream.standardError.write("\(error)\n")
                isValid = false
            }
        }
        if !isValid { throw ExitStatus(status: Exit.usage) }
    }
}
