import FoundationEssentials
import Topology

/// What a node's kernel had programmed when a case failed, as text.
struct NodeState: Sendable {
    /// The node.
    let node: String
    /// Each part's text by its name: routes, neighbours, nftables, conntrack.
    let parts: [(name: String, text: String)]

    /// Reads the state of the nodes that the flows of a result have to do with: of those that were not as expected
    /// where there are any.
    static func collect(
        of result: CaseResult, _ model: LabModel, _ watch: Watch, _ threads: NamespaceThreads
    ) async -> [NodeState] {
        let flows = result.unmet.isEmpty ? result.verdicts : result.unmet
        let names = Set(flows.flatMap(\.flow.nodes))
        let nodes = model.participants(.nodes, fixtures: []).filter { node in node.node.map(names.contains) ?? false }
        var states: [NodeState] = []
        for node in nodes {
            do {
                let namespace = try await watch.namespace(of: node)
                states += try await threads.forEach([node], in: { _ in namespace }) { read($0.shortName) }
            } catch {
                states.append(NodeState(node: node.shortName, parts: [("error", "\(error)\n")]))
            }
        }
        return states
    }

    /// Reads the calling thread's network namespace.
    private static func read(_ node: String) -> NodeState {
        let commands = [
            ("routes", ["ip", "route", "show", "table", "all"]),
            ("routes6", ["ip", "-6", "route", "show", "table", "all"]),
            ("rules", ["ip", "rule"]), ("addresses", ["ip", "address"]), ("links", ["ip", "-d", "link"]),
            ("neighbours", ["ip", "neighbour"]), ("forwarding", ["bridge", "fdb"]),
            ("nftables", ["nft", "list", "ruleset"]),
        ]
        var parts = commands.map { name, command in (name: name, text: text(of: command)) }
        parts.append((name: "conntrack", text: conntrack))
        return NodeState(node: node, parts: parts)
    }

    private static func text(of command: [String]) -> String {
        do {
            let result = try NamespaceCommand.run(command)
            return result.status == 0 ? result.output : result.output + "(exit status \(result.status))\n"
        } catch {
            return "\(error)\n"
        }
    }

    /// The thread's own view: /proc/net is that of the process' main thread.
    private static var conntrack: String {
        guard let data = FileManager.default.contents(atPath: "/proc/thread-self/net/nf_conntrack") else {
            return "this kernel does not list its connections in /proc/net/nf_conntrack\n"
        }
        return String(decoding: data, as: UTF8.self)
    }
}

extension Flow {
    /// The nodes that it has to do with.
    fileprivate var nodes: [String] {
        ([sender, translator, destination.participant].compactMap(\.self) + receivers.map(\.participant))
            .compactMap(\.node)
    }
}
