import Addressing
import KubernetesModel
import Testing

/// Which flows are for a Service at all, and where they are met.
@Suite("Addresses and ports of Services")
struct ServiceAddressTests {
    @Test("a ClusterIP leads pods to the Service's endpoints, and they keep their address")
    func clusterIP() throws {
        #expect(try ServiceCluster().flow("client1", "10.96.0.10:80") == "web1 web2, preserved")
    }

    @Test("the endpoints' port is the slice's, whatever the Service's is, and may differ from slice to slice")
    func targetPort() throws {
        var cluster = ServiceCluster()
        var other = ServiceCluster.Slice([.on("node3", "10.244.3.3")])
        other.ports = [["name": "http", "port": 9090]]
        cluster.slices.append(other)
        let answer = try cluster.oracle.answer(
            for: FlowTarget(parsing: "10.96.0.10:80"), from: .pod(namespace: "default", name: "client1"))
        #expect(
            answer.candidates.map { $0.address.withPort($0.port) } == [
                "10.244.1.3:8080", "10.244.2.3:8080", "10.244.3.3:9090",
            ])
    }

    @Test("ports are told apart by name, and one number may have two protocols")
    func severalPorts() throws {
        var cluster = ServiceCluster()
        cluster.spec["ports"] = [
            ["name": "http", "port": 80], ["name": "metrics", "port": 81],
            ["name": "quic", "port": 80, "protocol": "UDP"],
        ]
        var quic = ServiceCluster.Slice([.on("node3", "10.244.3.3")])
        quic.ports = [
            ["name": "quic", "port": 8080, "protocol": "UDP"], ["name": "metrics", "port": 8080, "protocol": "UDP"],
        ]
        cluster.slices.append(quic)
        #expect(try cluster.flow("client1", "10.96.0.10:80") == "web1 web2, preserved")
        #expect(try cluster.flow("client1", "10.96.0.10:80/UDP") == "web3, preserved")
        #expect(try cluster.flow("client1", "10.96.0.10:81") == "refused", "no slice has that port over TCP")
        #expect(try cluster.flow("client1", "10.96.0.10:81/UDP") == "service.unknown-port")
        #expect(try cluster.flow("client1", "10.96.0.10:80/SCTP") == "service.unknown-port")
    }

    @Test(
        "Services that are left to somebody else are not this proxy's",
        arguments: [
            (["clusterIPs": ["None"], "clusterIP": "None"], [:]),
            (["type": "ExternalName", "externalName": "example.org"], [:]),
            ([:], ["service.kubernetes.io/service-proxy-name": "other"]), ([:], ["service.kubernetes.io/headless": ""]),
        ] as [([String: JSONValue], [String: String])])
    func notProxied(spec: [String: JSONValue], labels: [String: String]) throws {
        var cluster = ServiceCluster()
        cluster.spec = spec.merging(["externalIPs": ["203.0.113.1"]]) { $1 }
        cluster.labels = labels
        let own = spec.isEmpty || spec["type"] != nil ? "10.96.0.10:80" : "203.0.113.1:80"
        for target in [own, "203.0.113.1:80", "192.168.1.11:30080"] {
            #expect(try cluster.flow("client1", target) == "plain", "\(target)")
        }
    }

    @Test("slices that carry those labels are nobody's endpoints")
    func notProxiedSlices() throws {
        var cluster = ServiceCluster()
        cluster.slices[0].labels = ["service.kubernetes.io/headless": ""]
        #expect(try cluster.flow("client1", "10.96.0.10:80") == "refused")
        cluster.slices[0].labels = ["service.kubernetes.io/service-proxy-name": "other"]
        #expect(try cluster.flow("client1", "10.96.0.10:80") == "refused")
    }

    @Test("a NodePort is on every node, with or without endpoints there", arguments: ["11", "12", "13"])
    func nodePort(host: String) throws {
        var cluster = ServiceCluster()
        cluster.spec["type"] = "NodePort"
        for source in ["client1", "node2", "outside"] {
            #expect(try cluster.flow(source, "192.168.1.\(host):30080") == "web1 web2, masqueraded")
        }
        #expect(try cluster.flow("outside", "192.168.1.\(host):30081") == "plain")
        #expect(try cluster.flow("outside", "192.168.1.\(host):30080/UDP") == "plain")
    }

    @Test("a Service that is only for the cluster has no NodePort, whatever number its ports hold")
    func noNodePortOfClusterIP() throws {
        #expect(try ServiceCluster().flow("outside", "192.168.1.11:30080") == "plain")
    }

    @Test("127.0.0.1 of a pod is the pod's own, whatever NodePorts there are")
    func podLoopback() throws {
        var cluster = ServiceCluster()
        cluster.spec["type"] = "NodePort"
        #expect(try cluster.flow("client1", "127.0.0.1:30080") == "plain")
        #expect(try cluster.flow("agent3", "127.0.0.1:30080") == "service.nodeport-loopback")
    }

    @Test("a load balancer without node ports has none")
    func noNodePorts() throws {
        var cluster = ServiceCluster()
        cluster.spec = [
            "type": "LoadBalancer", "allocateLoadBalancerNodePorts": false, "ports": [["name": "http", "port": 80]],
        ]
        #expect(try cluster.flow("outside", "192.168.1.11:30080") == "plain")
    }

    @Test("an external IP that is a node's own address is met at that node from outside, and at home by pods")
    func externalIPOnNode() throws {
        var cluster = ServiceCluster()
        cluster.spec = ["externalIPs": ["192.168.1.12"], "externalTrafficPolicy": "Local"]
        #expect(try cluster.flow("outside@node3", "192.168.1.12:80") == "web2, preserved")
        let answer = try cluster.oracle.answer(
            for: FlowTarget(parsing: "192.168.1.12:80"), from: FlowSource(parsing: "client1"))
        guard case .forwarded(let forwarding) = answer.outcome else {
            Issue.record("\(answer)")
            return
        }
        #expect(forwarding.node == "node1")
    }

    @Test("two Services on one external IP and port: either may have it, and a profile can say which")
    func claimedTwice() throws {
        var cluster = ServiceCluster()
        cluster.spec = ["externalIPs": ["203.0.113.1"]]
        cluster.others = [
            APIObject(
                .services, name: "rival",
                [
                    "spec": [
                        "clusterIPs": ["10.96.0.11"], "externalIPs": ["203.0.113.1"],
                        "ports": [["port": 80], ["port": 81]],
                    ]
                ])
        ]
        #expect(try cluster.flow("outside", "203.0.113.1:80") == "service.address-claimed-twice")
        let own: ServiceProfile = [.addressClaimedTwice: "default/web"]
        #expect(try cluster.flow("outside", "203.0.113.1:80", own) == "web1 web2, masqueraded")
        #expect(try cluster.flow("outside", "203.0.113.1:81") == "refused", "ports of one address may be shared out")
    }

    @Test("a Service of both families has endpoints of both, each its own")
    func dualStack() throws {
        var cluster = ServiceCluster()
        cluster.spec = ["type": "NodePort"]
        var slice = ServiceCluster.Slice([.on("node2", "fd00:10:244:2::3")])
        slice.addressType = "IPv6"
        cluster.slices.append(slice)
        #expect(try cluster.flow("client1", "[fd00:10:96::10]:80") == "web2, preserved")
        #expect(try cluster.flow("outside6", "[fd00:192:168:1::11]:30080") == "web2, masqueraded")
        #expect(try cluster.flow("client1", "10.96.0.10:80") == "web1 web2, preserved")
    }

    @Test("a Service of one family is not there in the other")
    func singleStack() throws {
        var cluster = ServiceCluster()
        cluster.spec = ["clusterIPs": ["10.96.0.10"], "type": "NodePort", "externalIPs": ["2001:db8::1"]]
        #expect(try cluster.flow("client1", "[fd00:192:168:1::11]:30080") == "plain")
        #expect(try cluster.flow("client1", "[2001:db8::1]:80") == "plain")
        #expect(try cluster.flow("client1", "[fd00:10:96::10]:80") == "service.unallocated-address")
    }

    @Test(
        "pods' own addresses and everything else is plain routing", arguments: ["10.244.2.3:8080", "198.51.100.7:80"])
    func plain(target: String) throws {
        #expect(try ServiceCluster().flow("client1", target) == "plain")
    }

    @Test("session affinity is told with its timeout")
    func affinity() throws {
        var cluster = ServiceCluster()
        cluster.spec = [
            "sessionAffinity": "ClientIP", "sessionAffinityConfig": ["clientIP": ["timeoutSeconds": 30]],
        ]
        let answer = try cluster.oracle.answer(
            for: FlowTarget(parsing: "10.96.0.10:80"), from: FlowSource(parsing: "client1"))
        guard case .forwarded(let forwarding) = answer.outcome else {
            Issue.record("\(answer)")
            return
        }
        #expect(forwarding.affinitySeconds == 30)
    }

    @Test("a load balancer's own address is let in by its source ranges, and ranges of the other family are a question")
    func sourceRanges() throws {
        var cluster = ServiceCluster()
        cluster.spec = ["type": "LoadBalancer", "loadBalancerSourceRanges": ["198.51.100.0/24"]]
        cluster.status = ["loadBalancer": ["ingress": [["ip": "192.0.2.1"], ["ip": "2001:db8::1"]]]]
        let target = try FlowTarget(parsing: "192.0.2.1:80")
        let own = try cluster.oracle.answer(for: target, from: .outside(target.address, through: "node3"))
        #expect(own.words == "web1 web2, masqueraded")
        cluster.slices[0].endpoints = []
        #expect(try cluster.flow("client1", "192.0.2.1:80") == "service.source-ranges-without-endpoints")
        #expect(try cluster.flow("client1", "192.0.2.1:80", .kubeProxyNFTables) == "dropped")
        #expect(try cluster.flow("client1", "[2001:db8::1]:80") == "service.source-ranges-of-other-family")
        #expect(try cluster.flow("client1", "[2001:db8::1]:80", .kubeProxyNFTables) == "refused")
    }

    @Test("source ranges guard a load balancer's address that is an external IP as well")
    func sourceRangesOfExternalIP() throws {
        var cluster = ServiceCluster()
        cluster.spec = [
            "type": "LoadBalancer", "loadBalancerSourceRanges": ["198.51.100.0/24"],
            "externalIPs": ["192.0.2.1", "203.0.113.1"],
        ]
        cluster.status = ["loadBalancer": ["ingress": [["ip": "192.0.2.1"]]]]
        #expect(try cluster.flow("client1", "192.0.2.1:80") == "dropped")
        #expect(try cluster.flow("client1", "203.0.113.1:80") == "web1 web2, masqueraded")
    }
}
