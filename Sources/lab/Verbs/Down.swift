import ArgumentParser
import Runtime
import Topology

/// `lab down`
struct Down: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "down",
        abstract: "Remove a lab, whatever state it is in.",
        discussion: "It needs no lab file and no running supervisor, and removes what was recorded, nothing else.")

    @Argument(
        help: "The lab's name, or its file; needed only while several labs are up.",
        completion: .custom { _, _, _ in
            LabDirectories.fromEnvironment().labs()
        })
    var name: String?

    @Flag(help: "Remove every lab.")
    var all = false

    func validate() throws {
        if all, name != nil { throw ValidationError("give a name or --all, not both") }
    }

    func run() throws {
        let directories = LabDirectories.fromEnvironment()
        try Privilege.require("remove a lab")
        for lab in try labs(directories) {
            let hadSomething = try Teardown(directory: directories.lab(lab), directories: directories).run()
            FileHandleStream.standardOutput.write(hadSomething ? "\(lab) is down\n" : "\(lab) was not up\n")
        }
    }

    private func labs(_ directories: LabDirectories) throws -> [String] {
        let present = directories.labs()
        if present.isEmpty { try Teardown.restore(directories) }
        if all { return present }
        if let name {
            if name.hasSuffix(".toml") { return [try LabFile.read(name).name] }
            guard NameRule.label.permits(name) else {
                throw Failure(
                    "'\(name)' is no lab's name; names are lower-case letters, digits and hyphens", status: Exit.usage)
            }
            return [name]
        }
        guard present.count <= 1 else {
            throw Failure(
                "several labs are up; name one, or use --all\(LabSelection.choices(present))", status: Exit.usage)
        }
        if present.isEmpty { FileHandleStream.standardOutput.write("no lab is up\n") }
        return present
    }
}
