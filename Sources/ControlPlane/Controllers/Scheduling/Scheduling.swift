import KubernetesModel

/// Which node a pod goes to: one that may take it, with the fewest pods like it, and then the fewest pods.
struct Scheduling {
    /// What came of it.
    enum Outcome: Equatable {
        case node(String)
        /// Nowhere, in the words of kube-scheduler.
        case nowhere(String)
    }

    /// What a node has already.
    struct Load {
        /// All pods that have not ended.
        var pods = 0
        /// Those like the one to be placed.
        var alike = 0
        /// Ports of the node that are taken.
        var hostPorts: Set<HostPort> = []
    }

    /// A port of a node.
    struct HostPort: Hashable {
        let number: UInt16
        let transport: TransportProtocol
        let address: String

        func conflicts(with other: HostPort) -> Bool {
            let isSameAddress = address == other.address || address == "0.0.0.0" || other.address == "0.0.0.0"
            return isSameAddress && number == other.number && transport == other.transport
        }
    }

    /// Places a pod.
    static func place(_ pod: Pod, on nodes: [Node], load: [String: Load]) -> Outcome {
        guard !nodes.isEmpty else { return .nowhere("no nodes available to schedule pods") }
        var best: (node: Node, rank: [Int])?
        var refusals: [String: Int] = [:]
        for node in nodes.sorted(by: { $0.name < $1.name }) {
            let load = load[node.name] ?? Load()
            if let refusal = refusal(of: node, for: pod, load) {
                refusals[refusal, default: 0] += 1
                continue
            }
            let avoided = node.taints.count { taint in
                taint.effect == "PreferNoSchedule" && !pod.placement.tolerations.contains { $0.tolerates(taint) }
            }
            let rank = [avoided, load.alike, load.pods]
            if best.map({ rank.lexicographicallyPrecedes($0.rank) }) ?? true { best = (node, rank) }
        }
        if let best { return .node(best.node.name) }
        let reasons = refusals.map { "\($0.value) \($0.key)" }.sorted().joined(separator: ", ")
        return .nowhere("0/\(nodes.count) nodes are available: \(reasons).")
    }

    /// Why a node does not take a pod, in the words of kube-scheduler's plugins and in their order; nil where it does.
    private static func refusal(of node: Node, for pod: Pod, _ load: Load) -> String? {
        let tolerations = pod.placement.tolerations
        let cordon = Taint(key: "node.kubernetes.io/unschedulable", effect: "NoSchedule")
        if node.isUnschedulable, !tolerations.contains(where: { $0.tolerates(cordon) }) {
            return "node(s) were unschedulable"
        }
        let taint = node.taints.first { taint in
            ["NoSchedule", "NoExecute"].contains(taint.effect) && !tolerations.contains { $0.tolerates(taint) }
        }
        if let taint { return "node(s) had untolerated taint {\(taint.key): \(taint.value)}" }
        let isSelected = pod.placement.nodeSelector.allSatisfy { node.labels[$0.key] == $0.value }
        let isInTerms = pod.placement.requiredTerms.map { $0.contains { $0.matches(node) } } ?? true
        if !isSelected || !isInTerms { return "node(s) didn't match Pod's node affinity/selector" }
        let ports = pod.hostPorts
        if ports.contains(where: { port in load.hostPorts.contains { $0.conflicts(with: port) } }) {
            return "node(s) didn't have free ports for the requested pod ports"
        }
        return nil
    }
}

extension Pod {
    /// The ports that the pod takes on its node.
    var hostPorts: [Scheduling.HostPort] {
        (containers + initContainers.filter(\.isSidecar)).flatMap(\.ports).compactMap { port in
            port.hostPort.map {
                Scheduling.HostPort(number: $0, transport: port.transport, address: port.hostIP ?? "0.0.0.0")
            }
        }
    }
}
