import Addressing
import KubernetesModel
import ServiceProxy
import Testing

@Suite("Following Services and EndpointSlices")
struct ServiceTrackerTests {
    private let web = ServiceName(namespace: "default", name: "web")

    private func endpoints(_ tracker: ServiceTracker, _ family: AddressFamily = .ipv4) -> [String] {
        tracker.ports(of: web).first { $0.family == family }?.endpoints.map(\.description) ?? []
    }

    private func problems(_ cluster: SampleCluster) -> [String] { cluster.tracker.problems.map(\.description) }

    @Test("C15: Services of other proxies, headless ones, ExternalNames and those without an address have no ports")
    func notProxied() {
        let services = [
            service(labels: ["service.kubernetes.io/service-proxy-name": "other"]),
            service(labels: ["service.kubernetes.io/headless": ""]),
            service("web", ["None"]), service("web", []), service("web", [""]),
            service("web", ["10.96.10.50"], ["type": "ExternalName", "externalName": "example.com"]),
        ]
        for service in services {
            #expect(SampleCluster([service], [slice([endpoint("10.244.1.5")])]).tracker.ports(of: web).isEmpty)
        }
        var tracker = SampleCluster([service()]).tracker
        #expect(!tracker.ports(of: web).isEmpty)
        tracker.update(services[0])
        #expect(tracker.takeChanges().services == [web])
        #expect(tracker.ports(of: web).isEmpty)
    }

    @Test("C5: endpoints of several slices are one list, each address and port once")
    func severalSlices() {
        let slices = [
            slice([endpoint("10.244.1.5", ready: false), endpoint("10.244.1.6")], name: "web-1"),
            slice([endpoint("10.244.1.5", on: "node1"), endpoint("10.244.1.4")], name: "web-2"),
            slice([endpoint("10.244.1.4")], name: "web-3", ports: [["port": 9090]]),
        ]
        for order in [slices, slices.reversed()] {
            let tracker = SampleCluster([service()], order).tracker
            #expect(endpoints(tracker) == ["10.244.1.4:8080", "10.244.1.4:9090", "10.244.1.5:8080", "10.244.1.6:8080"])
            // Of two that are one the better one counts, whatever the order.
            #expect(tracker.ports(of: web).first?.endpoints[2].isReady == true)
        }
    }

    @Test("slices of names, of other Services, of other ports and those that labels keep away do not count")
    func otherSlices() {
        let slices = [
            slice([endpoint("a.example")], name: "web-1", type: "FQDN"),
            slice([endpoint("10.244.1.1")], name: "web-2", of: "other"),
            slice([endpoint("10.244.1.2")], name: "web-3", ports: [["name": "metrics", "port": 9090]]),
            slice([endpoint("10.244.1.3")], name: "web-4", ports: [["port": 8080, "protocol": "UDP"]]),
            slice([endpoint("10.244.1.4")], name: "web-5", labels: ["service.kubernetes.io/headless": ""]),
            slice([endpoint("10.244.1.5")], name: "web-6", ports: [["name": ""]]),
            slice([], name: "web-7"), slice([endpoint("10.244.1.7")], name: "web-8", ports: []),
        ]
        let cluster = SampleCluster([service()], slices)
        #expect(endpoints(cluster.tracker).isEmpty)
        #expect(problems(cluster).isEmpty)
    }

    @Test("an endpoint of the wrong family is left out and reported, and the others work")
    func wrongFamily() {
        let cluster = SampleCluster(
            [service("web", ["10.96.10.50", "fd00:96::50"])],
            [
                slice([endpoint("fd00:10:244:1::5"), endpoint("10.244.1.5"), endpoint("nonsense")]),
                slice([endpoint("10.244.1.6"), endpoint("fd00:10:244:1::6")], name: "web-2", type: "IPv6"),
            ])
        #expect(endpoints(cluster.tracker) == ["10.244.1.5:8080"])
        #expect(endpoints(cluster.tracker, .ipv6) == ["[fd00:10:244:1::6]:8080"])
        #expect(problems(cluster).count == 3)
        #expect(
            problems(cluster).contains {
                $0.contains("default/web") && $0.contains("web-1") && $0.contains("fd00:10:244:1::5")
            })
    }

    @Test("C21: addresses with leading zeros are decimal")
    func leadingZeros() {
        let cluster = SampleCluster(
            [service("web", ["010.096.010.050"], ["externalIPs": ["198.051.100.001"]])],
            [slice([endpoint("010.244.001.010")])])
        let port = cluster.tracker.ports(of: web).first
        #expect(port?.clusterIP == ip("10.96.10.50"))
        #expect(port?.externalIPs == [ip("198.51.100.1")])
        #expect(endpoints(cluster.tracker) == ["10.244.1.10:8080"])
    }

    @Test("changes are told once, and only where something is different")
    func changes() {
        var tracker = SampleCluster([service()], [slice([endpoint("10.244.1.5")])]).tracker
        #expect(!tracker.hasPendingChanges)
        tracker.update(service())
        tracker.update(slice([endpoint("10.244.1.5")]))
        #expect(tracker.takeChanges().isEmpty)
        tracker.update(slice([endpoint("10.244.1.5"), endpoint("10.244.1.6")]))
        #expect(tracker.hasPendingChanges)
        #expect(tracker.takeChanges().services == [web])
        #expect(tracker.takeChanges().isEmpty)
        #expect(endpoints(tracker).count == 2)
        tracker.removeEndpointSlice(namespace: "default", name: "web-1")
        tracker.removeEndpointSlice(namespace: "default", name: "never-there")
        #expect(tracker.takeChanges().services == [web])
        #expect(endpoints(tracker).isEmpty)
        tracker.removeService(web)
        #expect(tracker.takeChanges().services == [web])
        #expect(tracker.ports(of: web).isEmpty)
    }

    @Test("slices may come before their Service, and go from one to another")
    func sliceOrder() {
        var tracker = SampleCluster().tracker
        tracker.update(slice([endpoint("10.244.1.5")]))
        #expect(tracker.takeChanges().isEmpty)
        tracker.update(service())
        #expect(tracker.takeChanges().services == [web])
        #expect(endpoints(tracker) == ["10.244.1.5:8080"])
        tracker.update(slice([endpoint("10.244.1.5")], of: "other"))
        #expect(tracker.takeChanges().services == [web])
        #expect(endpoints(tracker).isEmpty)
    }

    @Test("after a list, what is missing has gone")
    func list() {
        var tracker = SampleCluster(
            [service(), service("old", ["10.96.10.51"])],
            [slice([endpoint("10.244.1.5")]), slice([endpoint("10.244.1.6")], name: "web-2")]
        ).tracker
        tracker.replaceAll(services: [service()], endpointSlices: [slice([endpoint("10.244.1.6")], name: "web-2")])
        #expect(tracker.takeChanges().services.map(\.name) == ["old", "web"])
        #expect(endpoints(tracker) == ["10.244.1.6:8080"])
    }

    @Test("a node port that two Services want is the older one's, and the other one gets it when that goes")
    func nodePortTwice() {
        func nodePort(_ name: String, _ address: String, _ created: String?) -> Service {
            service(
                name, [address], ["type": "NodePort"], ports: [["port": 80, "nodePort": 30080]], created: created)
        }
        let older = nodePort("web", "10.96.10.50", "2026-01-01T00:00:00Z")
        let younger = nodePort("a", "10.96.10.51", "2026-01-02T00:00:00Z")
        for order in [[older, younger], [younger, older]] {
            var cluster = SampleCluster(order)
            let a = ServiceName(namespace: "default", name: "a")
            #expect(cluster.tracker.ports(of: web).first?.nodePort == 30080)
            #expect(cluster.tracker.ports(of: a).first?.nodePort == nil)
            #expect(problems(cluster).count == 1)
            #expect(problems(cluster).first?.contains("Service default/a: node port 30080/TCP") == true)
            cluster.tracker.removeService(web)
            let changes = cluster.tracker.takeChanges()
            #expect(changes.services == [a, web])
            #expect(changes.servicesWithOtherProblems == [a])
            #expect(cluster.tracker.ports(of: a).first?.nodePort == 30080)
            #expect(problems(cluster).isEmpty)
        }
    }

    @Test("an address and port that two Services want is the older one's, or that of the first name")
    func addressTwice() {
        let services = [
            service(
                "b", ["10.96.10.50"], ["externalIPs": ["198.51.100.1"]],
                ports: [["port": 80], ["name": "s", "port": 443]]),
            service("a", ["10.96.10.51"], ["externalIPs": ["198.51.100.1", "10.96.10.50"]]),
        ]
        let cluster = SampleCluster(services)
        let ports = ["a", "b"].map { cluster.tracker.ports(of: ServiceName(namespace: "default", name: $0)) }
        #expect(ports[0].map(\.externalIPs.count) == [2])
        #expect(ports[1].map(\.externalIPs.count) == [0, 1])
        #expect(ports[1].map(\.clusterIP) == [nil, ip("10.96.10.50")])
        #expect(problems(cluster).count == 2)
        #expect(problems(cluster).first?.contains("belongs to the older Service default/a") == true)
    }

    @Test("what cannot be carried out is reported in a sentence that says what to do")
    func otherProblems() {
        let cases: [(Service, String)] = [
            (service("web", ["172.16.0.1"]), "ClusterIP 172.16.0.1 is outside"),
            (service("web", ["10.96.10.50"], ["externalIPs": ["2001:db8::1"]]), "2001:db8::1 is not served"),
            (
                service(
                    "web", ["10.96.10.50"], ["type": "LoadBalancer", "loadBalancerSourceRanges": ["2001:db8::/32"]],
                    loadBalancer: [["ip": "192.0.2.1"]]), "everybody may use 192.0.2.1"
            ),
            (
                service("web", ["10.96.10.50"], ["type": "LoadBalancer", "externalTrafficPolicy": "Local"]),
                "no healthCheckNodePort"
            ),
            (service(ports: [["port": 80], ["port": 81]]), "only the first one is served"),
        ]
        for (service, text) in cases {
            let found = problems(SampleCluster([service]))
            #expect(found.count == 1 && found[0].contains(text), "\(found) for \(text)")
        }
    }
}
