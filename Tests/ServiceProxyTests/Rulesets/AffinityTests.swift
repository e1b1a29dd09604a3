import Addressing
import KubernetesModel
import Nftables
import ServiceProxy
import Testing

@Suite("Session affinity")
struct AffinityTests {
    private let sticky: JSONValue = [
        "type": "NodePort", "sessionAffinity": "ClientIP",
        "sessionAffinityConfig": ["clientIP": ["timeoutSeconds": 60]],
    ]
    private let endpoints = (1...5).map { endpoint("10.244.1.\($0)", on: "node1") }

    private func cluster(_ spec: JSONValue? = nil, _ endpoints: [JSONValue]? = nil) -> SampleCluster {
        SampleCluster(
            [service("web", ["10.96.10.50"], spec ?? sticky, ports: [["port": 80, "nodePort": 30080]])],
            [slice(endpoints ?? self.endpoints)])
    }

    private func packet(from source: String, to address: String = "10.96.10.50", _ port: UInt16 = 80) -> Packet {
        Packet(source: ip(source), destination: ip(address), port: port)
    }

    @Test(
        "C11: a client stays with its endpoint whatever chance says, and others have endpoints of their own",
        arguments: ProxyLayout.allCases)
    func sticks(layout: ProxyLayout) {
        let cluster = cluster()
        var simulation = PacketSimulation(cluster.ruleset(layout).tables, localAddresses: [ip("192.168.1.10")])
        for (client, choice) in [("10.244.1.90", 3), ("10.244.1.91", 0), ("203.0.113.7", 1)] {
            let first = simulation.send(packet(from: client), choosing: choice)
            for other in 0..<5 { #expect(simulation.send(packet(from: client), choosing: other) == first, "\(client)") }
        }
        #expect(
            simulation.send(packet(from: "10.244.1.90"), choosing: 0)
                != simulation.send(packet(from: "10.244.1.91"), choosing: 0))
        // Without affinity chance decides each time.
        let free = self.cluster(["type": "NodePort"])
        #expect(free.outcomes(layout, from: "10.244.1.90", to: "10.96.10.50", 80).count == 5)
    }

    @Test("C11: a first packet may go to any endpoint, and to NodePorts too", arguments: ProxyLayout.allCases)
    func spreads(layout: ProxyLayout) {
        #expect(cluster().outcomes(layout, from: "10.244.1.90", to: "10.96.10.50", 80).count == 5)
        #expect(cluster().outcomes(layout, from: "203.0.113.7", to: "192.168.1.10", 30080).count == 5)
        #expect(cluster(nil, [endpoints[0]]).outcomes(layout, from: "10.244.1.90", to: "10.96.10.50", 80).count == 1)
    }

    @Test("C11: clients are remembered for the Service's own timeout", arguments: ProxyLayout.allCases)
    func timeouts(layout: ProxyLayout) {
        for table in cluster().ruleset(layout).tables where table.family == .ip {
            let timeouts = table.sets.compactMap(\.timeout) + table.maps.compactMap(\.timeout)
            #expect(!timeouts.isEmpty && Set(timeouts) == [60])
        }
    }

    /// An element as the kernel would give it: 203.0.113.7 at the ClusterIP has an endpoint.
    private func client(_ endpoint: [UInt8], at address: [UInt8] = [10, 96, 10, 50]) -> ReadElement {
        ReadElement(
            key: [203, 0, 113, 7] + address + [6, 0, 0, 0, 0, 80, 0, 0], keyEnd: nil,
            data: endpoint + [0x1f, 0x90, 0, 0], verdict: nil, timeout: 60, expiration: 30, comment: nil)
    }

    @Test("C11: a client whose endpoint goes is forgotten, one whose endpoint stays is not")
    func staleClients() throws {
        var cluster = cluster()
        var ruleset = cluster.ruleset(.dataMaps)
        let map = try #require(ruleset.affinityMaps.first)
        #expect(ruleset.affinityMaps.count == 1 && map.name == "affinity-60")
        let clients = [client([10, 244, 1, 1]), client([10, 244, 1, 2])]
        #expect(ruleset.staleAffinity(in: map, clients).isEmpty)
        cluster.tracker.update(slice(Array(endpoints.dropFirst())))
        let update = ruleset.update(cluster.tracker.takeChanges(), from: cluster.tracker)
        #expect(update.affinityMaps == [map])
        let stale = ruleset.staleAffinity(in: map, clients)
        #expect(
            stale.map(\.element.key) == [
                [.address(ip("203.0.113.7")), .address(ip("10.96.10.50")), .transportProtocol(6), .port(80)]
            ])
        #expect(stale.map(\.target) == [.data([.address(ip("10.244.1.1")), .port(8080)])])
        // Nobody is sticky at another address, and what is not an element of this proxy is not touched.
        #expect(ruleset.staleAffinity(in: map, [client([10, 244, 1, 2], at: [10, 96, 10, 51])]).count == 1)
    }

    @Test("C11: affinity that is switched off leaves nothing behind", arguments: ProxyLayout.allCases)
    func switchedOff(layout: ProxyLayout) throws {
        var cluster = cluster()
        var ruleset = cluster.ruleset(layout)
        var changed = ChangedTables(ruleset.tables)
        for spec in [["type": "NodePort"], sticky] as [JSONValue] {
            cluster.tracker.update(service("web", ["10.96.10.50"], spec, ports: [["port": 80, "nodePort": 30080]]))
            let update = ruleset.update(cluster.tracker.takeChanges(), from: cluster.tracker)
            try changed.apply(update.changes)
            let dynamic = changed.tables.values.flatMap { table in
                table.sets.filter { $0.flags.contains(.dynamic) }.map(\.name)
                    + table.maps.filter { $0.flags.contains(.dynamic) }.map(\.name)
            }
            #expect(dynamic.isEmpty == (spec["sessionAffinity"] == nil))
        }
    }
}
