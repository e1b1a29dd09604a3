import Runtime

/// What `lab exec` was asked for.
struct ExecInvocation: Hashable {
    var namespace = "default"
    var container: String?
    var lab: String?
    var target: String
    var command: [String]

    init(namespace: String, container: String?, lab: String?, target: String, command: [String]) {
        self.namespace = namespace
        self.container = container
        self.lab = lab
        self.target = target
        self.command = command
    }

    /// Reads a plainly written `lab exec`, the words behind the program's name.
    ///
    /// The argument parser looks through every conformance of a program when it starts, which takes longer than all that
    /// `exec` does. What it would understand in the same way, without doubt, is read here; for everything else, help and
    /// mistakes among it, the answer is nil, and the parser is asked.
    init?(plain words: some Collection<String>) {
        guard words.first == "exec" else { return nil }
        self.init(namespace: "default", container: nil, lab: nil, target: "", command: [])
        var seen: Set<String> = []
        var rest = words.dropFirst()
        while let word = rest.popFirst(), word != "--" {
            guard let first = word.first else { return nil }
            guard first == "-" else {
                guard target.isEmpty else { return nil }
                target = word
                continue
            }
            switch word {
            case "-i", "--stdin", "-t", "--tty", "-it", "-ti": continue
            case "-n", "--namespace", "-c", "--container", "--lab": break
            default: return nil
            }
            guard seen.insert(word).inserted, let value = rest.popFirst(), let first = value.first, first != "-" else {
                return nil
            }
            switch word {
            case "-c", "--container": container = value
            case "--lab": lab = value
            default: namespace = value
            }
        }
        // One option by both of its names is for the parser to judge.
        guard !seen.isSuperset(of: ["-n", "--namespace"]), !seen.isSuperset(of: ["-c", "--container"]) else {
            return nil
        }
        command = Array(rest)
        guard !target.isEmpty, !command.isEmpty else { return nil }
    }

    /// Turns this process into the program. Returns only by throwing.
    func run() throws {
        do {
            let directories = LabDirectories.fromEnvironment()
            let directory = try LabSelection.directory(of: lab, directories, status: Exit.execFailed)
            try Privilege.require("enter a pod")
            let target = try ExecTarget(self.target, namespace: namespace, container: container)
            try target.request(command, directory: directory, directories: directories).execute()
        } catch let error as ProcessError where error.isProgram {
            FileHandleStream.standardError.write("lab: \(error)\n")
            throw ExitStatus(status: error.isNotFound ? 127 : 126)
        } catch let failure as Failure {
            throw Failure(
                failure.message, status: failure.status == Exit.hostLacking ? Exit.hostLacking : Exit.execFailed)
        } catch {
            throw Failure("\(error)", status: Exit.execFailed)
        }
    }
}
