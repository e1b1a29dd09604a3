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
        list.append((head + "stpe = 1\n" + probe, "no key"))
        list.append((head.replacing("B1", with: "b1") + probe, "not a behaviour's id"))
        list.append((head.replacing("group/name", with: "../x") + probe, "not a case's id"))
        list.append((head + "level = \"P\"\n" + probe, "level P is not supported"))
        list.append((head + "level = \"X\"\n" + probe, "is no level"))
        list.append((probe("expect = \"delivered\"", ""), "what would be proven"))
        list.append((probe("delivered", "oracle"), "oracle is not part"))
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
        #expect(probe.to == [.pods(labels: ["app": "web"])])
        #expect(probe.relation == .otherNode && probe.size == .mtu && probe.dontFragment)
        #expect(ping.protocols == [.ping] && ping.expectation == .all(.refused))
        #expect(ping.to == [.pod(namespace: "default", name: "pod-a")])
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
        #expect(table[ExpectedPair(from: .pod(namespace: nil, name: "a"), to: .pods(labels: [:]))] == .dropped)
    }

    @Test("step kinds of later versions are refused with their place", arguments: CaseFile.laterSteps)
    func later(kind: String) {
        let problems = problems(Self.head + "[[step]]\n\(kind) = \"x\"\n" + Self.probe)
        #expect(
            problems.contains { $0.message == "is not supported by this version" && $0.keyPath == "step[0].\(kind)" })
        #expect(problems.allSatisfy { $0.file == "cases/group/name.toml" })
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
