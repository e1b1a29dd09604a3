import ArgumentParser
import Runtime

/// `lab exec`
struct Exec: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "exec",
        abstract: "Run a program in a pod, on a node or on an outside host.",
        usage: "lab exec [-n NAMESPACE] [-c CONTAINER] POD -- COMMAND …",
        discussion: """
            POD is a pod's name, node/NAME or host/NAME. The program runs in the pod's network namespace with the pod's host \
            name, /etc/hosts and /etc/resolv.conf, on this host's file system. Its exit status is lab's; 125 says that lab \
            failed, 126 that the program cannot be executed, 127 that there is none.
            """)

    @Option(name: [.short, .long], help: "The pod's namespace.")
    var namespace = "default"

    @Option(name: [.short, .long], help: "The pod's container; its first one unless told.")
    var container: String?

    @Flag(name: [.short, .customLong("stdin")], help: "Accepted for kubectl's sake: standard input is always passed.")
    var interactive = false

    @Flag(name: [.short, .customLong("tty")], help: "Accepted for kubectl's sake: a terminal is always passed.")
    var terminal = false

    @OptionGroup var selection: LabSelection

    @Argument(help: "The pod, node/NAME or host/NAME.")
    var target: String

    @Argument(parsing: .postTerminator, help: "The program and its arguments.")
    var command: [String] = []

    func validate() throws {
        if command.isEmpty { throw ValidationError("give a command behind --: lab exec \(target) -- ip address") }
    }

    func run() throws {
        do {
            let directories = LabDirectories.fromEnvironment()
            let directory = try selection.directory(directories, status: Exit.execFailed)
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
