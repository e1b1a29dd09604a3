import Addressing
import ClusterDNS
import DNSMessage
import KubernetesModel
import Testing

@Suite("Aliases and names of others")
struct AliasTests {
    private func address(_ text: String) throws -> IPAddress { try #require(IPAddress(text)) }

    private func upstream(_ text: String) throws -> UpstreamServer { UpstreamServer(try address(text)) }

    @Test("an alias of a name in the zone is followed to its addresses")
    func inZone() throws {
        var zone = try SampleZone()
        zone.add(.sample("web", ips: ["10.96.0.7", "fd00:96::7"], ports: ["http:80/TCP"]))
        zone.add(.sample("short", externalName: "web.default.svc.cluster.local"))
        zone.add(.sample("longer", externalName: "Short.default.svc.cluster.local."))
        let answer = try zone.ask("longer.default.svc.cluster.local", .a)
        #expect(
            answer.answers.map(\.description) == [
                "longer.default.svc.cluster.local. 5 IN CNAME Short.default.svc.cluster.local.",
                "Short.default.svc.cluster.local. 5 IN CNAME web.default.svc.cluster.local.",
                "web.default.svc.cluster.local. 5 IN A 10.96.0.7",
            ])
        #expect(try zone.data("short.default.svc.cluster.local", .aaaa).contains("AAAA fd00:96::7"))
    }

    @Test("an alias of a Service's port leads to SRV records of the right name")
    func services() throws {
        var zone = try SampleZone()
        zone.add(.sample("web", ips: ["10.96.0.7"], ports: ["http:80/TCP"]))
        zone.add(.sample("port", externalName: "_http._tcp.web.default.svc.cluster.local"))
        let answer = try zone.ask("port.default.svc.cluster.local", .srv)
        #expect(
            answer.answers.last?.description
                == "_http._tcp.web.default.svc.cluster.local. 5 IN SRV 0 100 80 web.default.svc.cluster.local.")
        #expect(answer.additionals.isEmpty)
    }

    @Test("an alias of a pod record, of a name without the type, and of no name")
    func others() throws {
        var zone = try SampleZone()
        zone.add(.sample("web", ips: ["10.96.0.7"]))
        zone.add(.sample("pod", externalName: "10-1-2-3.default.pod.cluster.local"))
        zone.add(.sample("half", externalName: "web.default.svc.cluster.local"))
        zone.add(.sample("broken", externalName: "missing.default.svc.cluster.local"))
        #expect(
            try zone.ask("pod.default.svc.cluster.local", .a).answers.last?.description
                == "10-1-2-3.default.pod.cluster.local. 5 IN A 10.1.2.3")
        let half = try zone.ask("half.default.svc.cluster.local", .aaaa)
        #expect(half.responseCode == .noError && half.answers.count == 1)
        #expect(half.authorities.map(\.name.description) == ["cluster.local."])
        let broken = try zone.ask("broken.default.svc.cluster.local", .a)
        #expect(broken.responseCode == .nameError && broken.answers.count == 1)
        #expect(broken.authorities.map(\.name.description) == ["cluster.local."])
    }

    @Test("aliases in a circle, and chains that are too long, are a failure and not an endless search")
    func circle() throws {
        var zone = try SampleZone()
        zone.add(.sample("a", externalName: "b.default.svc.cluster.local"))
        zone.add(.sample("b", externalName: "a.default.svc.cluster.local"))
        #expect(try zone.ask("a.default.svc.cluster.local", .a).responseCode == .serverFailure)
        zone.add(.sample("self", externalName: "self.default.svc.cluster.local"))
        #expect(try zone.ask("self.default.svc.cluster.local", .a).responseCode == .serverFailure)
        zone.add(.sample("chain-8", ips: ["10.96.0.7"]))
        for index in 0..<8 {
            zone.add(.sample("chain-\(index)", externalName: "chain-\(index + 1).default.svc.cluster.local"))
        }
        #expect(try zone.ask("chain-0.default.svc.cluster.local", .a).responseCode == .noError)
        zone.add(.sample("chain", externalName: "chain-0.default.svc.cluster.local"))
        #expect(try zone.ask("chain.default.svc.cluster.local", .a).responseCode == .serverFailure)
    }

    @Test("the target of an alias outside is asked for, and its answer follows the alias")
    func outside() throws {
        var zone = try SampleZone { $0.upstreams = [try upstream("192.0.2.1")] }
        zone.add(.sample("far", externalName: "www.example.test"))
        let question = try #require(try zone.forwarded("FAR.default.svc.cluster.local", .a))
        #expect(question.target.description == "www.example.test. IN A")
        #expect(try question.servers == [upstream("192.0.2.1")])
        var answer = Message(id: 1)
        let name = try #require(DomainName("www.example.test"))
        answer.answers = [ResourceRecord(name, timeToLive: 60, .a(IPv4Address(rawValue: 1)))]
        let reply = try Message(decoding: question.reply(with: answer))
        #expect(reply.id == 77 && reply.isAuthoritative && reply.recursionAvailable)
        #expect(
            reply.answers.map(\.description) == [
                "FAR.default.svc.cluster.local. 5 IN CNAME www.example.test.", "www.example.test. 60 IN A 0.0.0.1",
            ])
        let failure = try Message(decoding: question.reply(with: nil))
        #expect(failure.responseCode == .serverFailure && failure.answers.count == 1)
    }

    @Test(
        "names outside are left to the upstream servers, fail where there are none, and are refused where recursion is not desired"
    )
    func upstreams() throws {
        let zone = try SampleZone { $0.upstreams = [try upstream("192.0.2.1"), try upstream("2001:db8::1")] }
        #expect(try zone.forwarded("www.example.test", .a)?.servers.count == 2)
        #expect(try zone.forwarded("local", .a) != nil)
        #expect(try zone.forwarded("xcluster.local", .a) != nil)
        var query = Message(id: 77, asking: Question(try #require(DomainName("www.example.test")), .a))
        query.recursionDesired = false
        #expect(try zone.ask(query).responseCode == .refused)
        #expect(try zone.ask("web.default.svc.cluster.local", .a).recursionAvailable)
        let closed = try SampleZone()
        // As with CoreDNS: glibc goes on with its search path then.
        let failure = try closed.ask("www.example.test", .a)
        #expect(failure.responseCode == .serverFailure && !failure.isAuthoritative && !failure.recursionAvailable)
    }

    @Test("of the stub domains that a name is in the longest decides, inside the zone too")
    func stubDomains() throws {
        let zone = try SampleZone {
            $0.upstreams = [try upstream("192.0.2.1")]
            for (domain, server) in [
                ("corp.test", "192.0.2.2"), ("db.corp.test", "192.0.2.3"), ("legacy.cluster.local", "192.0.2.4"),
                ("10.in-addr.arpa", "192.0.2.5"), ("1.96.10.in-addr.arpa", "192.0.2.6"), ("local", "192.0.2.7"),
            ] {
                $0.stubDomains.append(StubDomain(try #require(DomainName(domain)), servers: [try upstream(server)]))
            }
        }
        func server(_ name: String) throws -> String? {
            try zone.forwarded(name, .a)?.servers.first.map { "\($0.address)" }
        }
        #expect(try server("www.example.test") == "192.0.2.1")
        #expect(try server("CORP.test") == "192.0.2.2")
        #expect(try server("x.db.corp.test") == "192.0.2.3")
        #expect(try server("x.legacy.cluster.local") == "192.0.2.4")
        #expect(try server("other.local") == "192.0.2.7")
        #expect(try server("1.2.3.10.in-addr.arpa") == "192.0.2.5")
        #expect(try server("5.1.96.10.in-addr.arpa") == "192.0.2.6")
        #expect(try zone.outcome("5.2.96.10.in-addr.arpa") == "NXDOMAIN")
        #expect(try zone.outcome("x.cluster.local") == "NXDOMAIN")
    }
}
