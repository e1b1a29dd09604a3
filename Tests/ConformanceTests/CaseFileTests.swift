import Addressing
import TestSupport
import Testing
import Topology

@testable import Conformance

@Suite struct CaseFileTests {
    private static let head = "id = \"group/name\"\nproves = [\"B1\"]\ntitle = \"a title\"\n"
    private static let probe =
        "[[step]]\nprobe = { from = \"pods\", to = \"pods\", protocol = \"tcp/80\" }\nexpect = \"delivered\"\n"

    private static func probe(_ old: String, _ new: String) -> String { head + probe.replacing(old, with: new) }

    private static let refusals: [(String, String)] = {
        var list: [(String, String)] = []
        list.append((head, "without steps"))
        list.append((head + "[[step]]\napply = [\"x\"]\n", "has no probe"))
        list.append((head + "[[step]]\n", "does nothing"))
        list.append((probe("to = \"pods\"", "to = \"service/\""), "selects nothing"))
        list.append((probe("to = \"pods\"", "to = [\"pods\", \"service/web\"]"), "cannot be dialled in one step"))
        list.append((probe("tcp/80\"", "tcp/80\", target = \"node-port\""), "only a Service has a node-port"))
        list.append((probe("to = \"pods\"", "to = \"service/web\", target = \"pod-ip\""), "a Service has no pod-ip"))
        list.append((probe("to = \"pods\"", "to = \"service/web\", where = \"self\""), "on no node"))
        list.append((probe("to = \"pods\"", "to = \"pods\", address = \"10.96.0.9\""), "dialled already"))
        list.append((probe("tcp/80\"", "tcp/80\", through = \"nodes\""), "only a Service is reached through nodes"))
        list.append((probe("tcp/80\"", "tcp/80\", count = 2, source-port = 40000"), "are one flow"))
        list.append((probe("tcp/80\"", "tcp/80\", count = 0"), "out of range"))
        list.append((probe("\"delivered\"", "\"delivered\"\nsettle = \"5\""), "is no time"))
        list.append((probe("\"delivered\"", "\"delivered\"\nsticks-to = \"first\""), "no probe before it"))
        list.append((probe("\"delivered\"", "{ outcome = \"dropped\", to = \"pod/a\" }"), "reaches nobody"))
        list.append((probe("\"delivered\"", "{ outcome = \"delivered\", source = \"keep\" }"), "none of the values"))
        list.append((head + "[[step]]\nrestart = \"kubelet\"\n" + probe, "no component"))
        list.append(
            (head + "[[step]]\nscale = { deployment = \"web\", replicas = -1 }\n" + probe, "no number for a case"))
        list.append((head + "[[step]]\nlabel = { pod = \"a\" }\n" + probe, "changes no label"))
        list.append((head + "[[step]]\nfault = { in = \"nodes\" }\n" + probe, "is missing"))
        let stream =
            "[[step]]\nstream = { id = \"s\", from = \"pod/a\", to = \"service/web\", protocol = \"tcp/80\" }\n"
        let end = "[[step]]\nstream-end = { id = \"s\" }\nexpect = \"unbroken\"\n"
        list.append((head + stream + probe, "never ended"))
        list.append((head + end, "no stream is called"))
        list.append((head + stream + stream + end, "called so already"))
        list.append(
            (head + stream + end.replacing("\"unbroken\"", with: "\"fine\""), "nothing that becomes of a stream"))
        list.append((head + "stpe = 1\n" + probe, "no key"))
        list.append((head.replacing("B1", with: "b1") + probe, "not a behaviour's id"))
        list.append((head.replacing("group/name", with: "../x") + probe, "not a case's id"))
        list.append((head + "level = \"X\"\n" + probe, "is no level"))
        list.append((probe("expect = \"delivered\"", ""), "what would be proven"))
        list.append((probe("delivered", "deliverd"), "is no outcome"))
        list.append((probe("\"delivered\"", "{}"), "table is empty"))
        list.append((probe("\"pods\", to", "\"podz\", to"), "selects nothing"))
        list.append((probe("\"pods\", to", "[], to"), "names nobody"))
        list.append((probe("tcp/80", "tcp/0"), "no protocol with a port"))
        list.append((probe("tcp/80\"", "tcp/80\", size = 100"), "for udp and ping only"))
        list.append((probe("tcp/80\"", "udp/80\", size = 1"), "cannot be sent"))
        list.append((probe("tcp/80\"", "tcp/80\", echo = true"), "echo is for udp only"))
        list.append((probe("tcp/80\"", "tcp/80\", target = \"localhost\""), "leads to the sender itself"))
        list.append((probe("to = \"pods\"", "to = \"nodes\""), "have no server"))
        list.append((head + probe + "apply = [\"x\"]\n", "does several things"))
        list.append((head + "[[step]]\napply = [\"x\"]\nexpect = \"delivered\"\n" + probe, "never checked"))
        list.append((head + "needs = { node = 2 }\n" + probe, "no key"))
        list.append((head + "needs = { families = [\"ipv5\"] }\n" + probe, "is no family"))
        return list
    }()

    private func read(_ text: String) throws -> ConformanceCase {
        try CaseFile.read(SourceFile(path: "cases/group/name.toml", text: text))
    }

    private func problems(_ text: String) -> [Diagnostic] {
        do {
            _ = try read(text)
            return []
        } catch let error as LabFileError {
            return error.diagnostics
        } catch {
            return []
        }
    }

    @Test("a case is read whole, and its paths are relative to its file")
    func whole() throws {
        let item = try read(
            """
            id = "group/name"
            proves = ["B1", "B10"]
            title = "a title"
            source = "somewhere"
            leaves-open = "the rest"
            level = "I"
            needs = { nodes = 2, hosts = 1, families = ["ipv6"], pod-network = "vxlan" }
            pods = ["../pods.yaml"]
            [[step]]
            apply = ["more.yaml"]
            [[step]]
            probe = { from = ["pods", "node/{node.1}"], to = "pods[app=web]", where = "other-node", protocol = ["udp/53"], size = "mtu", df = true }
            expect = "delivered"
            [[step]]
            ping = { from = "host/client", to = "pod/default/pod-a", size = 1000 }
            expect = "refused"
            [[step]]
            delete = ["more.yaml"]
            """)
        #expect(item.level == .implementation)
        #expect(item.needs.nodes == 2 && item.needs.families == [.ipv6] && item.needs.podNetwork == .vxlan)
        #expect(item.pods == ["cases/group/../pods.yaml"])
        #expect(item.steps.count == 4)
        guard case .probe(let probe) = item.steps[1], case .probe(let ping) = item.steps[2] else {
            return #expect(Bool(false), "\(item.steps)")
        }
        #expect(probe.from == [.pods(labels: [:]), .node("{node.1}")])
        #expect(probe.to == [.participants(.pods(labels: ["app": "web"]))])
        #expect(probe.relation == .otherNode && probe.size == .mtu && probe.dontFragment)
        #expect(ping.protocols == [.ping] && ping.expectation == .all([.refused]))
        #expect(ping.to == [.participants(.pod(namespace: "default", name: "pod-a"))])
    }

    @Test("a table of expectations is read by sender and receiver")
    func table() throws {
        let item = try read(
            Self.head + """
                [[step]]
                probe = { from = "pods", to = "pods", protocol = "tcp/80" }
                expect = { "pod/a" = { "pod/b" = "delivered", pods = "dropped" } }
                """)
        guard case .probe(let probe) = item.steps[0], case .table(let table) = probe.expectation else {
            return #expect(Bool(false), "\(item.steps)")
        }
        #expect(table.count == 2)
        let pair = ExpectedPair(
            from: .pod(namespace: nil, name: "a"), to: .participants(.pods(labels: [:])))
        #expect(table[pair] == .dropped)
    }

    @Test("steps about Services are read whole, and a case that dials one needs a proxy")
    func services() throws {
        let item = try read(
            Self.head + """
                level = "P"
                [[step]]
                apply = ["web.yaml"]
                [[step]]
                label = { pod = "a1", set = { app = "web" }, remove = ["old"] }
                [[step]]
                id = "first"
                probe = { from = ["pods", "hosts"], to = "service/web", protocol = ["tcp/80"], target = "node-port", through = "node/{node.1}", count = 60 }
                expect = { outcome = "delivered", to = ["pod/b1"], source = "masqueraded" }
                settle = "1500ms"
                all-endpoints = true
                spread = true
                [[step]]
                wait = "1s"
                [[step]]
                probe = { from = "pods", address = "{service-cidr.ipv4.200}", protocol = "udp/53", source-port = 40000 }
                expect = { profile = "service.unallocated-address" }
                moves-from = "first"
                [[step]]
                probe = { from = "pods", to = "service/other/web", protocol = "tcp/80" }
                expect = "oracle"
                sticks-to = "first"
                [[step]]
                scale = { deployment = "web", replicas = 0 }
                [[step]]
                fault = { in = "nodes", command = ["nft", "x"], undo = ["nft", "y"] }
                [[step]]
                restart = "service-proxy"
                [[step]]
                stream = { id = "long", from = "pod/a1", to = "service/quiet", protocol = "tcp/9000", interval-ms = 5, fresh = true }
                [[step]]
                out-of-window = "long"
                [[step]]
                stream-end = { id = "long" }
                expect = { loss-ms = 20 }
                [[step]]
                health = { from = "hosts", service = "web" }
                expect = { "node/{node.1}" = 200, nodes = 503 }
                [[step]]
                apply = ["bad.yaml"]
                refused = "already allocated"
                [[step]]
                delete = ["web.yaml"]
                """)
        #expect(item.level == .profile && item.needs.serviceProxy == .any)
        #expect(item.steps.count == 15)
        guard case .probe(let probe) = item.steps[2], case .probe(let address) = item.steps[4] else {
            return #expect(Bool(false), "\(item.steps)")
        }
        #expect(probe.id == "first" && probe.count == 60 && probe.settle == .milliseconds(1500))
        #expect(probe.to == [.service(namespace: nil, name: "web")] && probe.target == .nodePort)
        #expect(probe.through == [.node("{node.1}")])
        #expect(
            probe.expectation
                == .detailed(
                    DetailedExpectation(
                        outcome: .delivered, receivers: [.pod(namespace: nil, name: "b1")], source: .masqueraded)))
        #expect(probe.checks.allEndpoints && probe.checks.spread && !probe.checks.sameEndpoint)
        #expect(address.to == [.address("{service-cidr.ipv4.200}")] && address.sourcePort == 40000)
        #expect(address.expectation == .profile("service.unallocated-address"))
        #expect(item.steps[5].isJudged && item.steps[13].isJudged && !item.steps[14].isJudged)
        #expect(item.manifests.map { $0.split(separator: "/").last ?? "" } == ["web.yaml", "bad.yaml", "web.yaml"])
    }

    @Test(
        "a case that would prove nothing, or something else than it says, is refused",
        arguments: Self.refusals)
    func refused(text: String, reason: String) {
        let problems = problems(text)
        #expect(problems.contains { $0.message.contains(reason) }, "\(problems)")
    }

    @Test("a mistyped key comes with the one that was meant")
    func suggestion() {
        let problems = problems(Self.head.replacing("title", with: "titel") + Self.probe)
        #expect(problems.contains { $0.remedy.contains("\"title\"") })
    }

    @Test("mangled case files are refused or read, and end nothing")
    func fuzz() {
        let whole = Array((Self.head + "needs = { nodes = 2 }\n" + Self.probe).utf8)
        for seed in 1...300 {
            var generator = SeededGenerator(seed: UInt64(seed))
            var bytes = whole
            for _ in 0..<Int.random(in: 1...8, using: &generator) {
                let place = Int.random(in: 0..<bytes.count, using: &generator)
                if Bool.random(using: &generator) {
                    bytes.remove(at: place)
                } else {
                    bytes[place] = .random(in: 9...126, using: &generator)
                }
            }
            let text = String(decoding: bytes, as: UTF8.self)
            do {
                let item = try read(text)
                #expect(!item.steps.isEmpty && CaseFile.isIdentifier(item.id), "seed \(seed)")
            } catch {
                #expect((error as? LabFileError)?.diagnostics.isEmpty == false, "seed \(seed): \(error)")
            }
        }
    }
}
