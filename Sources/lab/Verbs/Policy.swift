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
            an address. The answer is that of the API's text, from the objects alone. Beside it stands what became of a packet that \
            was sent to the pod, node or host itself, by captures at both ends; exit status 1 where the two differ.

              lab policy explain frontend backend:8080
              lab policy explain shop/web service/kube-dns.kube-system:53/udp
            """)

    @Option(name: [.short, .long], help: "The namespace of names without one.")
    var namespace = "default"

    @OptionGroup var selection: LabSelection

    @Option(name: .shortAndLong, help: "table, json or yaml.")
    var output: OutputFormat = .table

    @Flag(help: "Send no packet.")
    var objectsOnly = false

    @Argument(help: "Who sends.")
    var from: String

    @Argument(help: "Where to, and to which port.")
    var to: String

    func run() async throws {
        let source = try FlowEnd(from, namespace: namespace)
        let destination = try FlowDestination(to, namespace: namespace)
        let cluster = try await PolicyCluster(selection)
        var explanation = try PolicyExplanation(from: source, to: destination, in: cluster)
        if !objectsOnly { try await explanation.probe(from: source, destination.transport, in: cluster) }
        try Renderer.write(explanation, as: output)
        if !explanation.agrees { throw ExitStatus(status: Exit.failed) }
    }
}

/// `lab policy table`
struct PolicyTableVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "table",
        abstract: "Show who reaches whom, as a truth table.",
        discussion: """
            Every pod with a network of its own, every node and every outside host, by every such pod: what the policies say, and \
            what packets did, all sent at once. Exit status 1 where the two differ.
            """)

    @Option(name: [.short, .long], help: "Only the pods of this namespace.")
    var namespace: String?

    @Option(name: .shortAndLong, help: "The port, as in 80, 53/udp or 3868/sctp; may be repeated.")
    var port: [String] = ["80"]

    @OptionGroup var selection: LabSelection

    @Flag(help: "Send no packet.")
    var objectsOnly = false

    func run() async throws {
        let ports = try port.map { try FlowDestination("any:\($0)", namespace: "default") }
        let cluster = try await PolicyCluster(selection)
        let grid = try PolicyGrid(cluster, namespace: namespace, ports: ports.map { ($0.transport, $0.port) })
        let found = objectsOnly ? nil : try await cluster.fates(of: grid.flows)
        FileHandleStream.standardOutput.write(grid.text(found))
        if let found, !grid.differences(from: found).isEmpty { throw ExitStatus(status: Exit.failed) }
    }
}
