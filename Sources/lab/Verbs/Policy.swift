import ArgumentParser
import KubernetesModel

/// `lab policy`
struct Policy: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policy",
        abstract: "Tell what NetworkPolicies allow, why, and whether the network keeps to it.",
        subcommands: [ExplainPolicy.self, PolicyTableVerb.self])
}

/// `lab policy explain`
struct ExplainPolicy: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Say whether a flow may pass, and by which policies and rules.",
        usage: "lab policy explain [-n NAMESPACE] FROM TO:PORT[/udp|/sctp]",
        discussion: """
            FROM is a pod, NAMESPACE/POD, node/NAME or host/NAME. TO is one of these, service/NAME, service/NAME.NAMESPACE or \
            an address. The answer is that of the API's text, from the objects alone; behind it stands what packets did.

              lab policy explain frontend backend:8080
              lab policy explain shop/web service/kube-dns.kube-system:53/udp
            """)

    @Option(name: [.short, .long], help: "The namespace of names without one.")
    var namespace = "default"

    @OptionGroup var selection: LabSelection

    @Option(name: .shortAndLong, help: "table, json or yaml.")
    var output: OutputFormat = .table

    @Argument(help: "Who sends.")
    var from: String

    @Argument(help: "Where to, and to which port.")
    var to: String

    func run() async throws {
        let source = try FlowEnd(from, namespace: namespace)
        let destination = try FlowDestination(to, namespace: namespace)
        let cluster = try await PolicyCluster(selection)
        try Renderer.write(try PolicyExplanation(from: source, to: destination, in: cluster), as: output)
    }
}

/// `lab policy table`
struct PolicyTableVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "table",
        abstract: "Show who reaches whom, as a truth table.",
        discussion: "Every pod with a network of its own, by every one; the hosts outside in rows of their own.")

    @Option(name: [.short, .long], help: "Only the pods of this namespace.")
    var namespace: String?

    @Option(name: .shortAndLong, help: "The port, as in 80, 53/udp or 3868/sctp; may be repeated.")
    var port: [String] = ["80"]

    @OptionGroup var selection: LabSelection

    func run() async throws {
        let cluster = try await PolicyCluster(selection)
        let pods = cluster.snapshot.pods.filter { pod in
            !pod.isHostNetwork && !pod.podIPs.isEmpty && (namespace.map { $0 == pod.namespace } ?? true)
        }.map { PodReference($0) }.sorted()
        guard !pods.isEmpty else { throw Failure("there are no such pods") }
        for text in port {
            let destination = try FlowDestination("any:\(text)", namespace: "default")
            for family in cluster.families {
                let table = try PolicyOracle(cluster.snapshot).table(
                    of: pods, destination.transport, destination.port, family)
                FileHandleStream.standardOutput.write("\(family)\n\(table)\n\n")
            }
        }
    }
}
