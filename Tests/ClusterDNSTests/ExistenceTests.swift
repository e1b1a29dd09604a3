import Addressing
import ClusterDNS
import DNSMessage
import KubernetesModel
import Testing

@Suite("NXDOMAIN and NODATA")
struct ExistenceTests {
    private func sample() throws -> SampleZone {
        var zone = try SampleZone()
        zone.add(.sample("web", ips: ["10.96.0.7"], ports: ["http:80/TCP"]), .sample("web", "10.244.1.9"))
        zone.add(.headless("empty"), .sample("empty", "!10.244.1.7"))
        zone.add(.headless("bare"))
        zone.add(.sample("pending", ips: []))
        return zone
    }

    @Test(
        "names that others are below, and namespaces, exist without records",
        arguments: [
            "svc.cluster.local", "default.svc.cluster.local", "kube-system.svc.cluster.local", "cluster.local",
            "_tcp.web.default.svc.cluster.local", "0.96.10.in-addr.arpa", "96.10.in-addr.arpa", "97.10.in-addr.arpa",
            "244.10.in-addr.arpa",
        ])
    func nonTerminals(name: String) throws {
        #expect(try sample().outcome(name) == "NODATA")
    }

    @Test(
        "names that nothing is at or below do not exist",
        arguments: [
            "web.missing.svc.cluster.local", "missing.svc.cluster.local", "missing.default.svc.cluster.local",
            "x.web.default.svc.cluster.local", "10-244-1-9.web.default.svc.cluster.local", "web.default.cluster.local",
            "empty.default.svc.cluster.local", "bare.default.svc.cluster.local", "pending.default.svc.cluster.local",
            "www.example.test.default.svc.cluster.local", "www.example.test.cluster.local",
            "*.default.svc.cluster.local",
            "8.0.96.10.in-addr.arpa", "1.96.10.in-addr.arpa", "x.96.10.in-addr.arpa",
        ])
    func missing(name: String) throws {
        let zone = try sample()
        // What is no reverse name is nobody's.
        if name.hasPrefix("x.96") {
            #expect(try zone.outcome(name) == "SERVFAIL")
        } else {
            for type in [RecordType.a, .aaaa, .srv, .any] { #expect(try zone.outcome(name, type) == "NXDOMAIN") }
        }
    }

    @Test("types that a name lacks are NODATA", arguments: [RecordType.aaaa, .srv, .txt, .ns, .soa, .ptr, .cname])
    func types(type: RecordType) throws {
        #expect(try sample().outcome("web.default.svc.cluster.local", type) == "NODATA")
    }

    @Test("the SOA in negative answers is the zone's, with a bounded TTL")
    func startOfAuthority() throws {
        let zone = try sample()
        for (name, owner) in [
            ("missing.default.svc.cluster.local", "cluster.local."),
            ("web.default.svc.cluster.local", "cluster.local."),
            ("8.0.96.10.in-addr.arpa", "96.10.in-addr.arpa."), ("1.2.3.103.10.in-addr.arpa", ""),
        ] {
            let message = try zone.ask(name, .aaaa)
            #expect(message.authorities.map(\.name.description) == (owner.isEmpty ? [] : [owner]), "\(name)")
            #expect(message.authorities.allSatisfy { $0.timeToLive == 5 })
            if case .soa(let data)? = message.authorities.first?.data {
                #expect(data.minimum == 5 && data.primary.description == "ns.dns.cluster.local.")
            }
        }
    }

    @Test("reverse zones have an SOA and an NS record where their names begin")
    func reverseApex() throws {
        let zone = try sample()
        #expect(try zone.data("100.10.in-addr.arpa", .ns) == ["NS ns.dns.cluster.local."])
        #expect(try zone.ask("100.10.in-addr.arpa", .soa).answers.count == 1)
        #expect(try zone.outcome("1.100.10.in-addr.arpa", .soa) == "NXDOMAIN")
        #expect(try zone.ask("0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.6.9.0.0.0.0.d.f.ip6.arpa", .soa).answers.isEmpty)
    }

    @Test(
        "reverse names outside the cluster's ranges are not ours",
        arguments: ["1.0.0.127.in-addr.arpa", "1.0.112.10.in-addr.arpa", "10.in-addr.arpa", "in-addr.arpa", "arpa"])
    func otherReverse(name: String) throws {
        #expect(try sample().outcome(name, .ptr) == "SERVFAIL")
        var settings = try SampleZone.settings
        settings.upstreams = [UpstreamServer(try #require(IPAddress("192.0.2.1")))]
        let zone = try SampleZone { $0 = settings }
        #expect(try zone.forwarded(name, .ptr)?.servers == settings.upstreams)
    }

    @Test("an endpoint outside the ranges, as of a pod in its node's network, leads back nevertheless")
    func hostNetwork() throws {
        var zone = try SampleZone()
        zone.add(.headless("agents"), .sample("agents", "192.168.1.10=node1"))
        #expect(
            try zone.data("10.1.168.192.in-addr.arpa", .ptr) == ["PTR node1.agents.default.svc.cluster.local."])
        #expect(try zone.outcome("1.168.192.in-addr.arpa", .ptr) == "SERVFAIL")
        #expect(try zone.ask("10.1.168.192.in-addr.arpa", .a).responseCode == .noError)
    }

    @Test("a headless Service with publishNotReadyAddresses has its unready endpoints too")
    func unready() throws {
        var zone = try SampleZone()
        zone.add(
            .headless("db", ports: ["p:1/TCP"], publishNotReady: true),
            .sample("db", ports: ["p:1/TCP"], "!10.244.1.7=db-0"))
        #expect(try zone.data("db.default.svc.cluster.local", .a) == ["A 10.244.1.7"])
        #expect(try zone.data("db-0.db.default.svc.cluster.local", .a) == ["A 10.244.1.7"])
        #expect(try zone.data("7.1.244.10.in-addr.arpa", .ptr) == ["PTR db-0.db.default.svc.cluster.local."])
        #expect(try zone.data("_p._tcp.db.default.svc.cluster.local", .srv).count == 1)
    }

    @Test("an endpoint that is about to end is left out, though it still serves, unless readiness does not count")
    func terminating() throws {
        var object = APIObject(.endpointSlices, namespace: "default", name: "db-a")
        object.labels = ["kubernetes.io/service-name": "db"]
        object["addressType"] = "IPv4"
        object["endpoints"] = [
            ["addresses": ["10.244.1.1"]],
            ["addresses": ["10.244.1.2"], "conditions": ["ready": false, "serving": true, "terminating": true]],
        ]
        var zone = try SampleZone()
        zone.add(.headless("db"), EndpointSlice(object))
        #expect(try zone.data("db.default.svc.cluster.local", .a) == ["A 10.244.1.1"])
        zone.add(.headless("db", publishNotReady: true))
        #expect(try zone.data("db.default.svc.cluster.local", .a) == ["A 10.244.1.1", "A 10.244.1.2"])
    }
}
