import KubernetesModel

extension PolicyScenario {
    /// Nodes and hosts outside the cluster as sources: they are among those that are asked in every scenario of a lab that
    /// has them, and these are about them.
    static var outsiders: [PolicyScenario] {
        var nodes = LabNeeds()
        nodes.nodes = 2
        var hosts = LabNeeds()
        hosts.hosts = 1
        let everyPod = PolicyRule(peers: [.peer(nil, namespaces: [:])])
        let everyPodByLabels = PolicyRule(peers: [.peer([:], namespaces: [:])])
        let everyone = PolicyRule(peers: [.block(.all(.ipv4)), .block(.all(.ipv6))])
        return [
            PolicyScenario(
                "outsiders/nodes-denied", "a pod's own node gets in whatever policies say, and another node does not",
                ["G22", "G1"], needs: nodes, PolicyManifest(.ingress, []).about([:])),
            PolicyScenario(
                "outsiders/nodes-and-pods", "another node is no pod, and a rule for all pods lets it in no more",
                ["G22", "G6"],
                needs: nodes, PolicyManifest(.ingress, [everyPod]).about([:])),
            PolicyScenario(
                "outsiders/nodes-allowed", "another node gets in by a rule for all addresses", ["G22", "G14"],
                needs: nodes,
                PolicyManifest(.ingress, [everyone]).about([:])),
            PolicyScenario(
                "outsiders/hosts-denied", "an outside host is denied where nobody is allowed", ["G1"], needs: hosts,
                PolicyManifest(.ingress, []).about([:])),
            PolicyScenario(
                "outsiders/hosts-and-namespaces", "a rule for all namespaces lets no outside host in", ["G6"],
                needs: hosts,
                PolicyManifest(.ingress, [everyPod])),
            PolicyScenario(
                "outsiders/hosts-and-pods", "a rule for all pods of all namespaces lets no outside host in", ["G6"],
                needs: hosts, PolicyManifest(.ingress, [everyPodByLabels])),
            PolicyScenario(
                "outsiders/hosts-by-absent-peers", "a rule without peers lets an outside host in", ["G2"], needs: hosts,
                PolicyManifest(.ingress, [PolicyRule(ports: [.port(80, .tcp)])])),
            PolicyScenario(
                "outsiders/hosts-by-address", "a rule for all addresses lets an outside host in", ["G14"], needs: hosts,
                PolicyManifest(.ingress, [everyone])),
        ]
    }
}
