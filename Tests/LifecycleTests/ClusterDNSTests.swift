import Foundation
import LabFixture
import Testing

/// Names as programs in pods see them: through the C library, and by queries of their own.
///
///     client 192.168.1.100 ──┬── node1 192.168.1.10 ── caller
///                            └── node2 192.168.1.11 ── web-0, web-1
@Suite("cluster DNS")
struct ClusterDNSTests {
    private static func text(_ dns: String = "") -> String {
        "[components]\ndns = \"builtin\"\n\(dns)\n" + LabTexts.nodes
            + LabTexts.pod("caller", on: "node1", "10.244.1.5")
            + ["web-0", "web-1"].enumerated().map { number, name in
                LabTexts.pod(name, on: "node2", "10.244.2.\(number + 3)", labels: ["app": "web"])
                    + "hostname = \"\(name)\"\nsubdomain = \"peers\"\n"
            }.joined() + LabTexts.client
    }

    private static let services = """
        apiVersion: v1
        kind: Service
        metadata: {name: web}
        spec: {clusterIP: 10.96.7.7, selector: {app: web}, ports: [{name: http, port: 80}]}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: peers}
        spec: {clusterIP: None, selector: {app: web}, ports: [{name: http, port: 80}, {name: alt, port: 8080}]}
        ---
        apiVersion: v1
        kind: Namespace
        metadata: {name: other}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: far, namespace: other}
        spec: {type: ExternalName, externalName: web.default.svc.cluster.local}
        """

    private func withNames(_ dns: String = "", _ body: (TestLab) throws -> Void) throws {
        try withTestLab { lab in
            try lab.succeed("up", try lab.file(Self.text(dns)))
            try lab.succeed("apply", "-f", try lab.write(Self.services, "services.yaml"))
            #expect(try eventually { try dig(lab, "A", "peers.default").split(separator: "\n").count == 2 })
            try body(lab)
        }
    }

    /// What the C library finds in a pod: `ADDRESS NAME`.
    private func find(_ lab: TestLab, _ name: String, in place: String = "caller") throws -> String {
        let outcome = try lab.lab("exec", place, "--", "getent", "hosts", name)
        return outcome.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    /// The answers to a query for a name below the zone of Services.
    private func dig(_ lab: TestLab, _ type: String, _ name: String, _ options: String = "+notcp") throws -> String {
        try query(lab, type, "\(name).svc.cluster.local.", "+short", options)
            .split(separator: "\n").sorted().joined(separator: "\n")
    }

    private func query(_ lab: TestLab, _ type: String, _ name: String, _ options: String...) throws -> String {
        try lab.start(["exec", "caller", "--", "dig", "+tries=2", "+time=2", "-t", type, name] + options).wait().output
    }

    @Test("short, partial and full names, through the C library; and nslookup")
    func names() throws {
        try withNames { lab in
            let full = "10.96.7.7 web.default.svc.cluster.local"
            for name in ["web", "WEB", "web.default", "web.default.svc", "web.default.svc.cluster.local"] {
                #expect(try find(lab, name).lowercased() == full, "\(name)")
            }
            #expect(try find(lab, "far.other").hasPrefix("10.96.7.7 web.default.svc.cluster.local"))
            #expect(try find(lab, "nobody").isEmpty && find(lab, "far").isEmpty)
            #expect(try find(lab, "10.96.7.7") == full)
            #expect(try find(lab, "10.244.2.3") == "10.244.2.3 web-0.peers.default.svc.cluster.local")
            let nslookup = try lab.lab("exec", "caller", "--", "nslookup", "far.other")
            #expect(nslookup.status == 0 && nslookup.output.contains("10.96.7.7"), "\(nslookup)")
            #expect(try lab.succeed("exec", "caller", "--", "cat", "/etc/resolv.conf") == Self.resolver)
            let own = try lab.succeed("exec", "web-0", "--", "hostname", "-f")
            #expect(own == "web-0.peers.default.svc.cluster.local\n")
            // Its packets meet the service proxy, from the nodes too.
            let status = try lab.succeed("status")
            #expect(status.contains("dns") && status.contains("from kube-system/cluster-dns"), "\(status)")
        }
    }

    private static let resolver = """
        search default.svc.cluster.local svc.cluster.local cluster.local
        nameserver 10.96.0.10
        options ndots:5

        """

    @Test("every kind of record, over UDP and TCP", arguments: ["+notcp", "+tcp"])
    func records(transport: String) throws {
        try withNames { lab in
            func answers(_ type: String, _ name: String) throws -> String { try dig(lab, type, name, transport) }
            #expect(try answers("A", "web.default") == "10.96.7.7")
            #expect(try answers("SRV", "_http._tcp.web.default") == "0 100 80 web.default.svc.cluster.local.")
            #expect(try answers("A", "peers.default") == "10.244.2.3\n10.244.2.4")
            #expect(try answers("A", "web-1.peers.default") == "10.244.2.4")
            let peers = try answers("SRV", "_alt._tcp.peers.default")
            #expect(peers.contains("8080 web-0.peers.") && peers.contains("8080 web-1.peers."), "\(peers)")
            #expect(try answers("CNAME", "far.other") == "web.default.svc.cluster.local.")
            #expect(try answers("A", "far.other").hasSuffix("web.default.svc.cluster.local."))
            let others = ["A 10-244-2-3.default.pod", "TXT dns-version", "NS ", "SOA "]
            let found = try others.map { question -> String in
                let words = question.split(separator: " ", omittingEmptySubsequences: false)
                let name = words[1].isEmpty ? "cluster.local." : "\(words[1]).cluster.local."
                return try query(lab, String(words[0]), name, "+short", transport)
            }
            #expect(found[0] == "10.244.2.3\n" && found[1] == "\"1.1.0\"\n", "\(found)")
            #expect(found[2].contains("cluster.local.") && found[3].contains("cluster.local."), "\(found)")
            for (question, status) in [
                ("A nobody.default", "NXDOMAIN"), ("AAAA web.default", "NOERROR"), ("A default", "NOERROR"),
                ("A web.nowhere", "NXDOMAIN"), ("SRV _dns._tcp.web.default", "NXDOMAIN"),
            ] {
                let words = question.split(separator: " ").map(String.init)
                let answer = try query(lab, words[0], "\(words[1]).svc.cluster.local.", transport)
                #expect(answer.contains("status: \(status)") && answer.contains("ANSWER: 0"), "\(question): \(answer)")
            }
        }
    }

    @Test("what changes is answered: a new Service, an endpoint that goes, a Service that goes")
    func changes() throws {
        try withNames { lab in
            try lab.succeed("delete", "pod", "web-1", "--grace-period=0", "--force")
            #expect(try eventually { try dig(lab, "A", "peers.default") == "10.244.2.3" })
            #expect(try dig(lab, "A", "web-1.peers.default").isEmpty)
            try lab.succeed("delete", "service", "web")
            #expect(try eventually { try find(lab, "web").isEmpty })
            try lab.succeed("apply", "-f", try lab.write(Self.services, "services.yaml"))
            #expect(try eventually { try find(lab, "web").hasPrefix("10.96.7.7") })
        }
    }

    @Test("the pod deleted: it returns, and status says so; the supervisor killed: up brings the names back")
    func killed() throws {
        try withNames { lab in
            let before = try lab.succeed(
                "get", "pod", "-n", "kube-system", "cluster-dns", "-o", "jsonpath={.metadata.uid}")
            try lab.succeed("delete", "pod", "-n", "kube-system", "cluster-dns", "--grace-period=0", "--force")
            #expect(try eventually { try find(lab, "web").hasPrefix("10.96.7.7") })
            let after = try lab.succeed(
                "get", "pod", "-n", "kube-system", "cluster-dns", "-o", "jsonpath={.metadata.uid}")
            #expect(before != after)
            #expect(try eventually { try lab.succeed("status").contains("started 2 times") })
            lab.killSupervisors()
            let status = try lab.lab("status")
            #expect(status.status == 1 && status.output.contains("names are not answered"), "\(status)")
            try lab.succeed("up", "\(lab.directory)/lab.toml")
            #expect(try find(lab, "web").hasPrefix("10.96.7.7"))
        }
    }

    @Test("names outside the cluster: of a lab's server, and of nobody else")
    func outside() throws {
        try withNames { lab in
            #expect(try find(lab, "example.org").isEmpty)
            #expect(try query(lab, "A", "example.org.").contains("status: SERVFAIL"))
            for place in ["node/node1", "host/client"] {
                let text = try lab.succeed("exec", place, "--", "cat", "/etc/resolv.conf")
                #expect(!text.contains("nameserver"), "\(place): \(text)")
            }
            let upstream = try RunningCommand([
                "nsenter", "--net=\(lab.namespace("host.client"))", "python3", "-c", Self.upstream,
            ])
            defer { upstream.send(SIGKILL) }
            #expect(try upstream.waitForError(containing: "serving"))
            let servers =
                "[dns]\nupstream = [\"192.168.1.100\"]\nstub-domains = { \"stub.test\" = [\"192.168.1.100\"] }"
            try lab.succeed("up", try lab.file(Self.text(servers)))
            #expect(try find(lab, "example.org") == "192.0.2.53 example.org")
            #expect(try find(lab, "www.stub.test") == "192.0.2.53 www.stub.test")
            #expect(try find(lab, "web").hasPrefix("10.96.7.7"))
            let node = try lab.succeed("exec", "node/node1", "--", "getent", "hosts", "example.org")
            #expect(node.hasPrefix("192.0.2.53"), "\(node)")
        }
    }

    /// A server that answers every question for an address with one and the same.
    private static let upstream = """
        import socket, sys
        s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        s.bind(("192.168.1.100", 53))
        print("serving", file=sys.stderr, flush=True)
        while True:
            q, peer = s.recvfrom(4096)
            end = q.index(b"\\0", 12) + 5
            record = b"\\xc0\\x0c\\0\\x01\\0\\x01\\0\\0\\0\\x1e\\0\\x04" + bytes([192, 0, 2, 53])
            is_address = q[end - 4:end - 2] == b"\\0\\x01"
            head = q[:2] + b"\\x81\\x80\\0\\x01" + (b"\\0\\x01" if is_address else b"\\0\\0") + b"\\0\\0\\0\\0"
            s.sendto(head + q[12:end] + (record if is_address else b""), peer)
        """

    @Test("dnsPolicy, dnsConfig, hostAliases and host names, as pods ask for them")
    func policies() throws {
        try withNames { lab in
            try lab.succeed("apply", "-f", try lab.write(Self.pods, "pods.yaml"))
            for pod in ["none", "default", "shared", "long"] {
                #expect(try eventually { try lab.lab("exec", pod, "--", "true").status == 0 }, "\(pod)")
            }
            func resolver(_ pod: String) throws -> String {
                try lab.succeed("exec", pod, "--", "cat", "/etc/resolv.conf")
            }
            #expect(try resolver("none") == "search a.test\nnameserver 10.96.0.10\noptions ndots:2 edns0\n")
            #expect(try !resolver("default").contains("nameserver"))
            #expect(try resolver("shared") == Self.resolver)
            #expect(try find(lab, "web", in: "shared").hasPrefix("10.96.7.7"))
            #expect(try find(lab, "alias.test", in: "none") == "192.0.2.9 alias.test other.test")
            #expect(try lab.succeed("exec", "long", "--", "hostname") == "long.peers.default.svc.cluster.local\n")
            // More than six domains and 256 characters; the last one has it.
            #expect(try resolver("long").contains("s7.cluster.local"))
            #expect(try find(lab, "peers", in: "long").hasPrefix("10.244.2."))
        }
    }

    private static let pods = """
        apiVersion: v1
        kind: Pod
        metadata: {name: none}
        spec:
          dnsPolicy: None
          dnsConfig:
            nameservers: [10.96.0.10]
            searches: [a.test]
            options: [{name: ndots, value: "2"}, {name: edns0}]
          hostAliases: [{ip: 192.0.2.9, hostnames: [alias.test, other.test]}]
          containers: [{name: c, image: pause}]
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: default}
        spec: {dnsPolicy: Default, containers: [{name: c, image: pause}]}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: shared}
        spec: {hostNetwork: true, dnsPolicy: ClusterFirstWithHostNet, containers: [{name: c, image: pause}]}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: long}
        spec:
          subdomain: peers
          setHostnameAsFQDN: true
          dnsPolicy: None
          dnsConfig:
            nameservers: [10.96.0.10]
            searches: \(searches)
            options: [{name: ndots, value: "5"}]
          containers: [{name: c, image: pause}]
        """
    private static let searches =
        "["
        + (1...8).map { "\(String(repeating: "x", count: 50)).s\($0).cluster.local" }.joined(separator: ", ")
        + ", default.svc.cluster.local]"

    @Test("none: no pod, no Service, and no name server in pods")
    func none() throws {
        try withTestLab { lab in
            try lab.succeed("up", try lab.file(Self.text().replacing("builtin", with: "none")))
            #expect(try !lab.succeed("get", "pods,services", "-A").contains("dns"))
            #expect(try !lab.succeed("exec", "caller", "--", "cat", "/etc/resolv.conf").contains("nameserver"))
            try lab.succeed("up", try lab.file(Self.text()))
            #expect(try eventually { try find(lab, "kube-dns.kube-system").hasPrefix("10.96.0.10") })
            try lab.succeed("up", try lab.file(Self.text().replacing("builtin", with: "none")))
            #expect(try !lab.succeed("get", "pods,services", "-A").contains("dns"))
            #expect(try !lab.succeed("status").contains("dns "))
        }
    }
}

/// Other people's servers behind the same Service, told the same records.
@Suite("packaged cluster DNS")
struct PackagedDNSTests {
    /// Those that are installed here.
    private static let installed = [("dnsmasq", "dnsmasq"), ("unbound", "unbound"), ("knot", "knotd")]
        .filter { FileManager.default.isExecutableFile(atPath: "/usr/sbin/\($0.1)") }.map(\.0)

    private static let service = """
        apiVersion: v1
        kind: Service
        metadata: {name: web}
        spec: {clusterIP: 10.96.7.7, ports: [{name: http, port: 80}]}
        """

    @Test("answers, follows changes, returns when it is killed, and gives way to another one", arguments: installed)
    func answers(server: String) throws {
        try withTestLab { lab in
            let text =
                "[components]\ndns = \"\(server)\"\n" + LabTexts.nodes + LabTexts.pod("a", on: "node1", "10.244.1.5")
            try lab.succeed("up", try lab.file(text))
            func find(_ name: String) throws -> String {
                try lab.lab("exec", "a", "--", "getent", "hosts", name).output
            }
            #expect(try eventually { try find("kube-dns.kube-system").hasPrefix("10.96.0.10") })
            let service = try lab.write(Self.service, "service.yaml")
            try lab.succeed("apply", "-f", service)
            #expect(try eventually { try find("web").hasPrefix("10.96.7.7") })
            #expect(try eventually { try find("10.96.7.7").contains("web.default.svc.cluster.local") })
            try lab.succeed("delete", "-f", service)
            #expect(try eventually { try find("web").isEmpty })
            #expect(try lab.succeed("status").contains("\(server): "))
            let killed = try #require(process(lab))
            kill(killed, SIGKILL)
            #expect(eventually { process(lab).map { $0 != killed } ?? false })
            #expect(try eventually { try find("kube-dns.kube-system").hasPrefix("10.96.0.10") })
            lab.killSupervisors()
            #expect(try find("kube-dns.kube-system").hasPrefix("10.96.0.10"), "it needs no supervisor")
            try lab.succeed("up", "\(lab.directory)/lab.toml")
            try lab.succeed("apply", "-f", service)
            #expect(try eventually { try find("web").hasPrefix("10.96.7.7") })
            try lab.succeed("up", try lab.file(text.replacing("dns = \"\(server)\"", with: "dns = \"builtin\"")))
            #expect(try eventually { try find("web").hasPrefix("10.96.7.7") })
            #expect(try lab.succeed("status").contains("builtin: "))
        }
    }
    /// The server's process, as the lab has recorded it.
    private func process(_ lab: TestLab) -> pid_t? {
        let path = "\(lab.stateDirectory)/pods/kube-system.cluster-dns/dns.process"
        guard let data = FileManager.default.contents(atPath: path) else { return nil }
        struct Record: Decodable { let pid: pid_t }
        return try? JSONDecoder().decode(Record.self, from: data).pid
    }
}
