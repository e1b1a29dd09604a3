import ArgumentParser
import Runtime
import Topology

/// Which lab a verb is about: with one lab running, no name is needed.
struct LabSelection: ParsableArguments {
    @Option(name: .customLong("lab"), help: "The lab's name; needed only while several are up.")
    var name: String?

    /// The state directory of the lab.
    ///
    /// - Throws: `Failure` where there is no such lab, none at all, or several to choose from.
    func directory(_ directories: LabDirectories, status: Int32 = Exit.usage) throws -> LabDirectory {
        try Self.directory(of: name, directories, status: status)
    }

    /// The state directory of the lab of a name, or of the only one.
    static func directory(
        of name: String?, _ directories: LabDirectories, status: Int32 = Exit.usage
    ) throws -> LabDirectory {
        let labs = directories.labs()
        if let name {
            guard labs.contains(name) else {
                throw Failure("there is no lab called '\(name)'\(choices(labs))", status: status)
            }
            return directories.lab(name)
        }
        guard let only = labs.first else {
            throw Failure("no lab is up; lab up labs/two-node.toml builds one", status: status)
        }
        guard labs.count == 1 else {
            throw Failure("several labs are up; name one with --lab\(choices(labs))", status: status)
        }
        return directories.lab(only)
    }

    static func choices(_ labs: [String]) -> String {
        labs.isEmpty ? "; none is up" : ": \(labs.joined(separator: ", "))"
    }
}
