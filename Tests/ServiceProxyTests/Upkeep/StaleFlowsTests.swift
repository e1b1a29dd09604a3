import Addressing
import KubernetesModel
import ServiceProxy
import Testing

/// C17: a UDP client that sends from one port for ever is not to be kept with an endpoint that is gone, or with none.
@Suite("Stale UDP flows")
struct StaleFlowsTests {
    private let dns = ServiceName(namespace: "default", name: "web")
    private let udp: [JSONValue] = [["port": 53, "protocol": "UDP", "nodePort": 30053]]

    private func dnsService(_ fields: [String: JSONValue] = [:], ports: [JSONValue]? = nil) -> Service {
        let spec: [String: JSONValue] = ["type": "LoadBalancer", "externalIPs": ["198.51.100.1"]]
        return service(
            "web", ["10.96.0.10"], .object(spec.merging(fields) { $1 }), ports: ports ?? udp,
            loadBalancer: [["ip": "192.0.2.1"]])
    }

    private func dnsSlice(_ endpoints: [JSONValue]) -> EndpointSlice {
        slice(endpoints, ports: [["port": 53, "protocol": "UDP"]])
    }

    private func flow(_ address: String = "10.96.0.10", _ port: UInt16 = 53, by endpoint: String?) -> UDPFlow {
        UDPFlow(
            destination: ip(address), destinationPort: port, replySource: ip(endpoint ?? address),
            replySourcePort: endpoint == nil ? port : 53)
    }

    private func flows(from before: [JSONValue], to now: [JSONValue], _ layout: ProxyLayout = .dataMaps) -> StaleFlows {
        var cluster = SampleCluster([dnsService()], [dnsSlice(before)])
        var ruleset = cluster.ruleset(layout)
        cluster.tracker.update(dnsSlice(now))
        return ruleset.update(cluster.tracker.takeChanges(), from: cluster.tracker).staleFlows
    }

    /// ClusterIP, externalIP, load balancer's address and NodePort.
    private let destinations: [(String, UInt16)] = [
        ("10.96.0.10", 53), ("198.51.100.1", 53), ("192.0.2.1", 53), ("192.168.1.10", 30053),
    ]

    @Test("an endpoint is replaced: flows to the old one go, at every address", arguments: ProxyLayout.allCases)
    func replaced(layout: ProxyLayout) {
        let stale = flows(from: [endpoint("10.244.1.5")], to: [endpoint("10.244.1.6")], layout)
        for (address, port) in destinations {
            #expect(stale.contains(flow(address, port, by: "10.244.1.5")), "\(address)")
            #expect(!stale.contains(flow(address, port, by: "10.244.1.6")), "\(address)")
        }
        // Other addresses, ports and nodes' ports are none of this Service's.
        #expect(!stale.contains(flow("10.96.0.11", by: "10.244.1.5")))
        #expect(!stale.contains(flow("10.96.0.10", 54, by: "10.244.1.5")))
        #expect(!stale.contains(flow("192.168.1.20", 30053, by: "10.244.1.5")))
        #expect(!stale.contains(flow("203.0.113.1", 30053, by: nil)))
    }

    @Test("0 to 1 endpoints, unready to ready: flows that went nowhere go")
    func appeared() {
        for before in [[], [endpoint("10.244.1.5", ready: false)]] {
            let stale = flows(from: before, to: [endpoint("10.244.1.5")])
            for (address, port) in destinations { #expect(stale.contains(flow(address, port, by: nil)), "\(address)") }
            #expect(!stale.contains(flow(by: "10.244.1.5")))
        }
    }

    @Test("an endpoint that ends and still serves keeps its flows; one that does not loses them")
    func terminating() {
        let ending = endpoint("10.244.1.5", ready: false, serving: true, terminating: true)
        let stale = flows(from: [endpoint("10.244.1.5")], to: [ending, endpoint("10.244.1.6")])
        #expect(!stale.contains(flow(by: "10.244.1.5")))
        let gone = endpoint("10.244.1.5", ready: false, serving: false, terminating: true)
        #expect(flows(from: [ending], to: [gone, endpoint("10.244.1.6")]).contains(flow(by: "10.244.1.5")))
    }

    @Test("the last endpoint goes: its flows go too, and what went nowhere may stay")
    func lastEndpoint() {
        let stale = flows(from: [endpoint("10.244.1.5")], to: [])
        #expect(stale.contains(flow(by: "10.244.1.5")))
        #expect(!stale.contains(flow(by: nil)))
    }

    @Test("a Service that goes, or changes its port or address, takes its flows along")
    func serviceGone() {
        for change in [nil, dnsService(ports: [["port": 54, "protocol": "UDP"]])] {
            var cluster = SampleCluster([dnsService()], [dnsSlice([endpoint("10.244.1.5")])])
            var ruleset = cluster.ruleset(.dataMaps)
            if let change { cluster.tracker.update(change) } else { cluster.tracker.removeService(dns) }
            let stale = ruleset.update(cluster.tracker.takeChanges(), from: cluster.tracker).staleFlows
            #expect(stale.contains(flow(by: "10.244.1.5")))
            #expect(!stale.contains(flow(by: nil)))
        }
    }

    @Test("traffic policies and hints do not end flows to endpoints that serve")
    func policies() {
        var cluster = SampleCluster([dnsService()], [dnsSlice([endpoint("10.244.2.5", on: "node2")])])
        var ruleset = cluster.ruleset(.dataMaps)
        cluster.tracker.update(dnsService(["externalTrafficPolicy": "Local", "internalTrafficPolicy": "Local"]))
        let stale = ruleset.update(cluster.tracker.takeChanges(), from: cluster.tracker).staleFlows
        for (address, port) in destinations { #expect(!stale.contains(flow(address, port, by: "10.244.2.5"))) }
    }

    @Test("TCP and SCTP have no flows to delete, and an address that another Service takes over keeps the new ones")
    func others() {
        var cluster = SampleCluster([service()], [slice([endpoint("10.244.1.5")])])
        var ruleset = cluster.ruleset(.dataMaps)
        cluster.tracker.update(slice([endpoint("10.244.1.6")]))
        let update = ruleset.update(cluster.tracker.takeChanges(), from: cluster.tracker)
        #expect(!update.changes.isEmpty && update.staleFlows.isEmpty)

        cluster.tracker.update(dnsService())
        cluster.tracker.update(dnsSlice([endpoint("10.244.1.5")]))
        _ = ruleset.update(cluster.tracker.takeChanges(), from: cluster.tracker)
        cluster.tracker.removeService(dns)
        cluster.tracker.update(service("dns", ["10.96.0.10"], ports: udp))
        cluster.tracker.update(
            slice([endpoint("10.244.1.9")], name: "dns-1", of: "dns", ports: [["port": 53, "protocol": "UDP"]]))
        let moved = ruleset.update(cluster.tracker.takeChanges(), from: cluster.tracker).staleFlows
        #expect(moved.contains(flow(by: "10.244.1.5")))
        #expect(!moved.contains(flow(by: "10.244.1.9")))
        #expect(moved.contains(flow(by: nil)))
    }

    @Test("after a start the flows of all Services are looked at, and what is found later is right")
    func start() {
        let cluster = SampleCluster([dnsService()], [dnsSlice([endpoint("10.244.1.5")])])
        var stale = cluster.ruleset(.chains).staleFlows
        #expect(stale.contains(flow(by: "10.244.1.4")) && !stale.contains(flow(by: "10.244.1.5")))
        stale.merge(flows(from: [endpoint("10.244.1.5")], to: [endpoint("10.244.1.4")]))
        #expect(!stale.contains(flow(by: "10.244.1.4")) && stale.contains(flow(by: "10.244.1.5")))
    }
}
