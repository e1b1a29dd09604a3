import Addressing
import DNSMessage
import KubernetesModel
import TestSupport
import Testing

@testable import ClusterDNS

@Suite("Changes of a zone")
struct ChangeTests {
    @Test("a changed endpoint touches its own names and no others")
    func incremental() throws {
        var zone = try SampleZone()
        for index in 0..<50 {
            zone.zone.update(.headless("db-\(index)"))
            zone.zone.update(.sample("db-\(index)", "10.244.1.\(index)=a", "10.244.2.\(index)=b"))
        }
        zone.apply()
        zone.zone.update(.sample("db-7", "10.244.1.7=a", "10.244.3.7=b"))
        // the Service's own name, b, and the two addresses
        #expect(zone.apply() == 4)
        #expect(try zone.data("b.db-7.default.svc.cluster.local", .a) == ["A 10.244.3.7"])
        #expect(try zone.outcome("7.2.244.10.in-addr.arpa", .ptr) == "NXDOMAIN")
        #expect(try zone.data("7.3.244.10.in-addr.arpa", .ptr) == ["PTR b.db-7.default.svc.cluster.local."])
    }

    @Test("an object that comes again unchanged changes nothing")
    func unchanged() throws {
        var zone = try SampleZone()
        for _ in 0..<2 {
            zone.zone.update(.headless("db", ports: ["p:1/TCP"]))
            zone.zone.update(.sample("db", ports: ["p:1/TCP"], "10.244.1.1=a"))
            zone.zone.updateNamespace("default")
            let count = zone.apply()
            zone.zone.update(.sample("db", ports: ["p:1/TCP"], "10.244.1.1=a"))
            #expect(zone.apply() == 0)
            #expect(count == 4 || count == 0)
        }
    }

    @Test("a Service that changes its kind loses the names of the old one")
    func kinds() throws {
        var zone = try SampleZone()
        zone.add(.headless("web", ports: ["p:1/TCP"]), .sample("web", ports: ["p:1/TCP"], "10.244.1.1=a"))
        zone.add(.sample("web", ips: ["10.96.0.7"], ports: ["q:2/TCP"]))
        #expect(try zone.data("web.default.svc.cluster.local", .a) == ["A 10.96.0.7"])
        #expect(try zone.outcome("a.web.default.svc.cluster.local") == "NXDOMAIN")
        #expect(try zone.outcome("_p._tcp.web.default.svc.cluster.local", .srv) == "NXDOMAIN")
        #expect(try zone.outcome("1.1.244.10.in-addr.arpa", .ptr) == "NXDOMAIN")
        zone.add(.sample("web", externalName: "www.example.test"))
        #expect(try zone.data("web.default.svc.cluster.local", .a) == ["CNAME www.example.test."])
        #expect(try zone.outcome("7.0.96.10.in-addr.arpa", .ptr) == "NXDOMAIN")
        zone.add(.headless("web", ports: ["p:1/TCP"]))
        #expect(try zone.data("a.web.default.svc.cluster.local", .a) == ["A 10.244.1.1"])
        zone.zone.removeService(namespace: "default", name: "web")
        zone.apply()
        #expect(try zone.outcome("web.default.svc.cluster.local") == "NXDOMAIN")
        #expect(try zone.outcome("default.svc.cluster.local") == "NODATA")
    }

    @Test("a slice that changes its Service leaves the old one")
    func movedSlice() throws {
        var zone = try SampleZone()
        zone.add(.headless("one"), .sample("one", "10.244.1.1"))
        zone.add(.headless("two"))
        var object = APIObject(.endpointSlices, namespace: "default", name: "one-a")
        object.labels = ["kubernetes.io/service-name": "two"]
        object["addressType"] = "IPv4"
        object["endpoints"] = [["addresses": ["10.244.1.1"]]]
        zone.zone.update(EndpointSlice(object))
        zone.apply()
        #expect(try zone.outcome("one.default.svc.cluster.local") == "NXDOMAIN")
        #expect(try zone.data("two.default.svc.cluster.local", .a) == ["A 10.244.1.1"])
    }

    @Test("endpoints that came before their Service are answered once it is there")
    func order() throws {
        var zone = try SampleZone()
        zone.zone.update(.sample("db", "10.244.1.1"))
        zone.apply()
        #expect(try zone.outcome("db.default.svc.cluster.local") == "NXDOMAIN")
        zone.add(.headless("db"))
        #expect(try zone.data("db.default.svc.cluster.local", .a) == ["A 10.244.1.1"])
        zone.zone.removeEndpointSlice(namespace: "default", name: "db-a")
        zone.apply()
        #expect(try zone.outcome("db.default.svc.cluster.local") == "NXDOMAIN")
    }

    @Test("a namespace that is gone takes its name along, unless Services are left in it")
    func namespaces() throws {
        var zone = try SampleZone()
        zone.add(.sample("web", ips: ["10.96.0.7"]))
        zone.zone.removeNamespace("default")
        zone.zone.removeNamespace("kube-system")
        zone.apply()
        #expect(try zone.outcome("default.svc.cluster.local") == "NODATA")
        #expect(try zone.outcome("kube-system.svc.cluster.local") == "NXDOMAIN")
        zone.zone.removeService(namespace: "default", name: "web")
        zone.apply()
        #expect(try zone.outcome("default.svc.cluster.local") == "NXDOMAIN")
        #expect(try zone.outcome("svc.cluster.local") == "NODATA")
    }

    @Test("names and slices that make no sense are left out, and harm nothing")
    func nonsense() throws {
        var zone = try SampleZone()
        let long = String(repeating: "x", count: 64)
        zone.add(.sample(long, ips: ["10.96.0.7"], ports: ["p:1/TCP"]))
        zone.add(.sample("ok", ips: ["10.96.0.8"], ports: ["\(long):1/TCP", "p:2/TCP"]))
        zone.add(.headless("db"), .sample("db", "10.244.1.1=\(long)", "not-an-address", "fd00::1"))
        zone.add(.sample("alias", externalName: "a..b"))
        #expect(try zone.data("ok.default.svc.cluster.local", .a) == ["A 10.96.0.8"])
        #expect(try zone.data("_p._tcp.ok.default.svc.cluster.local", .srv).count == 1)
        #expect(try zone.data("10-244-1-1.db.default.svc.cluster.local", .a) == ["A 10.244.1.1"])
        #expect(try zone.data("db.default.svc.cluster.local", .aaaa) == [])
        #expect(try zone.outcome("alias.default.svc.cluster.local") == "NXDOMAIN")
    }

    @Test("a new listing removes what is not in it")
    func relist() throws {
        var zone = try SampleZone { $0.podRecords = .existing }
        zone.zone.update(.sample("web-1", ips: "10.244.9.1"))
        zone.add(.sample("gone", ips: ["10.96.0.7"]))
        zone.add(.headless("db"), .sample("db", "10.244.1.1"))
        zone.zone.replaceAll(
            services: [.headless("db")], endpointSlices: [.sample("db", suffix: "new", "10.244.1.2")],
            namespaces: ["other"])
        zone.apply()
        #expect(try zone.outcome("gone.default.svc.cluster.local") == "NXDOMAIN")
        #expect(try zone.data("db.default.svc.cluster.local", .a) == ["A 10.244.1.2"])
        #expect(try zone.outcome("kube-system.svc.cluster.local") == "NXDOMAIN")
        #expect(try zone.outcome("other.svc.cluster.local") == "NODATA")
        #expect(try zone.outcome("10-244-9-1.default.pod.cluster.local") == "NXDOMAIN")
    }

    @Test("after any changes the answers are those of a zone that was built anew, whatever collides")
    func property() throws {
        for seed in 0..<60 as Range<UInt64> {
            var random = RandomCluster(seed: seed)
            let settings = try SampleZone.settings
            var zone = DNSZone(settings)
            var answers = ZoneAnswers(hash: NameHash(seed: seed, mask: seed % 2 == 0 ? 7 : .max))
            for _ in 0..<40 {
                for _ in 0..<Int.random(in: 1...4, using: &random.generator) { random.change(&zone) }
                let changes = zone.takeChanges()
                answers.apply(changes.names, serial: changes.serial)
            }
            var fresh = DNSZone(settings)
            random.build(&fresh)
            let changes = fresh.takeChanges()
            var expected = ZoneAnswers()
            expected.apply(changes.names, serial: changes.serial)
            #expect(answers.contents == expected.contents, "seed \(seed)")
            #expect(answers.count == expected.count, "seed \(seed)")
            for (name, bytes) in expected.contents {
                #expect(name.withUnsafeBytes { answers.answers(of: $0) } == bytes, "seed \(seed)")
            }
        }
    }
}
