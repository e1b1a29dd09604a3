import Foundation
import LabFixture
import Testing

/// NetworkPolicies in a lab, and the engine behind them when things go wrong.
///
///     client 192.168.1.100 ──┬── node1 192.168.1.10 ── frontend, other
///                            └── node2 192.168.1.11 ── backend
@Suite("network policies")
struct NetworkPolicyTests {
    private static let documents =
        URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path + "/labs/documents"

    private static func text(_ keys: String = "") -> String {
        keys + "\n" + LabTexts.nodes
            + LabTexts.pod("frontend", on: "node1", "10.244.1.5", labels: ["app": "frontend"])
            + LabTexts.pod("other", on: "node1", "10.244.1.6", labels: ["app": "other"])
            + LabTexts.pod("backend", on: "node2", "10.244.2.3", labels: ["app": "backend"]) + LabTexts.client
    }

    private static let denyIngress = """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: deny-ingress}
        spec: {podSelector: {}, policyTypes: [Ingress]}
        """

    private static let backend = "10.244.2.3:80"

    /// curl's exit status: 0 answered, 7 refused, 28 nothing heard.
    private func curl(_ lab: TestLab, from place: String, _ to: String = backend, seconds: String = "5") throws -> Int32
    {
        try lab.lab("exec", place, "--", "curl", "-sS", "-m\(seconds)", "-o/dev/null", "http://\(to)/hostname").status
    }

    private func denied(_ lab: TestLab, from place: String, _ to: String = backend) throws -> Bool {
        try curl(lab, from: place, to, seconds: "0.5") == 28
    }

    /// Asks an address for a connection again and again, until the file `over` is there.
    private func knocking(_ lab: TestLab, from pod: String, at address: String) throws -> RunningCommand {
        let caller = try RunningCommand([
            "nsenter", "--net=\(lab.namespace("default.\(pod)"))", "python3", "-c", Self.knock, address,
            "\(lab.directory)/over",
        ])
        #expect(try caller.waitForError(containing: "knocking"))
        return caller
    }

    private func rules(_ lab: TestLab) -> String {
        (try? lab.inside("node2", "nft", "list", "table", "ip", "lab-network-policy").output) ?? ""
    }

    @Test("the documents' policies stop and let pass what they say")
    func documents() throws {
        try withTestLab { lab in
            try lab.succeed("up", try lab.file(Self.text()))
            #expect(try curl(lab, from: "other") == 0)
            try lab.succeed("apply", "-f", "\(Self.documents)/backend-policy.yaml")
            #expect(
                try eventually { try denied(lab, from: "frontend") }, "port 80 is not the policy's\n\(rules(lab))")
            #expect(try curl(lab, from: "frontend", "10.244.2.3:8080") == 0, "\(rules(lab))")
            #expect(try denied(lab, from: "other", "10.244.2.3:8080"))
            try lab.succeed("apply", "-f", "\(Self.documents)/allow-frontend-to-backend.yaml")
            #expect(try eventually { try curl(lab, from: "frontend") == 0 })
            #expect(try denied(lab, from: "other"))
            #expect(try curl(lab, from: "other", "10.244.1.5:80") == 0, "the frontend is not isolated")
            #expect(try curl(lab, from: "node/node2") == 0, "a pod's own node gets in")
            try lab.succeed("apply", "-f", "\(Self.documents)/deny-all.yaml")
            #expect(try eventually { try denied(lab, from: "frontend") }, "deny-all is about egress too")
            let status = try lab.succeed("status")
            #expect(status.contains("nftables: 3 policies isolate 3 pods on 2 nodes"), "\(status)")
            try lab.succeed("delete", "networkpolicy", "--all")
            #expect(try eventually { try curl(lab, from: "other") == 0 })
        }
    }

    @Test("a pod that comes after the policy is never open, from its first packet on")
    func laterPods() throws {
        try withTestLab { lab in
            let policy = try lab.write(Self.denyIngress, "deny.yaml")
            try lab.succeed("up", try lab.file("manifests = [\"\(policy)\"]\n" + Self.text()))
            // The rules of a pod that a lab file brings are there when up is done.
            #expect(try denied(lab, from: "frontend"), "\(rules(lab))")
            let caller = try knocking(lab, from: "frontend", at: "10.244.2.9")
            try lab.succeed("apply", "-f", try lab.write(Self.latePod, "late.yaml"))
            #expect(try eventually { try curl(lab, from: "node/node2", "10.244.2.9:80") == 0 })
            #expect(try denied(lab, from: "other", "10.244.2.9:80"))
            _ = try lab.write("", "over")
            let outcome = try caller.wait()
            #expect(outcome.output.contains("never"), "\(outcome)")
        }
    }

    @Test("labels that change as fast as the API takes them: no open moment, and no change is lost")
    func churn() throws {
        try withTestLab { lab in
            try lab.succeed("up", try lab.file(Self.text()))
            try lab.succeed("apply", "-f", try lab.write(Self.clientsOnly, "clients.yaml"))
            #expect(try eventually { try denied(lab, from: "other") })
            let caller = try knocking(lab, from: "other", at: "10.244.2.3")
            let churn = try RunningCommand(["python3", "-c", Self.relabel, "\(lab.stateDirectory)/api.sock", "2000"])
                .wait()
            #expect(churn.status == 0, "\(churn)")
            _ = try lab.write("", "over")
            let outcome = try caller.wait()
            #expect(outcome.output.contains("never"), "\(outcome)\n\(churn)")
            // The last of its labels is that of a client.
            #expect(try eventually { try curl(lab, from: "frontend") == 0 }, "\(rules(lab))")
            #expect(try denied(lab, from: "other"))
        }
    }

    private static let clientsOnly = """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: clients-only}
        spec:
          podSelector: {matchLabels: {app: backend}}
          ingress: [{from: [{podSelector: {matchLabels: {role: client}}}]}]
        """

    /// Changes labels of three pods through the API's socket: the frontend becomes a client and none, in turn; the others get
    /// labels that no policy names.
    private static let relabel = """
        import http.client, json, socket, sys, threading, time
        class Unix(http.client.HTTPConnection):
            def connect(self):
                self.sock = socket.socket(socket.AF_UNIX)
                self.sock.connect(sys.argv[1])
        def change(pod, labels):
            connection = Unix("lab")
            for label in labels:
                body = json.dumps({"metadata": {"labels": label}})
                connection.request("PATCH", "/api/v1/namespaces/default/pods/" + pod, body,
                                   {"Content-Type": "application/merge-patch+json"})
                answer = connection.getresponse()
                answer.read()
                if answer.status != 200: raise SystemExit("%s: %d" % (pod, answer.status))
        count = int(sys.argv[2]) // 2
        start = time.time()
        others = threading.Thread(target=change, args=("other", [{"n": str(n)} for n in range(count)]))
        others.start()
        change("frontend", [{"role": "client" if n % 2 else None} for n in range(count)])
        others.join()
        print("%d changes a second" % (2 * count / (time.time() - start)))
        """

    @Test("the supervisor killed: isolated pods stay isolated, and up takes the policies over")
    func killed() throws {
        try withTestLab { lab in
            let file = try lab.file(Self.text())
            try lab.succeed("up", file)
            try lab.succeed("apply", "-f", try lab.write(Self.denyIngress, "deny.yaml"))
            #expect(try eventually { try denied(lab, from: "frontend") })
            lab.killSupervisors()
            #expect(try denied(lab, from: "frontend"), "without a supervisor\n\(rules(lab))")
            #expect(try lab.lab("status").output.contains("its rules stay, and follow no change"))
            try lab.succeed("up", file)
            #expect(try denied(lab, from: "frontend"))
            try lab.succeed("delete", "networkpolicy", "deny-ingress")
            #expect(try eventually { try curl(lab, from: "frontend") == 0 })
        }
    }

    @Test("the engine killed while policies come one by one: isolated pods stay isolated, and all hold afterwards")
    func killedBetweenObjects() throws {
        try withTestLab { lab in
            let file = try lab.file(Self.text())
            try lab.succeed("up", file)
            try lab.succeed("apply", "-f", try lab.write(Self.denyIngress, "deny.yaml"))
            #expect(try eventually { try denied(lab, from: "other") })
            let caller = try knocking(lab, from: "other", at: "10.244.2.3")
            let many = try lab.write(Self.openings, "openings.yaml")
            for turn in 0..<4 {
                let applying = try lab.start(["apply", "-f", many])
                // So many of the objects are there when the engine dies.
                let some = "networking.k8s.io/opening-\(10 * turn)"
                #expect(
                    eventually { (try? lab.lab("get", "networkpolicies", "-o", "name").output.contains(some)) ?? true })
                lab.killSupervisors()
                _ = try applying.wait()
                #expect(try denied(lab, from: "other"), "without a supervisor\n\(rules(lab))")
                try lab.succeed("up", file)
                try lab.succeed("apply", "-f", many)
                #expect(try eventually { try curl(lab, from: "frontend") == 0 }, "\(rules(lab))")
                #expect(try denied(lab, from: "other"))
                try lab.succeed("delete", "-f", many)
                #expect(try eventually { try denied(lab, from: "frontend") })
            }
            _ = try lab.write("", "over")
            let outcome = try caller.wait()
            #expect(outcome.output.contains("never"), "\(outcome)")
        }
    }

    /// Forty policies that open a port each to the frontend; the last opens port 80.
    private static let openings = (41...80).map { port in
        """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: opening-\(port - 41)}
        spec:
          podSelector: {matchLabels: {app: backend}}
          policyTypes: [Ingress]
          ingress: [{from: [{podSelector: {matchLabels: {app: frontend}}}], ports: [{port: \(port)}]}]
        """
    }.joined(separator: "\n---\n")

    @Test("rules that somebody deletes return, and other people's tables stay")
    func repaired() throws {
        try withTestLab { lab in
            try lab.succeed("up", try lab.file(Self.text()))
            try lab.succeed("apply", "-f", try lab.write(Self.denyIngress, "deny.yaml"))
            #expect(try eventually { try denied(lab, from: "frontend") })
            _ = try lab.inside("node2", "nft", "add table ip foreign; add chain ip foreign mine")
            for damage in [
                "delete table ip lab-network-policy", "flush chain ip lab-network-policy forward-ingress",
                "flush map ip lab-network-policy ingress",
            ] {
                #expect(try lab.inside("node2", "nft", damage).status == 0, "\(damage)")
                #expect(try eventually { try denied(lab, from: "frontend") }, "\(damage)\n\(rules(lab))")
            }
            #expect(try lab.inside("node2", "nft", "list chain ip foreign mine").status == 0)
            #expect(try lab.succeed("status").contains("repaired"))
        }
    }

    @Test("denials that are told, and an engine that a lab file takes away")
    func settings() throws {
        try withTestLab { lab in
            try lab.succeed("up", try lab.file(Self.text("[network-policy]\ndenial = \"reject\"")))
            try lab.succeed("apply", "-f", try lab.write(Self.denyIngress, "deny.yaml"))
            #expect(try eventually { ![0, 28].contains(try curl(lab, from: "frontend")) }, "\(rules(lab))")
            try lab.succeed("up", try lab.file(Self.text("[components]\nnetwork-policy = \"none\"")))
            #expect(try curl(lab, from: "frontend") == 0)
            #expect(rules(lab).isEmpty)
            #expect(try !lab.succeed("status").contains("network-policy"))
        }
    }

    @Test("established flows go on under a new policy, or are cut, as the lab file says", arguments: ["keep", "cut"])
    func established(flows: String) throws {
        try withTestLab { lab in
            let text = Self.text("[network-policy]\nestablished-flows = \"\(flows)\"")
            try lab.succeed("up", try lab.file(text))
            let server = try RunningCommand([
                "nsenter", "--net=\(lab.namespace("default.backend"))", "python3", "-c", Self.echo,
            ])
            defer { server.send(2) }
            #expect(try server.waitForError(containing: "listening"))
            let over = "\(lab.directory)/over"
            let client = try RunningCommand([
                "nsenter", "--net=\(lab.namespace("default.frontend"))", "python3", "-c", Self.longTalk, over,
            ])
            #expect(try client.waitForError(containing: "talking"))
            try lab.succeed("apply", "-f", try lab.write(Self.denyIngress, "deny.yaml"))
            #expect(try eventually { try denied(lab, from: "other") })
            _ = try lab.write("", "over")
            let outcome = try client.wait()
            #expect(outcome.output.contains(flows == "keep" ? "unbroken" : "cut"), "\(outcome)\n\(rules(lab))")
        }
    }

    @Test("lab policy explains flows, shows who reaches whom, and says where packets do otherwise")
    func verbs() throws {
        try withTestLab { lab in
            try lab.succeed("up", try lab.file(Self.text()))
            try lab.succeed("apply", "-f", "\(Self.documents)/allow-frontend.yaml")
            #expect(try eventually { try denied(lab, from: "other") })
            let allowed = try lab.lab("policy", "explain", "frontend", "backend:80")
            #expect(allowed.status == 0 && allowed.output.hasPrefix("ALLOWED"), "\(allowed)")
            #expect(allowed.output.contains("default/allow-frontend ingress[0]"), "\(allowed)")
            for sender in ["other", "host/client", "node/node1"] {
                let denied = try lab.lab("policy", "explain", sender, "backend:80/udp")
                #expect(denied.status == 0 && denied.output.hasPrefix("DENIED"), "\(denied)")
                #expect(denied.output.contains("packets   dropped after "), "\(denied)")
            }
            let outside = try lab.lab("policy", "explain", "other", "host/client:80")
            #expect(outside.status == 0 && outside.output.contains("packets   allowed"), "\(outside)")
            let table = try lab.lab("policy", "table", "-p", "80", "-p", "53/udp")
            #expect(table.status == 0 && table.output.contains("flows, all as the policies say"), "\(table)")
            // Other people's rules are left alone, and stop what policies allow.
            let foreign = "add table ip foreign; add chain ip foreign f { type filter hook forward priority 0; }"
            #expect(try lab.inside("node2", "nft", foreign).status == 0)
            #expect(try lab.inside("node2", "nft", "add rule ip foreign f tcp dport 80 drop").status == 0)
            let differing = try lab.lab("policy", "explain", "frontend", "backend:80")
            #expect(differing.status == 1 && differing.output.contains("NOT as the policies say"), "\(differing)")
            let wrong = try lab.lab("policy", "explain", "other", "nobody:80")
            #expect(wrong.status == 1 && wrong.error.contains("has no pod default/nobody"), "\(wrong)")
        }
    }

    @Test("invalid policies are refused at the field's path")
    func refused() throws {
        try withTestLab { lab in
            try lab.succeed("up", try lab.file(Self.text()))
            for (rule, complaint) in Self.invalid {
                let policy = """
                    {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": {"name": "bad"},
                    "spec": {"podSelector": {}, "ingress": [\(rule)]}}
                    """
                let outcome = try lab.lab("apply", "-f", try lab.write(policy, "bad.json"))
                #expect(outcome.status != 0 && outcome.error.contains(complaint), "\(rule): \(outcome)")
            }
            #expect(try lab.succeed("get", "networkpolicies", "-A", "-o", "name").isEmpty)
        }
    }

    private static let invalid = [
        (#"{"from": [{"ipBlock": {"cidr": "10.0.0.0/33"}}]}"#, "spec.ingress[0].from[0].ipBlock.cidr"),
        (
            #"{"from": [{"ipBlock": {"cidr": "10.0.0.0/24", "except": ["10.1.0.0/25"]}}]}"#,
            "spec.ingress[0].from[0].ipBlock.except[0]"
        ),
        (#"{"ports": [{"port": 90, "endPort": 80}]}"#, "spec.ingress[0].ports[0].endPort"),
        (#"{"ports": [{"port": 90, "protocol": "ICMP"}]}"#, "spec.ingress[0].ports[0].protocol"),
    ]

    private static let latePod = """
        apiVersion: v1
        kind: Pod
        metadata: {name: late, labels: {app: late}, annotations: {lab/address: 10.244.2.9}}
        spec: {nodeName: node2, containers: [{name: web, image: nginx}]}
        """

    /// Knocks at a port, as often as it can, and says whether it was ever let in.
    private static let knock = """
        import os, socket, sys
        seen = "never"
        sys.stderr.write("knocking\\n"); sys.stderr.flush()
        while not os.path.exists(sys.argv[2]):
            with socket.socket() as knock:
                knock.settimeout(0.02)
                try:
                    knock.connect((sys.argv[1], 80))
                    seen = "let in"
                except ConnectionRefusedError:
                    seen = "let in, and refused"
                except OSError:
                    pass
        print(seen)
        """

    private static let echo = """
        import socket, sys
        server = socket.create_server(("10.244.2.3", 7007))
        sys.stderr.write("listening\\n"); sys.stderr.flush()
        peer = server.accept()[0]
        while True:
            data = peer.recv(100)
            if not data: break
            peer.sendall(data)
        """

    /// Talks over one connection until a file appears, and twenty times after it.
    private static let longTalk = """
        import os, socket, sys, time
        talk = socket.create_connection(("10.244.2.3", 7007), 5)
        talk.settimeout(3)
        rest = 20
        said = False
        try:
            while rest:
                talk.sendall(b"x")
                if not talk.recv(1): raise OSError("closed")
                if not said: sys.stderr.write("talking\\n"); sys.stderr.flush(); said = True
                if os.path.exists(sys.argv[1]): rest -= 1
                time.sleep(0.01)
            print("unbroken")
        except OSError:
            print("cut")
        """
}
