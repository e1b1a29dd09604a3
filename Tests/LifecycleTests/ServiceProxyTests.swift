import Foundation
import LabFixture
import Testing

/// The documents' Services, and the proxy behind them when things go wrong.
///
///     client 192.168.1.100 ──┬── node1 192.168.1.10 ── caller
///                            └── node2 192.168.1.11 ── myapp-1, myapp-2
@Suite("Services")
struct ServiceProxyTests {
    private static let documents =
        URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path + "/labs/documents"

    /// A lab with the documents' Services of type ClusterIP and NodePort 30007.
    private static func text(proxy: String) -> String {
        """
        manifests = ["\(documents)/my-clusterip-service.yaml", "\(documents)/my-nodeport-service.yaml"]
        [components]
        service-proxy = "\(proxy)"

        """ + LabTexts.nodes + LabTexts.pod("caller", on: "node1", "10.244.1.5")
            + ["myapp-1", "myapp-2"].enumerated().map {
                LabTexts.pod($1, on: "node2", "10.244.2.\($0 + 3)", labels: ["app": "myapp"])
            }.joined() + LabTexts.client
    }

    private func clusterIP(_ lab: TestLab) throws -> String {
        try lab.succeed("get", "service", "my-clusterip-service", "-o", "jsonpath={.spec.clusterIP}")
    }

    private func curl(_ lab: TestLab, from place: String, _ url: String) throws -> Outcome {
        try lab.lab("exec", place, "--", "curl", "-sS", "-m5", url)
    }

    @Test("a ClusterIP from pods and nodes, a NodePort from outside through each node", arguments: proxies)
    func documents(proxy: String) throws {
        try withTestLab { lab in
            try lab.succeed("up", try lab.file(Self.text(proxy: proxy)))
            let address = try clusterIP(lab)
            for place in ["caller", "myapp-1", "node/node1", "node/node2"] {
                var backends: Set<String> = []
                for _ in 0..<40 where backends.count < 2 {
                    let outcome = try curl(lab, from: place, "http://\(address)/hostname")
                    #expect(outcome.status == 0, "from \(place): \(outcome)\n\rules(lab)")
                    backends.insert(outcome.output)
                }
                #expect(backends.count == 2, "from \(place) only \(backends) answered")
            }
            for node in ["192.168.1.10", "192.168.1.11"] {
                let outcome = try curl(lab, from: "host/client", "http://\(node):30007/hostname")
                #expect(outcome.status == 0, "\(node): \(outcome)\n\rules(lab)")
            }
            let seen = try curl(lab, from: "caller", "http://\(address)/clientip")
            #expect(seen.output.hasPrefix("10.244.1.5:"), "\(seen)")
            let status = try lab.succeed("status")
            #expect(status.contains("service-proxy") && status.contains("\(proxy): 3 Services on 2 nodes"), "\(status)")
        }
    }

    @Test("no endpoints: refused at once; and answered as soon as there is one again", arguments: proxies)
    func withoutEndpoints(proxy: String) throws {
        try withTestLab { lab in
            try lab.succeed("up", try lab.file(Self.text(proxy: proxy)))
            let address = try clusterIP(lab)
            let others = Self.text(proxy: proxy).replacing("myapp\" }", with: "other\" }")
            try lab.succeed("up", try lab.file(others))
            #expect(try eventually { try curl(lab, from: "caller", "http://\(address)/").status == 7 })
            let refused = try curl(lab, from: "caller", "http://\(address)/")
            #expect(refused.output.contains("refused"), "\(refused)")
            try lab.succeed("up", try lab.file(Self.text(proxy: proxy)))
            #expect(try eventually { try curl(lab, from: "caller", "http://\(address)/").status == 0 })
        }
    }

    @Test(
        "the supervisor killed: Services go on, open connections live, and up takes the rules over", arguments: proxies)
    func killed(proxy: String) throws {
        try withTestLab { lab in
            let file = try lab.file(Self.text(proxy: proxy) + Self.echo)
            try lab.succeed("up", file)
            try lab.succeed("apply", "-f", try lab.write(Self.echoService, "echo.yaml"))
            let address = try lab.succeed("get", "service", "echo", "-o", "jsonpath={.spec.clusterIP}")
            #expect(try eventually { try speak(lab, address).status == 0 })
            let client = try RunningCommand([
                "nsenter", "--net=\(lab.namespace("default.caller"))", "python3", "-c", Self.longTalk, address,
            ])
            #expect(try client.waitForError(containing: "talking"))
            lab.killSupervisors()
            let without = try speak(lab, address)
            #expect(without.status == 0, "without a supervisor: \(without)")
            try lab.succeed("up", file)
            client.send(SIGTERM)
            let outcome = try client.wait()
            #expect(outcome.output.contains("unbroken"), "\(outcome)")
            #expect(try speak(lab, address).status == 0)
        }
    }

    @Test("rules that somebody deletes return, and other people's tables stay", arguments: proxies)
    func repaired(proxy: String) throws {
        try withTestLab { lab in
            try lab.succeed("up", try lab.file(Self.text(proxy: proxy)))
            let address = try clusterIP(lab)
            for damage in Self.damages(proxy) {
                let outcome = try lab.inside("node1", "nft", damage)
                #expect(outcome.status == 0, "\(damage): \(outcome)")
            }
            _ = try lab.inside("node1", "nft", "add table ip foreign; add chain ip foreign mine")
            #expect(
                try eventually { try curl(lab, from: "caller", "http://\(address)/hostname").status == 0 },
                "\rules(lab)")
            #expect(try lab.inside("node1", "nft", "list chain ip foreign mine").status == 0)
            #expect(try eventually { try lab.succeed("status").contains("repaired") })
        }
    }

    @Test("another proxy in the file replaces the rules, none removes them")
    func changed() throws {
        try withTestLab { lab in
            try lab.succeed("up", try lab.file(Self.text(proxy: "nftables")))
            #expect(rules(lab).contains("map cluster-endpoints-2"))
            try lab.succeed("up", try lab.file(Self.text(proxy: "nftables-chains")))
            let chains = rules(lab)
            #expect(chains.contains("chain service-") && !chains.contains("map cluster-endpoints-2"), "\(chains)")
            try lab.succeed("up", try lab.file(Self.text(proxy: "none")))
            #expect(!rules(lab).contains("lab-service-proxy"))
        }
    }

    @Test("objects that make no sense harm nobody: they are told, and the others are served", arguments: proxies)
    func hostileObjects(proxy: String) throws {
        try withTestLab { lab in
            try lab.succeed("up", try lab.file(Self.text(proxy: proxy)))
            try lab.succeed("apply", "-f", try lab.write(Self.hostile(), "hostile.yaml"))
            let outcome = try curl(lab, from: "caller", "http://\(try clusterIP(lab))/hostname")
            #expect(outcome.status == 0, "\(outcome)")
            let many = try lab.succeed("get", "service", "many", "-o", "jsonpath={.spec.clusterIP}")
            #expect(
                try eventually {
                    let rules = try lab.inside("node1", "nft", "list ruleset").output
                    return rules.contains(many) && rules.contains("10.200.19.")
                })
            #expect(try lab.lab("status").status == 0)
        }
    }

    // MARK: Parts

    static let proxies = ["nftables", "nftables-chains"]

    private func rules(_ lab: TestLab) -> String {
        (try? lab.inside("node1", "nft", "list ruleset").output) ?? "the rules cannot be listed"
    }

    private func speak(_ lab: TestLab, _ address: String) throws -> Outcome {
        try lab.lab("exec", "caller", "--", "python3", "-c", Self.shortTalk, address)
    }

    /// Each takes away something without which a ClusterIP is dead.
    private static func damages(_ proxy: String) -> [String] {
        proxy == "nftables"
            ? ["flush chain ip lab-service-proxy cluster-policy"] : ["delete table ip lab-service-proxy"]
    }

    /// A backend that outlives the supervisor: it says back every line.
    private static let echo = LabTexts.pod(
        "echo", on: "node2", "10.244.2.9",
        #"{ name = "main", image = "x", command = ["python3", "-c", "\#(server)"] }"#, labels: ["app": "echo"])
    private static let server = #"""
        import socketserver\nclass H(socketserver.StreamRequestHandler):\n  def handle(self):\n    for line in self.rfile: self.wfile.write(line)\nclass S(socketserver.ThreadingTCPServer):\n  allow_reuse_address = True\n  daemon_threads = True\nS(('', 7000), H).serve_forever()
        """#
    private static let echoService = """
        apiVersion: v1
        kind: Service
        metadata: { name: echo }
        spec: { selector: { app: echo }, ports: [{ port: 7, targetPort: 7000 }] }
        """
    private static let shortTalk = """
        import socket, sys
        s = socket.create_connection((sys.argv[1], 7), 3)
        s.sendall(b'hello\\n')
        assert s.recv(100) == b'hello\\n'
        """
    /// Talks on one connection until it is told to end.
    private static let longTalk = """
        import signal, socket, sys, time
        over = False
        def end(*_):
            global over
            over = True
        signal.signal(signal.SIGTERM, end)
        s = socket.create_connection((sys.argv[1], 7), 3)
        s.settimeout(5)
        n = 0
        while not over:
            word = b'%d\\n' % n
            s.sendall(word)
            assert s.recv(100) == word
            n += 1
            if n == 10: print('talking', file=sys.stderr, flush=True)
            time.sleep(0.005)
        print('unbroken', n)
        """

    /// 5,000 endpoints on one Service, endpoints of the wrong family, and a slice of names.
    private static func hostile() -> String {
        var text = """
            apiVersion: v1
            kind: Service
            metadata: { name: many }
            spec: { ports: [{ port: 80 }] }

            """
        for slice in 0..<5 {
            let endpoints = (0..<1000).map { index in
                let number = slice * 1000 + index
                return "{ addresses: [10.200.\(number / 250).\(number % 250 + 1)] }"
            }
            text += """
                ---
                apiVersion: discovery.k8s.io/v1
                kind: EndpointSlice
                metadata: { name: many-\(slice), labels: { kubernetes.io/service-name: many } }
                addressType: IPv4
                ports: [{ port: 8080, protocol: TCP }]
                endpoints: [\(endpoints.joined(separator: ", "))]

                """
        }
        text += """
            ---
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata: { name: six, labels: { kubernetes.io/service-name: many } }
            addressType: IPv6
            ports: [{ port: 8080 }]
            endpoints: [{ addresses: ["fd00::1"] }]
            ---
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata: { name: names, labels: { kubernetes.io/service-name: many } }
            addressType: FQDN
            ports: [{ port: 8080 }]
            endpoints: [{ addresses: [example.org] }]

            """
        return text
    }
}
