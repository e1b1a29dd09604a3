import KubernetesModel
import ServiceProxy
import Testing

/// NodePorts, externalIPs and addresses of load balancers fare alike but for source ranges.
@Suite("External addresses")
struct ExternalAddressTests {
    private let pod = "10.244.1.9"
    private let remotePod = "10.244.2.9"
    private let node = "192.168.1.10"
    private let outside = "203.0.113.7"

    /// NodePort 30080 on each node, an externalIP and a load balancer's address.
    private let destinations: [(address: String, port: UInt16)] = [
        ("192.168.1.10", 30080), ("198.51.100.1", 80), ("192.0.2.1", 80),
    ]

    private func cluster(_ endpoints: [JSONValue], _ fields: [String: JSONValue] = [:]) -> SampleCluster {
        let spec: [String: JSONValue] = ["type": "LoadBalancer", "externalIPs": ["198.51.100.1"]]
        return SampleCluster(
            [
                service(
                    "web", ["10.96.10.50"], .object(spec.merging(fields) { $1 }),
                    ports: [["port": 80, "targetPort": 8080, "nodePort": 30080]], loadBalancer: [["ip": "192.0.2.1"]])
            ], [slice(endpoints)])
    }

    private var onBothNodes: [JSONValue] {
        [endpoint("10.244.1.5", on: "node1"), endpoint("10.244.2.7", on: "node2")]
    }
    private let local: [String: JSONValue] = ["externalTrafficPolicy": "Local", "healthCheckNodePort": 32000]

    @Test(
        "D1, D3: with the policy Cluster all endpoints answer, and every source is masqueraded",
        arguments: ProxyLayout.allCases)
    func clusterPolicy(layout: ProxyLayout) {
        let cluster = cluster(onBothNodes)
        for (address, port) in destinations {
            for source in [pod, remotePod, node, outside, "10.244.1.5"] {
                #expect(
                    cluster.outcomes(layout, from: source, to: address, port)
                        == [masqueraded(to: "10.244.1.5"), masqueraded(to: "10.244.2.7")], "\(source) to \(address)")
            }
        }
    }

    @Test("D1: each node has the NodePort on its own address", arguments: ProxyLayout.allCases)
    func everyNode(layout: ProxyLayout) {
        let cluster = cluster(onBothNodes)
        #expect(cluster.outcomes(layout, from: outside, to: "192.168.1.20", 30080, on: "node2").count == 2)
        // Another node's address is that node's business, and the loopback address nobody's.
        for address in ["192.168.1.20", "127.0.0.1"] {
            #expect(cluster.outcomes(layout, from: pod, to: address, 30080) == [to(address, 30080)])
        }
        #expect(cluster.outcomes(layout, from: outside, to: node, 30080, .udp) == [to(node, 30080)])
    }

    @Test(
        "D3, D6, corner case 17: with Local outsiders keep their source and the node; pods and the node itself get all",
        arguments: ProxyLayout.allCases)
    func localPolicy(layout: ProxyLayout) {
        let cluster = cluster(onBothNodes, local)
        for (address, port) in destinations {
            #expect(cluster.outcomes(layout, from: outside, to: address, port) == [to("10.244.1.5")], "\(address)")
            for source in [pod, remotePod] {
                #expect(
                    cluster.outcomes(layout, from: source, to: address, port)
                        == [to("10.244.1.5"), to("10.244.2.7")], "\(source) to \(address)")
            }
            #expect(
                cluster.outcomes(layout, from: node, to: address, port)
                    == [masqueraded(to: "10.244.1.5"), masqueraded(to: "10.244.2.7")], "\(address)")
        }
    }

    @Test("an endpoint that reaches itself through another node is masqueraded there", arguments: ProxyLayout.allCases)
    func hairpinThroughAnotherNode(layout: ProxyLayout) {
        let cluster = cluster(onBothNodes, local)
        #expect(
            cluster.outcomes(layout, from: "10.244.2.7", to: node, 30080)
                == [to("10.244.1.5"), masqueraded(to: "10.244.2.7")])
    }

    @Test(
        "D4, corner case 16: Local with remote endpoints only drops outsiders, and pods and the node still get through",
        arguments: ProxyLayout.allCases)
    func onlyRemote(layout: ProxyLayout) {
        let cluster = cluster([endpoint("10.244.2.7", on: "node2")], local)
        for (address, port) in destinations {
            #expect(cluster.outcomes(layout, from: outside, to: address, port) == [.dropped])
            #expect(cluster.outcomes(layout, from: pod, to: address, port) == [to("10.244.2.7")])
            #expect(cluster.outcomes(layout, from: node, to: address, port) == [masqueraded(to: "10.244.2.7")])
        }
        #expect(cluster.outcomes(layout, from: pod, to: "10.96.10.50", 80) == [to("10.244.2.7")])
    }

    @Test("D4, C8: without any endpoint every address refuses", arguments: ProxyLayout.allCases)
    func noEndpoints(layout: ProxyLayout) {
        for fields in [[:], local] {
            let cluster = cluster([], fields)
            for (address, port) in destinations {
                for source in [pod, node, outside] {
                    #expect(
                        cluster.outcomes(layout, from: source, to: address, port) == [.rejected],
                        "\(source) to \(address)")
                }
            }
        }
    }

    @Test(
        "D7, corner case 18: internalTrafficPolicy has no effect on external addresses", arguments: ProxyLayout.allCases
    )
    func internalPolicy(layout: ProxyLayout) {
        let cluster = cluster([endpoint("10.244.2.7", on: "node2")], ["internalTrafficPolicy": "Local"])
        for (address, port) in destinations {
            #expect(cluster.outcomes(layout, from: outside, to: address, port) == [masqueraded(to: "10.244.2.7")])
        }
        #expect(cluster.outcomes(layout, from: pod, to: "10.96.10.50", 80) == [.dropped])
        let both = self.cluster(onBothNodes, local.merging(["internalTrafficPolicy": "Local"]) { $1 })
        #expect(both.outcomes(layout, from: pod, to: "10.96.10.50", 80) == [to("10.244.1.5")])
        #expect(both.outcomes(layout, from: pod, to: node, 30080) == [to("10.244.1.5"), to("10.244.2.7")])
    }

    @Test(
        "D9, corner case 20: loadBalancerSourceRanges guard the load balancer's address alone, from pods and nodes too",
        arguments: ProxyLayout.allCases)
    func sourceRanges(layout: ProxyLayout) {
        let ranges: JSONValue = ["203.0.113.0/24", "203.0.113.128/25", " 198.18.0.1/15 "]
        let cluster = cluster([endpoint("10.244.1.5", on: "node1")], ["loadBalancerSourceRanges": ranges])
        for source in [outside, "203.0.113.200", "198.19.255.255"] {
            #expect(cluster.outcomes(layout, from: source, to: "192.0.2.1", 80) == [masqueraded(to: "10.244.1.5")])
        }
        for source in ["203.0.112.255", pod, node, "192.0.2.1"] {
            #expect(cluster.outcomes(layout, from: source, to: "192.0.2.1", 80) == [.dropped], "from \(source)")
            for (address, port) in destinations where address != "192.0.2.1" {
                #expect(cluster.outcomes(layout, from: source, to: address, port) == [masqueraded(to: "10.244.1.5")])
            }
        }
        // Checked before anything else, so that even a refusal is for the allowed alone.
        let empty = self.cluster([], ["loadBalancerSourceRanges": ranges])
        #expect(empty.outcomes(layout, from: pod, to: "192.0.2.1", 80) == [.dropped])
        #expect(empty.outcomes(layout, from: outside, to: "192.0.2.1", 80) == [.rejected])
    }

    @Test(
        "a node that is allowed reaches a load balancer's address that it has itself", arguments: ProxyLayout.allCases)
    func ownLoadBalancerAddress(layout: ProxyLayout) {
        let ranges: JSONValue = ["192.168.1.0/24"]
        let cluster = cluster([endpoint("10.244.1.5", on: "node1")], ["loadBalancerSourceRanges": ranges])
        #expect(cluster.outcomes(layout, from: "192.0.2.1", to: "192.0.2.1", 80) == [masqueraded(to: "10.244.1.5")])
        #expect(cluster.outcomes(layout, from: outside, to: "192.0.2.1", 80) == [.dropped])
    }

    @Test("a range that is everybody guards nothing", arguments: ProxyLayout.allCases)
    func openRange(layout: ProxyLayout) {
        let cluster = cluster(
            [endpoint("10.244.1.5", on: "node1")], ["loadBalancerSourceRanges": ["0.0.0.0/0", "10.0.0.0/8"]])
        #expect(cluster.outcomes(layout, from: outside, to: "192.0.2.1", 80) == [masqueraded(to: "10.244.1.5")])
    }

    @Test("D10, corner case 20: an address with ipMode Proxy is left alone", arguments: ProxyLayout.allCases)
    func proxyMode(layout: ProxyLayout) {
        let cluster = SampleCluster(
            [
                service(
                    "web", ["10.96.10.50"], ["type": "LoadBalancer"],
                    loadBalancer: [["ip": "192.0.2.1", "ipMode": "Proxy"], ["ip": "192.0.2.2", "ipMode": "VIP"]])
            ], [slice([endpoint("10.244.1.5")])])
        #expect(cluster.outcomes(layout, from: outside, to: "192.0.2.1", 80) == [to("192.0.2.1", 80)])
        #expect(cluster.outcomes(layout, from: outside, to: "192.0.2.2", 80) == [masqueraded(to: "10.244.1.5")])
    }

    @Test("D12: two load balancers share an address on two ports", arguments: ProxyLayout.allCases)
    func sharedAddress(layout: ProxyLayout) {
        let cluster = SampleCluster(
            [
                service("web", ["10.96.10.50"], ["type": "LoadBalancer"], loadBalancer: [["ip": "192.0.2.1"]]),
                service(
                    "dns", ["10.96.10.53"], ["type": "LoadBalancer", "loadBalancerSourceRanges": ["10.0.0.0/8"]],
                    ports: [["port": 53, "protocol": "UDP"]], loadBalancer: [["ip": "192.0.2.1"]]),
            ],
            [
                slice([endpoint("10.244.1.5")]),
                slice([endpoint("10.244.1.6")], name: "dns-1", of: "dns", ports: [["port": 53, "protocol": "UDP"]]),
            ])
        #expect(cluster.outcomes(layout, from: outside, to: "192.0.2.1", 80) == [masqueraded(to: "10.244.1.5")])
        #expect(cluster.outcomes(layout, from: outside, to: "192.0.2.1", 53, .udp) == [.dropped])
        #expect(cluster.outcomes(layout, from: pod, to: "192.0.2.1", 53, .udp) == [masqueraded(to: "10.244.1.6", 53)])
    }

    @Test(
        "D8: an externalIP may be a node's address, and goes before a NodePort there", arguments: ProxyLayout.allCases)
    func externalIPOfNode(layout: ProxyLayout) {
        let cluster = SampleCluster(
            [
                service("web", ["10.96.10.50"], ["externalIPs": ["192.168.1.10"]], ports: [["port": 30080]]),
                service(
                    "other", ["10.96.10.51"], ["type": "NodePort"], ports: [["port": 80, "nodePort": 30080]]),
            ], [slice([endpoint("10.244.1.5")]), slice([endpoint("10.244.1.6")], name: "other-1", of: "other")])
        #expect(cluster.outcomes(layout, from: outside, to: "192.168.1.10", 30080) == [masqueraded(to: "10.244.1.5")])
        #expect(
            cluster.outcomes(layout, from: outside, to: "192.168.1.20", 30080, on: "node2")
                == [masqueraded(to: "10.244.1.6")])
    }

    @Test("C16: what is left of an earlier type leads nowhere", arguments: ProxyLayout.allCases)
    func earlierType(layout: ProxyLayout) {
        let cluster = SampleCluster(
            [
                service(
                    "web", ["10.96.10.50"], ["type": "ClusterIP"], ports: [["port": 80, "nodePort": 30080]],
                    loadBalancer: [["ip": "192.0.2.1"]])
            ], [slice([endpoint("10.244.1.5")])])
        #expect(cluster.outcomes(layout, from: outside, to: node, 30080) == [to(node, 30080)])
        #expect(cluster.outcomes(layout, from: outside, to: "192.0.2.1", 80) == [to("192.0.2.1", 80)])
    }
}
