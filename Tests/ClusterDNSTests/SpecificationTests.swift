import Addressing
import ClusterDNS
import DNSMessage
import KubernetesModel
import Testing

/// The Kubernetes DNS-based service discovery specification 1.1.0, section by section.
@Suite("The records of the specification")
struct SpecificationTests {
    @Test("2.2: dns-version is 1.1.0")
    func version() throws {
        let zone = try SampleZone()
        #expect(try zone.data("dns-version.cluster.local", .txt) == [#"TXT "1.1.0""#])
        #expect(try zone.outcome("dns-version.cluster.local", .a) == "NODATA")
    }

    @Test("2.3.1: a Service has an A and an AAAA record of each of its addresses")
    func addresses() throws {
        var zone = try SampleZone()
        zone.add(.sample("both", ips: ["10.96.0.7", "fd00:96::7"]))
        zone.add(.sample("six", ips: ["fd00:96::8"]))
        let answer = try zone.ask("both.default.svc.cluster.local", .a)
        #expect(answer.answers.map(\.description) == ["both.default.svc.cluster.local. 5 IN A 10.96.0.7"])
        #expect(answer.isAuthoritative && !answer.recursionAvailable && answer.recursionDesired)
        #expect(try zone.data("both.default.svc.cluster.local", .aaaa) == ["AAAA fd00:96::7"])
        #expect(try zone.data("six.default.svc.cluster.local", .aaaa) == ["AAAA fd00:96::8"])
        #expect(try zone.outcome("six.default.svc.cluster.local", .a) == "NODATA")
    }

    @Test("2.3.2: a named port has an SRV record, with the addresses added; an unnamed one has none")
    func ports() throws {
        var zone = try SampleZone()
        zone.add(.sample("web", ips: ["10.96.0.7", "fd00:96::7"], ports: ["http:80/TCP", "dns:53/UDP", "dns:53/TCP"]))
        zone.add(.sample("plain", ips: ["10.96.0.8"], ports: [":80/TCP"]))
        let answer = try zone.ask("_http._tcp.web.default.svc.cluster.local", .srv)
        #expect(
            answer.answers.map(\.description) == [
                "_http._tcp.web.default.svc.cluster.local. 5 IN SRV 0 100 80 web.default.svc.cluster.local."
            ])
        #expect(
            answer.additionals.map(\.description) == [
                "web.default.svc.cluster.local. 5 IN A 10.96.0.7",
                "web.default.svc.cluster.local. 5 IN AAAA fd00:96::7",
            ])
        #expect(try zone.data("_dns._udp.web.default.svc.cluster.local", .srv).count == 1)
        #expect(try zone.data("_dns._tcp.web.default.svc.cluster.local", .srv).count == 1)
        for name in ["_http._udp.web", "_80._tcp.plain", "_tcp.plain", "_http._tcp.plain", "_https._tcp.web"] {
            #expect(try zone.outcome("\(name).default.svc.cluster.local", .srv) == "NXDOMAIN", "\(name)")
        }
        #expect(try zone.outcome("_http._tcp.web.default.svc.cluster.local", .a) == "NODATA")
        #expect(try zone.outcome("_tcp.web.default.svc.cluster.local", .srv) == "NODATA")
    }

    @Test("2.3.3: a Service's addresses lead back to its name")
    func pointers() throws {
        var zone = try SampleZone()
        zone.add(.sample("web", ips: ["10.96.0.7", "fd00:96::7"]))
        #expect(try zone.data("7.0.96.10.in-addr.arpa", .ptr) == ["PTR web.default.svc.cluster.local."])
        let reverse = DomainName(reverse: try #require(IPAddress("fd00:96::7"))).description
        #expect(try zone.data(reverse, .ptr) == ["PTR web.default.svc.cluster.local."])
    }

    @Test("2.4.1: a headless Service has the addresses of its ready endpoints, and each endpoint has a name")
    func headless() throws {
        var zone = try SampleZone()
        zone.add(
            .headless("db"), .sample("db", "10.244.1.5=db-0", "10.244.1.6", "!10.244.1.7=db-2", "!10.244.1.8"),
            .sample("db", suffix: "six", "fd00:244::5=db-0"))
        #expect(try zone.data("db.default.svc.cluster.local", .a) == ["A 10.244.1.5", "A 10.244.1.6"])
        #expect(try zone.data("db.default.svc.cluster.local", .aaaa) == ["AAAA fd00:244::5"])
        #expect(try zone.data("db-0.db.default.svc.cluster.local", .a) == ["A 10.244.1.5"])
        #expect(try zone.data("db-0.db.default.svc.cluster.local", .aaaa) == ["AAAA fd00:244::5"])
        #expect(try zone.data("10-244-1-6.db.default.svc.cluster.local", .a) == ["A 10.244.1.6"])
        for name in ["db-2", "10-244-1-5", "10-244-1-7", "10-244-1-8"] {
            #expect(try zone.outcome("\(name).db.default.svc.cluster.local") == "NXDOMAIN", "\(name)")
        }
    }

    @Test("2.4.1: several addresses of one hostname are all told")
    func sharedHostname() throws {
        var zone = try SampleZone()
        zone.add(.headless("db"), .sample("db", "10.244.1.5=pair", "10.244.1.6=pair", "10.244.1.5=pair"))
        #expect(try zone.data("pair.db.default.svc.cluster.local", .a) == ["A 10.244.1.5", "A 10.244.1.6"])
    }

    @Test("2.4.2: a headless Service has an SRV record for every ready endpoint by every named port")
    func headlessPorts() throws {
        var zone = try SampleZone()
        let ports = ["http:8080/TCP", "metrics:9090/TCP", ":7/TCP"]
        zone.add(
            .headless("db", ports: ports), .sample("db", ports: ports, "10.244.1.5=db-0", "10.244.1.6", "!10.244.1.7"),
            .sample("db", suffix: "b", ports: ["http:8081/TCP"], "10.244.1.8=db-3"))
        let answer = try zone.ask("_http._tcp.db.default.svc.cluster.local", .srv)
        #expect(
            answer.answers.map { "\($0.data)" }.sorted() == [
                "0 100 8080 10-244-1-6.db.default.svc.cluster.local.", "0 100 8080 db-0.db.default.svc.cluster.local.",
                "0 100 8081 db-3.db.default.svc.cluster.local.",
            ])
        #expect(
            answer.additionals.map { "\($0.name) \($0.data)" }.sorted() == [
                "10-244-1-6.db.default.svc.cluster.local. 10.244.1.6", "db-0.db.default.svc.cluster.local. 10.244.1.5",
                "db-3.db.default.svc.cluster.local. 10.244.1.8",
            ])
        #expect(try zone.ask("_metrics._tcp.db.default.svc.cluster.local", .srv).answers.count == 2)
        #expect(try zone.outcome("_7._tcp.db.default.svc.cluster.local", .srv) == "NXDOMAIN")
    }

    @Test("2.4.3: the addresses of ready endpoints lead back to the endpoints' names")
    func headlessPointers() throws {
        var zone = try SampleZone()
        zone.add(.headless("db"), .sample("db", "10.244.1.5=db-0", "10.244.1.6", "!10.244.1.7"))
        zone.add(.headless("other"), .sample("other", "10.244.1.5"))
        zone.add(.sample("web", ips: ["10.96.0.7"]), .sample("web", "10.244.1.9"))
        #expect(
            try zone.data("5.1.244.10.in-addr.arpa", .ptr) == [
                "PTR 10-244-1-5.other.default.svc.cluster.local.", "PTR db-0.db.default.svc.cluster.local.",
            ])
        #expect(try zone.data("6.1.244.10.in-addr.arpa", .ptr) == ["PTR 10-244-1-6.db.default.svc.cluster.local."])
        #expect(try zone.outcome("7.1.244.10.in-addr.arpa", .ptr) == "NXDOMAIN")
        #expect(try zone.outcome("9.1.244.10.in-addr.arpa", .ptr) == "NXDOMAIN")
    }

    @Test("2.5: an ExternalName is an alias, whatever is asked for")
    func alias() throws {
        var zone = try SampleZone()
        zone.add(.sample("far", externalName: "www.example.test"))
        for type in [RecordType.a, .aaaa, .cname, .txt, .srv] {
            #expect(
                try zone.data("far.default.svc.cluster.local", type) == ["CNAME www.example.test."], "\(type)")
        }
        #expect(try zone.outcome("_http._tcp.far.default.svc.cluster.local", .srv) == "NXDOMAIN")
        #expect(try zone.outcome("x.far.default.svc.cluster.local") == "NXDOMAIN")
    }

    @Test("2.6: any address has a pod record in a namespace that exists, unless pods have to exist, or have none")
    func podRecords() throws {
        let any = try SampleZone()
        #expect(try any.data("10-244-1-5.default.pod.cluster.local", .a) == ["A 10.244.1.5"])
        #expect(try any.data("fd00-244--5.default.pod.cluster.local", .aaaa) == ["AAAA fd00:244::5"])
        #expect(try any.outcome("10-244-1-5.default.pod.cluster.local", .aaaa) == "NODATA")
        for name in ["10-244-1-5.missing", "10-244-1-256.default", "web.default", "x.10-244-1-5.default", "missing"] {
            #expect(try any.outcome("\(name).pod.cluster.local") == "NXDOMAIN", "\(name)")
        }
        #expect(try any.outcome("default.pod.cluster.local") == "NODATA")
        #expect(try any.outcome("pod.cluster.local") == "NODATA")

        var existing = try SampleZone { $0.podRecords = .existing }
        existing.zone.update(.sample("web", ips: "10.244.1.5", "fd00:244::5"))
        existing.zone.update(.sample("done", phase: "Succeeded", ips: "10.244.1.6"))
        existing.apply()
        #expect(try existing.data("10-244-1-5.default.pod.cluster.local", .a) == ["A 10.244.1.5"])
        #expect(try existing.data("fd00-244--5.default.pod.cluster.local", .aaaa) == ["AAAA fd00:244::5"])
        #expect(try existing.outcome("10-244-1-6.default.pod.cluster.local") == "NXDOMAIN")
        existing.zone.removePod(namespace: "default", name: "web")
        existing.apply()
        #expect(try existing.outcome("10-244-1-5.default.pod.cluster.local") == "NXDOMAIN")
        #expect(try existing.outcome("default.pod.cluster.local") == "NODATA")

        let none = try SampleZone { $0.podRecords = .none }
        #expect(try none.outcome("10-244-1-5.default.pod.cluster.local") == "NXDOMAIN")
        #expect(try none.outcome("pod.cluster.local") == "NXDOMAIN")
    }

    @Test("names compare without case, and the question's spelling comes back")
    func letterCase() throws {
        var zone = try SampleZone()
        zone.add(.sample("web", ips: ["10.96.0.7"]))
        let answer = try zone.ask("WEB.Default.sVc.CLUSTER.local", .a)
        #expect(answer.questions.first?.name.description == "WEB.Default.sVc.CLUSTER.local.")
        #expect(answer.answers.first?.name.description == "WEB.Default.sVc.CLUSTER.local.")
        #expect(answer.answers.map(\.data.description) == ["10.96.0.7"])
    }

    @Test("the zone has an SOA and an NS record, and the name server the addresses of its Service")
    func authority() throws {
        var zone = try SampleZone()
        zone.add(.sample("kube-dns", namespace: "kube-system", ips: ["10.96.0.10", "fd00:96::a"]))
        let soa = try zone.ask("cluster.local", .soa)
        guard case .soa(let data)? = soa.answers.first?.data else {
            Issue.record("no SOA: \(soa)")
            return
        }
        #expect(data.primary.description == "ns.dns.cluster.local.")
        #expect(data.mailbox.description == "hostmaster.cluster.local.")
        #expect(data.minimum == 5)
        let servers = try zone.ask("cluster.local", .ns)
        #expect(servers.answers.map(\.data.description) == ["ns.dns.cluster.local."])
        #expect(servers.additionals.map(\.data.description) == ["10.96.0.10", "fd00:96::a"])
        #expect(try zone.data("ns.dns.cluster.local", .a) == ["A 10.96.0.10"])
        #expect(try zone.outcome("cluster.local", .a) == "NODATA")
        #expect(try zone.outcome("dns.cluster.local", .a) == "NODATA")
    }

    @Test("the serial number grows with every change, and only then")
    func serial() throws {
        var zone = try SampleZone()
        func serial() throws -> UInt32? {
            guard case .soa(let data)? = try zone.ask("cluster.local", .soa).answers.first?.data else { return nil }
            return data.serial
        }
        let first = try #require(try serial())
        zone.add(.sample("web", ips: ["10.96.0.7"]))
        let second = try #require(try serial())
        zone.add(.sample("web", ips: ["10.96.0.7"]))
        #expect(second > first)
        #expect(try serial() == second)
    }
}
