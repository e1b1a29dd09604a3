import KubernetesModel
import Testing

/// Corner cases 16 to 21, each by its number.
@Suite("Corner cases of Services")
struct ServiceCornerCaseTests {
    private static let balancer: JSONValue = ["loadBalancer": ["ingress": [["ip": "192.0.2.1"]]]]

    private func cluster(
        external: String = "Cluster", internal: String = "Cluster", _ endpoints: [EndpointSlice.Endpoint]? = nil
    ) -> ServiceCluster {
        var cluster = ServiceCluster()
        cluster.spec = [
            "type": "LoadBalancer", "externalTrafficPolicy": .string(external),
            "internalTrafficPolicy": .string(`internal`), "externalIPs": ["203.0.113.1"],
        ]
        cluster.status = Self.balancer
        if let endpoints { cluster.slices = [.init(endpoints)] }
        return cluster
    }

    @Test(
        "corner case 16: without any endpoint every address refuses, whatever the policies",
        arguments: ["Cluster", "Local"], ["client1", "node1", "outside", "agent3"])
    func noEndpoints(policy: String, source: String) throws {
        let targets = ["10.96.0.10:80", "192.0.2.1:80", "203.0.113.1:80", "192.168.1.11:30080", "192.168.1.12:30080"]
        let empty = cluster(external: policy, internal: policy, [])
        let deaf = cluster(external: policy, internal: policy, [.on("node1", "10.244.1.3", ready: false)])
        for target in targets {
            #expect(try empty.flow(source, target) == "refused", "\(target)")
            #expect(try deaf.flow(source, target) == "refused", "\(target)")
        }
    }

    @Test(
        "corner case 16: externalTrafficPolicy Local with remote endpoints only drops traffic from outside, and the ClusterIP works"
    )
    func remoteEndpointsOnly() throws {
        let cluster = cluster(external: "Local", [.on("node1", "10.244.1.3")])
        for target in ["192.0.2.1:80", "203.0.113.1:80", "192.168.1.13:30080"] {
            #expect(try cluster.flow("outside@node3", target) == "dropped", "\(target)")
        }
        for (source, seen) in [
            ("client3", "preserved"), ("node3", "service.node-to-cluster-ip-source"),
            ("outside@node3", "service.cluster-ip-from-outside-source"),
        ] {
            #expect(try cluster.flow(source, "10.96.0.10:80") == "web1, \(seen)")
        }
    }

    @Test(
        "corner case 17: with externalTrafficPolicy Local a pod gets all endpoints and keeps its address",
        arguments: ["192.0.2.1:80", "203.0.113.1:80", "192.168.1.13:30080"])
    func podAndLocal(target: String) throws {
        #expect(try cluster(external: "Local").flow("client3", target) == "web1 web2, preserved")
    }

    @Test(
        "corner case 17: with externalTrafficPolicy Local a node gets all endpoints, and its address stands for it",
        arguments: ["192.0.2.1:80", "203.0.113.1:80", "192.168.1.13:30080"], ["node3", "agent3"])
    func nodeAndLocal(target: String, source: String) throws {
        #expect(try cluster(external: "Local").flow(source, target) == "web1 web2, masqueraded")
    }

    @Test(
        "corner case 17: with externalTrafficPolicy Local clients from outside get the node's own endpoints and keep their address",
        arguments: ["192.0.2.1:80", "203.0.113.1:80", "192.168.1.12:30080"])
    func outsideAndLocal(target: String) throws {
        #expect(try cluster(external: "Local").flow("outside@node2", target) == "web2, preserved")
    }

    @Test(
        "externalTrafficPolicy Cluster puts the node's address in everybody's place",
        arguments: ["192.0.2.1:80", "203.0.113.1:80", "192.168.1.12:30080"],
        ["client1", "client3", "web1", "node1", "node2", "agent3", "outside@node2"])
    func externalCluster(target: String, source: String) throws {
        #expect(try cluster(internal: "Local").flow(source, target) == "web1 web2, masqueraded")
    }

    @Test(
        "corner case 18: internalTrafficPolicy Local limits the ClusterIP to the node's own endpoints, for pods, nodes and outsiders",
        arguments: [
            ("client1", "preserved"), ("node1", "service.node-to-cluster-ip-source"),
            ("outside@node1", "service.cluster-ip-from-outside-source"),
        ])
    func internalLocal(source: String, seen: String) throws {
        #expect(try cluster(internal: "Local").flow(source, "10.96.0.10:80") == "web1, \(seen)")
    }

    @Test(
        "corner case 18: internalTrafficPolicy Local without an endpoint on the node drops",
        arguments: ["client3", "node3", "agent3", "outside@node3"])
    func internalLocalElsewhere(source: String) throws {
        #expect(try cluster(internal: "Local").flow(source, "10.96.0.10:80") == "dropped")
    }

    @Test(
        "corner case 18: internalTrafficPolicy Local has no say at NodePorts, load balancer IPs and external IPs",
        arguments: ["192.0.2.1:80", "203.0.113.1:80", "192.168.1.13:30080"])
    func internalLocalOutside(target: String) throws {
        #expect(try cluster(internal: "Local").flow("outside@node3", target) == "web1 web2, masqueraded")
    }

    @Test(
        "corner case 18: internalTrafficPolicy never changes the source",
        arguments: ["client1", "node1", "outside@node1"])
    func internalLocalSource(source: String) throws {
        let local = try cluster(internal: "Local").oracle.answer(
            for: FlowTarget(parsing: "10.96.0.10:80"), from: FlowSource(parsing: source))
        let everywhere = try cluster().oracle.answer(
            for: FlowTarget(parsing: "10.96.0.10:80"), from: FlowSource(parsing: source))
        #expect(Set(local.candidates.map(\.source)) == Set(everywhere.candidates.map(\.source)))
    }

    @Test("corner case 19: endpoints that end but serve are used only while the cluster has no ready one")
    func terminatingInCluster() throws {
        let mixed = cluster([.ending("node1", "10.244.1.3"), .on("node2", "10.244.2.3")])
        #expect(try mixed.flow("client1", "10.96.0.10:80") == "web2, preserved")
        let ending = cluster([
            .ending("node1", "10.244.1.3"), .ending("node2", "10.244.2.3"),
            .on("node3", "10.244.3.3", ready: false),
        ])
        #expect(try ending.flow("client1", "10.96.0.10:80") == "web1 web2, preserved")
        #expect(try ending.reason("client1", "10.96.0.10:80").contains("KEP-1669"))
    }

    @Test(
        "corner case 19: with Local the scope is the node: its ending endpoint is used while others are ready elsewhere"
    )
    func terminatingOnNode() throws {
        let mixed = cluster(
            external: "Local", internal: "Local", [.ending("node1", "10.244.1.3"), .on("node2", "10.244.2.3")])
        #expect(try mixed.flow("outside@node1", "192.0.2.1:80") == "web1, preserved")
        #expect(try mixed.flow("client1", "10.96.0.10:80") == "web1, preserved")
        #expect(try mixed.flow("client1", "192.0.2.1:80") == "web2, preserved")
        #expect(try mixed.flow("outside@node3", "192.0.2.1:80") == "dropped")
    }

    @Test(
        "corner case 19: an ending endpoint that does not serve is never used, nor one that serves without being ready")
    func notServing() throws {
        let deaf = cluster([
            .ending("node1", "10.244.1.3", serving: false),
            .on("node2", "10.244.2.3", ready: false, serving: true, terminating: false),
        ])
        #expect(try deaf.flow("client1", "10.96.0.10:80") == "refused")
    }

    @Test("corner case 19: the healthCheckNodePort fails when only ending endpoints are left")
    func healthCheck() throws {
        var cluster = cluster(external: "Local", [.ending("node1", "10.244.1.3"), .on("node2", "10.244.2.3")])
        cluster.spec["healthCheckNodePort"] = 30100
        let oracle = try cluster.oracle
        let statuses = try ["node1", "node2", "node3"].map { node in
            try oracle.health(ofService: "web", namespace: "default", at: node)
        }
        #expect(statuses.map { $0?.status } == [503, 200, 503])
        #expect(statuses.map { $0?.localEndpoints } == [0, 1, 0])
        #expect(statuses.map { $0?.port } == [30100, 30100, 30100])
    }

    @Test("corner case 20: loadBalancerSourceRanges guard the load balancer's IP, not NodePorts and external IPs")
    func sourceRanges() throws {
        var cluster = cluster()
        cluster.spec["loadBalancerSourceRanges"] = ["198.51.100.0/24", " 10.244.1.0/24 "]
        #expect(try cluster.flow("outside", "192.0.2.1:80") == "dropped")
        #expect(try cluster.flow("node1", "192.0.2.1:80") == "dropped")
        #expect(try cluster.flow("client2", "192.0.2.1:80") == "dropped")
        #expect(try cluster.flow("client1", "192.0.2.1:80") == "web1 web2, masqueraded")
        for target in ["203.0.113.1:80", "192.168.1.11:30080"] {
            #expect(try cluster.flow("outside", target) == "web1 web2, masqueraded")
        }
        #expect(try cluster.flow("client2", "10.96.0.10:80") == "web1 web2, preserved")
    }

    @Test("corner case 20: ipMode Proxy leaves the load balancer's IP to the load balancer")
    func proxyMode() throws {
        var cluster = cluster()
        cluster.status = ["loadBalancer": ["ingress": [["ip": "192.0.2.1", "ipMode": "Proxy"]]]]
        for source in ["client1", "node1", "outside"] {
            #expect(try cluster.flow(source, "192.0.2.1:80") == "plain")
        }
        #expect(try cluster.flow("outside", "192.168.1.11:30080") == "web1 web2, masqueraded")
    }

    @Test(
        "corner case 21: what proxies differ in is a question, and their profiles answer it",
        arguments: [
            ("node1", "127.0.0.1:30080", "web1 web2, masqueraded", "plain"),
            ("node1", "[::1]:30080", "plain", "plain"),
            ("outside", "172.16.0.11:30080", "web1 web2, masqueraded", "plain"),
            ("client1", "10.96.0.10:81", "plain", "refused"),
            ("client1", "10.96.0.77:80", "plain", "plain"),
        ])
    func betweenProxies(source: String, target: String, iptables: String, nftables: String) throws {
        let cluster = cluster()
        let open = try cluster.oracle.answer(for: FlowTarget(parsing: target), from: FlowSource(parsing: source))
        guard case .either = open.outcome else {
            Issue.record("\(open.outcome) leaves nothing open")
            return
        }
        #expect(try cluster.flow(source, target, .kubeProxyIPTables) == iptables)
        #expect(try cluster.flow(source, target, .kubeProxyNFTables) == nftables)
    }
}
