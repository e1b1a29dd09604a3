import KubernetesModel
import ServiceProxy
import Testing

@Suite("ClusterIPs")
struct ClusterIPTests {
    private let pod = "10.244.1.9"
    private let node = "192.168.1.10"
    private let outside = "203.0.113.7"

    private func cluster(
        _ endpoints: [JSONValue], _ spec: JSONValue = [:], settings: ProxySettings = SampleCluster.settings
    ) -> SampleCluster {
        SampleCluster([service("web", ["10.96.10.50"], spec)], [slice(endpoints)], settings: settings)
    }

    private var onBothNodes: [JSONValue] {
        [endpoint("10.244.1.5", on: "node1"), endpoint("10.244.2.7", on: "node2")]
    }

    @Test(
        "C1, C6: a pod's packets go to all endpoints, at their own port, and keep their source",
        arguments: ProxyLayout.allCases)
    func podToClusterIP(layout: ProxyLayout) {
        let outcomes = cluster(onBothNodes).outcomes(layout, from: pod, to: "10.96.10.50", 80)
        #expect(outcomes == [to("10.244.1.5"), to("10.244.2.7")])
    }

    @Test("C2: what is from no pod gets the node's address as its source", arguments: ProxyLayout.allCases)
    func nodeToClusterIP(layout: ProxyLayout) {
        for source in [node, outside] {
            let outcomes = cluster(onBothNodes).outcomes(layout, from: source, to: "10.96.10.50", 80)
            #expect(outcomes == [masqueraded(to: "10.244.1.5"), masqueraded(to: "10.244.2.7")], "from \(source)")
        }
    }

    @Test("C2, C7: an endpoint that reaches itself is masqueraded, and only then", arguments: ProxyLayout.allCases)
    func hairpin(layout: ProxyLayout) {
        let outcomes = cluster(onBothNodes).outcomes(layout, from: "10.244.1.5", to: "10.96.10.50", 80)
        #expect(outcomes == [masqueraded(to: "10.244.1.5"), to("10.244.2.7")])
    }

    @Test("C4: one number with two protocols leads to two ports", arguments: ProxyLayout.allCases)
    func protocols(layout: ProxyLayout) {
        let ports: [JSONValue] = [
            ["name": "tcp", "port": 53, "protocol": "TCP"], ["name": "udp", "port": 53, "protocol": "UDP"],
            ["name": "sctp", "port": 53, "protocol": "SCTP"],
        ]
        let slices = [
            slice(
                [endpoint("10.244.1.5")],
                ports: [
                    ["name": "tcp", "port": 1053, "protocol": "TCP"], ["name": "udp", "port": 2053, "protocol": "UDP"],
                    ["name": "sctp", "port": 3053, "protocol": "SCTP"],
                ])
        ]
        let cluster = SampleCluster([service("web", ["10.96.10.50"], ports: ports)], slices)
        for (transport, port) in [(TransportProtocol.tcp, UInt16(1053)), (.udp, 2053), (.sctp, 3053)] {
            let outcomes = cluster.outcomes(layout, from: pod, to: "10.96.10.50", 53, transport)
            #expect(outcomes == [to("10.244.1.5", port)], "\(transport)")
        }
    }

    @Test("C3: a named targetPort may be another number in each pod", arguments: ProxyLayout.allCases)
    func namedTargetPort(layout: ProxyLayout) {
        let slices = [
            slice([endpoint("10.244.1.5")], name: "web-1", ports: [["name": "http", "port": 8080]]),
            slice([endpoint("10.244.2.7")], name: "web-2", ports: [["name": "http", "port": 9090]]),
        ]
        let ports: [JSONValue] = [["name": "http", "port": 80, "targetPort": "http"]]
        let cluster = SampleCluster([service("web", ["10.96.10.50"], ports: ports)], slices)
        let outcomes = cluster.outcomes(layout, from: pod, to: "10.96.10.50", 80)
        #expect(outcomes == [to("10.244.1.5", 8080), to("10.244.2.7", 9090)])
    }

    @Test("C8, corner case 16: without any endpoint packets are refused", arguments: ProxyLayout.allCases)
    func noEndpoints(layout: ProxyLayout) {
        for endpoints in [[], [endpoint("10.244.1.5", ready: false)]] {
            let cluster = cluster(endpoints)
            for source in [pod, node, outside] {
                #expect(cluster.outcomes(layout, from: source, to: "10.96.10.50", 80) == [.rejected])
            }
        }
    }

    @Test(
        "C9, corner case 21: other ports of a live ClusterIP are refused, unallocated addresses dropped",
        arguments: ProxyLayout.allCases)
    func unknownPorts(layout: ProxyLayout) {
        let cluster = cluster(onBothNodes)
        for source in [pod, node] {
            #expect(cluster.outcomes(layout, from: source, to: "10.96.10.50", 81) == [.rejected])
            #expect(cluster.outcomes(layout, from: source, to: "10.96.10.50", 80, .udp) == [.rejected])
            #expect(cluster.outcomes(layout, from: source, to: "10.96.10.51", 80) == [.dropped])
        }
        var settings = SampleCluster.settings
        settings.rejectsUnknownPorts = false
        let open = self.cluster(onBothNodes, settings: settings)
        for address in ["10.96.10.50", "10.96.10.51"] {
            #expect(!open.outcomes(layout, from: pod, to: address, 81).contains(.rejected))
            #expect(!open.outcomes(layout, from: pod, to: address, 81).contains(.dropped))
        }
    }

    @Test(
        "C12, corner case 18: internalTrafficPolicy Local keeps to the node, for pods, nodes and outsiders",
        arguments: ProxyLayout.allCases)
    func internalLocal(layout: ProxyLayout) {
        let local: JSONValue = ["internalTrafficPolicy": "Local"]
        let cluster = cluster(onBothNodes, local)
        #expect(cluster.outcomes(layout, from: pod, to: "10.96.10.50", 80) == [to("10.244.1.5")])
        #expect(cluster.outcomes(layout, from: node, to: "10.96.10.50", 80) == [masqueraded(to: "10.244.1.5")])
        #expect(cluster.outcomes(layout, from: outside, to: "10.96.10.50", 80) == [masqueraded(to: "10.244.1.5")])
        let remote = self.cluster([endpoint("10.244.2.7", on: "node2")], local)
        for source in [pod, node, outside] {
            #expect(remote.outcomes(layout, from: source, to: "10.96.10.50", 80) == [.dropped])
        }
        #expect(self.cluster([], local).outcomes(layout, from: pod, to: "10.96.10.50", 80) == [.rejected])
    }

    @Test(
        "C24: masqueradeAll hides every source; unknown pod ranges hide none but the hairpin's",
        arguments: ProxyLayout.allCases)
    func masqueradeAll(layout: ProxyLayout) {
        var settings = SampleCluster.settings
        settings.masqueradesAll = true
        let all = cluster(onBothNodes, settings: settings)
        #expect(
            all.outcomes(layout, from: pod, to: "10.96.10.50", 80)
                == [masqueraded(to: "10.244.1.5"), masqueraded(to: "10.244.2.7")])
        settings.masqueradesAll = false
        settings.podRanges = []
        let unknown = cluster(onBothNodes, settings: settings)
        for source in [pod, outside] {
            #expect(
                unknown.outcomes(layout, from: source, to: "10.96.10.50", 80)
                    == [to("10.244.1.5"), to("10.244.2.7")])
        }
        #expect(
            unknown.outcomes(layout, from: "10.244.1.5", to: "10.96.10.50", 80)
                == [masqueraded(to: "10.244.1.5"), to("10.244.2.7")])
    }

    @Test("several pod ranges of a family are all the pods'", arguments: ProxyLayout.allCases)
    func severalPodRanges(layout: ProxyLayout) {
        var settings = SampleCluster.settings
        settings.podRanges = [block("10.244.1.0/24"), block("10.244.2.0/24"), block("10.244.2.0/28")]
        let cluster = cluster(onBothNodes, settings: settings)
        for source in ["10.244.1.9", "10.244.2.200"] {
            #expect(
                cluster.outcomes(layout, from: source, to: "10.96.10.50", 80) == [to("10.244.1.5"), to("10.244.2.7")])
        }
        #expect(
            cluster.outcomes(layout, from: "10.244.3.9", to: "10.96.10.50", 80)
                == [masqueraded(to: "10.244.1.5"), masqueraded(to: "10.244.2.7")])
    }

    @Test("C23: each family has endpoints of its own", arguments: ProxyLayout.allCases)
    func dualStack(layout: ProxyLayout) {
        let cluster = SampleCluster(
            [service("web", ["10.96.10.50", "fd00:96::50"])],
            [
                slice([endpoint("10.244.1.5")], name: "web-4"),
                slice([endpoint("fd00:10:244:2::7")], name: "web-6", type: "IPv6"),
            ])
        #expect(cluster.outcomes(layout, from: pod, to: "10.96.10.50", 80) == [to("10.244.1.5")])
        #expect(
            cluster.outcomes(layout, from: "fd00:10:244:1::9", to: "fd00:96::50", 80) == [to("fd00:10:244:2::7")])
        #expect(
            cluster.outcomes(layout, from: "fd00:10:244:2::7", to: "fd00:96::50", 80, on: "node2")
                == [masqueraded(to: "fd00:10:244:2::7")])
        #expect(
            cluster.outcomes(layout, from: "2001:db8::7", to: "fd00:96::50", 80)
                == [masqueraded(to: "fd00:10:244:2::7")])
    }

    @Test("packets that are for no Service are left alone", arguments: ProxyLayout.allCases)
    func otherPackets(layout: ProxyLayout) {
        let cluster = cluster(onBothNodes)
        #expect(cluster.outcomes(layout, from: pod, to: "10.244.2.7", 80) == [to("10.244.2.7", 80)])
        #expect(cluster.outcomes(layout, from: outside, to: "192.168.1.10", 80) == [to("192.168.1.10", 80)])
        #expect(cluster.outcomes(layout, from: "10.244.1.5", to: "10.244.1.5", 8080) == [to("10.244.1.5")])
    }
}
