import ArgumentParser

/// The command line's root.
struct Lab: ParsableCommand {
    static let version = "0.1.0"

    // Every verb says its name: the parser would derive it from the type's, for all verbs and at every start, and looks
    // through all the conformances of the program to do so. It is a quarter of what `lab exec` takes.
    static let configuration = CommandConfiguration(
        commandName: "lab",
        abstract: "Kubernetes networks on one host, without Kubernetes, and proof of what they do.",
        discussion: """
            A lab is a set of nodes, pods and outside hosts. Each is a network namespace; veths and bridges join them as they \
            are joined in a cluster. Nothing of a lab touches the host's own network.

            Try it:
              lab up labs/two-node.toml               two nodes with a pod each
              lab status                              what runs, and is it right?
              lab exec pod-a -- ping -c1 10.244.2.3   a program in a pod
              lab apply -f labs/documents             Services, Deployments, policies …
              lab get pods,svc,endpoints -o wide      and what became of them
              lab policy explain pod-a pod-b:80       who may talk to whom, and why
              lab kubeconfig > k; kubectl --kubeconfig k get all
              lab conformance                         packets prove: no NAT
              lab down                                remove everything

            Every verb explains itself: lab help up.

            Exit status: 0 done; 1 the suite or a check failed; 2 wrong usage or a bad file; 3 this host lacks something \
            (root, a kernel feature); 125 lab exec itself failed.
            """,
        version: version,
        groupedSubcommands: [
            CommandGroup(name: "BUILDING", subcommands: building),
            CommandGroup(name: "LOOKING", subcommands: looking),
            CommandGroup(name: "OBJECT", subcommands: objects),
            CommandGroup(name: "WORKING", subcommands: working),
            CommandGroup(name: "INTERNAL", subcommands: [Supervise.self, Manual.self]),
        ])

    private static let building: [any ParsableCommand.Type] = [Up.self, Down.self, Validate.self]
    private static let looking: [any ParsableCommand.Type] = [List.self, Status.self, Inspect.self, Doctor.self]
    private static let objects: [any ParsableCommand.Type] = [
        Apply.self, Delete.self, Get.self, Describe.self, Logs.self, ShowKubeconfig.self,
    ]
    private static let working: [any ParsableCommand.Type] = [Exec.self, Policy.self, ConformanceVerb.self]

    /// The verbs for users.
    static var verbs: [any ParsableCommand.Type] { building + looking + objects + working }
}
