import KubernetesModel

/// The oracle's second opinion: kube-proxy's answers for `ServiceCluster` as a table, and endpoints as tiers of which
/// the first that is not empty counts.
enum ServiceTruthTable {
    /// Tiers of endpoints and the source that they see, by the kind of address, the policy that holds there, and the
    /// client. `near` is on the node that meets the flow, `far` on another one.
    static let rows: [String: (scope: Scope, source: String)] = [
        "cluster-ip Cluster near-pod": (.cluster, "preserved"),
        "cluster-ip Cluster near-node": (.cluster, "masqueraded"),
        "cluster-ip Cluster outside": (.cluster, "masqueraded"),
        "cluster-ip Local near-pod": (.local, "preserved"),
        "cluster-ip Local near-node": (.local, "masqueraded"),
        "cluster-ip Local outside": (.local, "masqueraded"),
        "external Cluster near-pod": (.cluster, "masqueraded"),
        "external Cluster near-node": (.cluster, "masqueraded"),
        "external Cluster far-pod": (.cluster, "masqueraded"),
        "external Cluster far-node": (.cluster, "masqueraded"),
        "external Cluster outside": (.cluster, "masqueraded"),
        "external Local near-pod": (.cluster, "preserved"),
        "external Local far-pod": (.cluster, "preserved"),
        "external Local near-node": (.cluster, "masqueraded"),
        "external Local far-node": (.local, "preserved"),
        "external Local outside": (.local, "preserved"),
    ]

    enum Scope { case cluster, local }

    /// Where the sources are that it knows.
    static let sources: [(name: String, kind: String, node: Int)] = [
        ("client1", "pod", 1), ("client2", "pod", 2), ("client3", "pod", 3), ("node1", "node", 1), ("node2", "node", 2),
        ("agent3", "node", 3), ("outside@node1", "outside", 1), ("outside@node3", "outside", 3),
    ]

    /// The targets, and the node that meets flows to them where it is not the client's.
    static let targets: [(address: String, kind: String, node: Int?)] = [
        ("10.96.0.10:80", "cluster-ip", nil), ("192.0.2.1:80", "external", nil), ("203.0.113.1:80", "external", nil),
        ("192.168.1.11:30080", "external", 1), ("192.168.1.12:30080", "external", 2),
    ]

    /// What becomes of a flow in the words of `ServiceCluster.flow`, with addresses for endpoints.
    static func flow(
        _ cluster: ServiceCluster, _ source: (name: String, kind: String, node: Int),
        _ target: (address: String, kind: String, node: Int?)
    ) -> String? {
        let node = target.node ?? source.node
        let policy = cluster.spec[target.kind == "external" ? "externalTrafficPolicy" : "internalTrafficPolicy"]
        let distance = source.kind == "outside" ? "" : node == source.node ? "near-" : "far-"
        guard let row = rows["\(target.kind) \(policy?.string ?? "") \(distance)\(source.kind)"] else { return nil }
        let endpoints = cluster.slices.flatMap(\.endpoints)
        let everywhere = tiers(endpoints, node: node)
        let chosen =
            row.scope == .cluster
            ? everywhere : Array(tiers(endpoints.filter { $0.nodeName == "node\(node)" }, node: node)[2...])
        guard let everybody = everywhere.first(where: { !$0.isEmpty }), !everybody.isEmpty else { return "refused" }
        guard let tier = chosen.first(where: { !$0.isEmpty }) else { return "dropped" }
        return tier.compactMap(\.addresses.first).sorted().map { address in
            let isItself = source.name == "client1" && address == "10.244.1.2"
            return "\(address) \(isItself ? "masqueraded" : row.source)"
        }.joined(separator: ", ")
    }

    /// Ready ones for the node, for its zone, all ready ones, and those that end but serve.
    private static func tiers(_ endpoints: [EndpointSlice.Endpoint], node: Int) -> [[EndpointSlice.Endpoint]] {
        let ready = endpoints.filter { $0.ready == true }
        let haveNodes = !ready.contains { $0.nodeHints.isEmpty }
        let haveZones = !ready.contains { $0.zoneHints.isEmpty }
        let zone = ["", "a", "b", "c"][node]
        return [
            haveNodes ? ready.filter { $0.nodeHints.contains("node\(node)") } : [],
            haveZones ? ready.filter { $0.zoneHints.contains(zone) } : [], ready,
            endpoints.filter { $0.ready == false && $0.serving == true && $0.terminating == true },
        ]
    }
}
