import ArgumentParser

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

    /// What was asked for, as the arguments have it.
    var invocation: ExecInvocation {
        ExecInvocation(
            namespace: namespace, container: container, lab: selection.name, target: target, command: command)
    }

    func run() throws {
        try invocation.run()
    }
}
