import Addressing
import Glibc
import KubernetesModel
import Nftables
import ServiceProxy
import Testing

/// Both layouts and both families, in the kernel and with sockets.
@Suite("Services in a network")
struct ServiceTrafficTests {
    private func node(
        _ layout: ProxyLayout, _ family: AddressFamily, _ fields: [String: JSONValue] = [:], _ pods: Int...
    )
        async throws -> ProxiedNode
    {
        var node = try await ProxiedNode(layout, family)
        let (service, slice) = (
            node.web(fields),
            pods.isEmpty
                ? node.endpoints() : pods.count == 1 ? node.endpoints(pods[0]) : node.endpoints(pods[0], pods[1])
        )
        try await node.change { tracker in
            tracker.update(service)
            tracker.update(slice)
        }
        return node
    }

    private func delivered(_ pod: Int, from peer: IPAddress) -> ProxiedNode.Result {
        .delivered(ProxiedNode.Delivery(pod: pod, peer: peer))
    }

    @Test(
        "a pod reaches all endpoints of a ClusterIP as itself, and itself as the node", arguments: ProxyLayout.allCases,
        AddressFamily.allCases)
    func clusterIP(layout: ProxyLayout, family: AddressFamily) async throws {
        let node = try await node(layout, family, [:], 1, 2)
        let results = try await node.connect(60, from: node.network.podA, to: node.clusterIP)
        #expect(
            results == [delivered(1, from: node.network.gateway(1)), delivered(2, from: node.network.podAddress(1))])
    }

    @Test(
        "a NodePort and a load balancer's address are masqueraded with the policy Cluster, and not with Local",
        arguments: ProxyLayout.allCases, AddressFamily.allCases)
    func external(layout: ProxyLayout, family: AddressFamily) async throws {
        var node = try await node(layout, family, [:], 1, 2)
        let network = node.network
        let masqueraded = Set((1...2).map { delivered($0, from: network.gateway($0)) })
        for (address, port) in [(network.nodeAddress, UInt16(30080)), (node.loadBalancerIP, 80)] {
            #expect(try await node.connect(40, from: network.client, to: address, port) == masqueraded, "\(address)")
        }
        let local = node.web(["externalTrafficPolicy": "Local", "healthCheckNodePort": 32000])
        try await node.change { $0.update(local) }
        let preserved = Set((1...2).map { delivered($0, from: network.clientAddress) })
        for (address, port) in [(network.nodeAddress, UInt16(30080)), (node.loadBalancerIP, 80)] {
            #expect(try await node.connect(40, from: network.client, to: address, port) == preserved, "\(address)")
        }
    }

    @Test(
        "the node itself reaches a ClusterIP, its NodePort and a load balancer's address",
        arguments: ProxyLayout.allCases, AddressFamily.allCases)
    func fromNode(layout: ProxyLayout, family: AddressFamily) async throws {
        let fields: [String: JSONValue] = ["externalTrafficPolicy": "Local", "healthCheckNodePort": 32000]
        var node = try await node(layout, family, fields, 1)
        // On another node, as far as the rules are told: the policy Local has nobody for outsiders.
        let elsewhere = node.endpoints(1, on: "node2")
        try await node.change { $0.update(elsewhere) }
        let network = node.network
        for (address, port) in [(node.clusterIP, UInt16(80)), (network.nodeAddress, 30080), (node.loadBalancerIP, 80)] {
            #expect(
                try await node.connect(3, from: network.node, to: address, port) == [
                    delivered(1, from: network.gateway(1))
                ],
                "\(address)")
        }
        for (address, port) in [(network.nodeAddress, UInt16(30080)), (node.loadBalancerIP, 80)] {
            #expect(
                try await node.isDropped(from: network.client, to: address, port, control: node.clusterIP), "\(address)"
            )
        }
    }

    @Test(
        "without endpoints every address refuses at once, and so does another port of the ClusterIP",
        arguments: ProxyLayout.allCases, AddressFamily.allCases)
    func refused(layout: ProxyLayout, family: AddressFamily) async throws {
        var node = try await node(layout, family)
        let network = node.network
        for source in [network.client, network.podA, network.node] {
            for (address, port) in [
                (node.clusterIP, UInt16(80)), (network.nodeAddress, 30080), (node.loadBalancerIP, 80),
            ] {
                #expect(try await node.connect(from: source, to: address, port) == .failed(ECONNREFUSED), "\(address)")
            }
        }
        let slice = node.endpoints(1, 2)
        try await node.change { $0.update(slice) }
        for source in [network.client, network.podA, network.node] {
            #expect(try await node.connect(from: source, to: node.clusterIP, 81) == .failed(ECONNREFUSED))
            guard case .delivered = try await node.connect(from: source, to: node.clusterIP) else {
                Issue.record("the ClusterIP still refuses")
                return
            }
        }
        try await node.change { $0.removeService(ServiceName(namespace: "default", name: "web")) }
        // Nobody refuses for a Service that is gone, and nobody has its address.
        for source in [network.client, network.podA, network.node] {
            #expect(
                try await node.isDropped(
                    from: source, to: node.clusterIP, 80, control: network.podAddress(2), 8080))
        }
    }

    @Test(
        "loadBalancerSourceRanges drop who is not in them, at the load balancer's address alone",
        arguments: ProxyLayout.allCases, AddressFamily.allCases)
    func sourceRanges(layout: ProxyLayout, family: AddressFamily) async throws {
        let ranges: JSONValue = family == .ipv4 ? ["203.0.113.0/24"] : ["2001:db8:1::/48"]
        var node = try await node(layout, family, ["loadBalancerSourceRanges": ranges], 1)
        let network = node.network
        for source in [network.client, network.podB, network.node] {
            #expect(try await node.isDropped(from: source, to: node.loadBalancerIP, 80, control: node.clusterIP))
        }
        let open = node.web([
            "loadBalancerSourceRanges": .array([.string(family == .ipv4 ? "192.168.1.0/24" : "fd01::/64")])
        ])
        try await node.change { $0.update(open) }
        #expect(
            try await node.connect(from: network.client, to: node.loadBalancerIP)
                == delivered(1, from: network.gateway(1)))
    }

    @Test(
        "a client stays with its endpoint, and moves when that goes", arguments: ProxyLayout.allCases,
        AddressFamily.allCases)
    func affinity(layout: ProxyLayout, family: AddressFamily) async throws {
        var node = try await node(layout, family, ["sessionAffinity": "ClientIP"], 1, 2)
        let network = node.network
        let results = try await node.connect(20, from: network.client, to: network.nodeAddress, 30080)
        #expect(results.count == 1, "\(results)")
        guard case .delivered(let first)? = results.first else { return }
        let left = node.endpoints(3 - first.pod)
        try await node.change { $0.update(left) }
        let moved = try await node.connect(10, from: network.client, to: network.nodeAddress, 30080)
        #expect(moved == [delivered(3 - first.pod, from: network.gateway(3 - first.pod))])
        // The old endpoint comes back; the client has a new one.
        let both = node.endpoints(1, 2)
        try await node.change { $0.update(both) }
        #expect(try await node.connect(10, from: network.client, to: network.nodeAddress, 30080) == moved)
    }

    @Test(
        "a client is forgotten after the timeout, which begins again with every connection",
        arguments: AddressFamily.allCases)
    func affinityTimeout(family: AddressFamily) async throws {
        let fields: [String: JSONValue] = [
            "sessionAffinity": "ClientIP", "sessionAffinityConfig": ["clientIP": ["timeoutSeconds": 1]],
        ]
        let node = try await node(.dataMaps, family, fields, 1, 2)
        let network = node.network
        let map = try #require(node.ruleset.affinityMaps.first)
        func clients() async throws -> Int {
            try await network.node.inside { try NftablesHandle().elements(ofMap: map.name, in: map.table).count }
        }
        _ = try await node.connect(from: network.client, to: network.nodeAddress, 30080)
        #expect(try await clients() == 1)
        let deadline = ContinuousClock.now + .seconds(10)
        while try await clients() > 0 {
            try #require(ContinuousClock.now < deadline, "the client is still there after ten seconds")
            try await Task.sleep(for: .milliseconds(20))
        }
        _ = try await node.connect(from: network.client, to: network.nodeAddress, 30080)
        #expect(try await clients() == 1)
    }

    @Test(
        "C17: a UDP client with one port follows a replaced endpoint, and one that appears",
        arguments: ProxyLayout.allCases, AddressFamily.allCases)
    func udp(layout: ProxyLayout, family: AddressFamily) async throws {
        var node = try await node(layout, family, [:], 1)
        let network = node.network
        let destinations = [
            SocketName(node.clusterIP, 80), SocketName(network.nodeAddress, 30080), SocketName(node.loadBalancerIP, 80),
        ]
        let socket = try await TestSocket(in: network.client, .udp, family)
        for name in destinations { #expect(try node.deliver([1], from: socket, to: name) == 1, "\(name)") }
        let replaced = node.endpoints(2)
        try await node.change { $0.update(replaced) }
        for name in destinations { #expect(try node.deliver([2], from: socket, to: name) == 2, "\(name)") }
        let both = node.endpoints(1, 2)
        try await node.change { $0.update(both) }
        for name in destinations { #expect(try node.deliver([3], from: socket, to: name) == 2, "\(name)") }
    }
}
