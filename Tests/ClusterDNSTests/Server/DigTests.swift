import ClusterDNS
import DNSMessage
import Foundation
import KubernetesModel
import Testing

/// What dig(1), which nobody here wrote, makes of the server's answers. It complains of malformed ones in its output.
@Suite("The server as dig sees it")
struct DigTests {
    private func dig(_ fixture: ServerFixture, _ arguments: [String]) async throws -> String {
        try await fixture.namespace.inside {
            let process = Process()
            process.executableURL = URL(filePath: "/usr/bin/dig")
            process.arguments = ["@127.0.0.1", "+tries=1", "+time=10"] + arguments
            let output = Pipe()
            process.standardOutput = output
            process.standardError = output
            try process.run()
            let text = try output.fileHandleForReading.readToEnd() ?? Data()
            process.waitUntilExit()
            return String(decoding: text, as: UTF8.self)
        }
    }

    private func fixture() async throws -> ServerFixture {
        let fixture = try await ServerFixture()
        var zone = DNSZone(fixture.resolver.settings)
        zone.update(.sample("kube-dns", namespace: "kube-system", ips: ["10.96.0.10"], ports: ["dns:53/UDP"]))
        zone.update(.sample("web", ips: ["10.96.0.7", "fd00:96::7"], ports: ["http:80/TCP"]))
        zone.update(.sample("alias", externalName: "web.default.svc.cluster.local"))
        zone.update(.headless("db", ports: ["sql:5432/TCP"]))
        zone.update(.sample("db", ports: ["sql:5432/TCP"], "10.244.1.5=db-0", "10.244.1.6"))
        fixture.resolver.apply(zone.takeChanges())
        return fixture
    }

    @Test("each record of the specification", arguments: [false, true])
    func records(overTCP: Bool) async throws {
        let fixture = try await fixture()
        for (question, expected) in [
            ("web.default.svc.cluster.local A", "10.96.0.7"), ("web.default.svc.cluster.local AAAA", "fd00:96::7"),
            ("WEB.default.SVC.cluster.local A", "10.96.0.7"),
            ("_http._tcp.web.default.svc.cluster.local SRV", "0 100 80 web.default.svc.cluster.local."),
            (
                "_sql._tcp.db.default.svc.cluster.local SRV",
                "0 100 5432 10-244-1-6.db.default.svc.cluster.local.\n0 100 5432 db-0.db.default.svc.cluster.local."
            ),
            ("db-0.db.default.svc.cluster.local A", "10.244.1.5"),
            ("alias.default.svc.cluster.local A", "10.96.0.7\nweb.default.svc.cluster.local."),
            ("7.0.96.10.in-addr.arpa PTR", "web.default.svc.cluster.local."),
            ("5.1.244.10.in-addr.arpa PTR", "db-0.db.default.svc.cluster.local."),
            ("dns-version.cluster.local TXT", "\"1.1.0\""), ("cluster.local NS", "ns.dns.cluster.local."),
            ("ns.dns.cluster.local A", "10.96.0.10"), ("missing.default.svc.cluster.local A", ""),
        ] {
            let arguments = ["+short"] + (overTCP ? ["+tcp"] : []) + question.split(separator: " ").map(String.init)
            let lines = try await dig(fixture, arguments).split(separator: "\n").sorted()
            #expect(lines.joined(separator: "\n") == expected, "\(question)")
        }
        let authority = try await dig(fixture, ["+short", "cluster.local", "SOA"])
        #expect(authority.hasPrefix("ns.dns.cluster.local. hostmaster.cluster.local. "))
        await fixture.server.close()
    }

    @Test(
        "headers and codes",
        arguments: [
            (["web.default.svc.cluster.local"], "status: NOERROR", "flags: qr aa rd; QUERY: 1, ANSWER: 1"),
            (["+norecurse", "web.default.svc.cluster.local"], "status: NOERROR", "flags: qr aa; QUERY: 1, ANSWER: 1"),
            (["missing.default.svc.cluster.local"], "status: NXDOMAIN", "ANSWER: 0, AUTHORITY: 1"),
            (["default.svc.cluster.local", "TXT"], "status: NOERROR", "ANSWER: 0, AUTHORITY: 1"),
            (["www.example.test"], "status: SERVFAIL", "flags: qr rd;"),
            (["-c", "CH", "version.bind", "TXT"], "status: REFUSED", "ANSWER: 0"),
            (["+opcode=UPDATE", "cluster.local"], "status: NOTIMP", "opcode: UPDATE"),
            (["+edns=1", "+noednsneg", "cluster.local"], "status: BADVERS", "EDNS: version: 0"),
            (["+dnssec", "web.default.svc.cluster.local"], "status: NOERROR", "flags: do; udp: 1232"),
            (["+ignore", "+noedns", "many.default.svc.cluster.local"], "status: NOERROR", "flags: qr aa tc rd;"),
            (["+bufsize=512", "many.default.svc.cluster.local"], "status: NOERROR", "ANSWER: 800"),
            (["cluster.local", "AXFR"], "Transfer failed", ""),
        ] as [([String], String, String)])
    func headers(arguments: [String], first: String, second: String) async throws {
        let fixture = try await fixture()
        let output = try await dig(fixture, arguments)
        #expect(output.contains(first), "\(output)")
        #expect(output.contains(second) || second.isEmpty, "\(output)")
        #expect(!output.contains("malformed") && !output.contains("Warning: Message parser"), "\(output)")
        await fixture.server.close()
    }
}
