import Addressing
import KubernetesModel

extension PolicyScenario {
    /// Nodes and hosts outside the cluster, as sources and destinations: they are among those that are asked in every
    /// scenario of a lab that has them, and these are about them.
    static func outsiders(in world: PolicyWorld) -> [PolicyScenario] {
        outsideSources + outsideDestinations(in: world)
    }

    private static func needs(nodes: Int = 1, hosts: Int = 0) -> LabNeeds {
        var needs = LabNeeds()
        needs.nodes = nodes
        needs.hosts = hosts
        return needs
    }

    private static let everyone = PolicyRule(peers: [.block(.all(.ipv4)), .block(.all(.ipv6))])
    private static let everyPod = PolicyRule(peers: [.peer(nil, namespaces: [:])])

    private static func outsideDestinations(in world: PolicyWorld) -> [PolicyScenario] {
        let hosts = needs(hosts: 1)
        let client = world.outsiders.map { InterfaceAddress(host: $0).cidr }
        let theClient = PolicyRule(peers: client.map { .block($0) })
        let allBut = PolicyRule(peers: client.map { .block(.all($0.family), except: [$0]) })
        return [
            PolicyScenario(
                "outsiders/egress-denied", "an isolated pod reaches neither another node nor an outside host", ["G1"],
                needs: needs(nodes: 2, hosts: 1), PolicyManifest(.egress, [])),
            PolicyScenario(
                "outsiders/egress-to-pods", "a rule for all pods of all namespaces leads to no other node and no host",
                ["G6"], needs: needs(nodes: 2, hosts: 1), PolicyManifest(.egress, [everyPod])),
            PolicyScenario(
                "outsiders/egress-to-everyone", "a rule for all addresses leads to other nodes and outside hosts",
                ["G14"], needs: needs(nodes: 2, hosts: 1), PolicyManifest(.egress, [everyone])),
            PolicyScenario(
                "outsiders/egress-to-host", "a rule for one outside host's address leads there and nowhere else",
                ["G14"], needs: hosts, PolicyManifest(.egress, [theClient])),
            PolicyScenario(
                "outsiders/egress-but-to-host", "a rule for all addresses but an outside host's does not lead there",
                ["G14"], needs: hosts, PolicyManifest(.egress, [allBut])),
            PolicyScenario(
                "outsiders/egress-to-port", "a rule with a port and no peers leads to that port of outside hosts, too",
                ["G2", "G11"], needs: hosts, PolicyManifest(.egress, [PolicyRule(ports: [.port(80, .tcp)])])),
            PolicyScenario(
                "outsiders/egress-to-named-port", "outside hosts have no named ports", ["G13"], needs: hosts,
                PolicyManifest(.egress, [PolicyRule(ports: [.port("serve-80-tcp", .tcp)])])),
            PolicyScenario(
                "outsiders/ingress-from-host", "a rule for one outside host's address lets it in and nobody else",
                ["G14"], needs: hosts, PolicyManifest(.ingress, [theClient])),
            PolicyScenario(
                "outsiders/ingress-but-from-host", "a rule for all addresses but an outside host's does not let it in",
                ["G14"], needs: hosts, PolicyManifest(.ingress, [allBut])),
        ]
    }

    private static var outsideSources: [PolicyScenario] {
        let nodes = needs(nodes: 2)
        let hosts = needs(hosts: 1)
        let everyPodByLabels = PolicyRule(peers: [.peer([:], namespaces: [:])])
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
