import Addressing
import DNSMessage
import Testing
import Topology

@testable import Conformance

/// Steps that ask for names: how they are read, and how answers are judged.
@Suite("names in cases")
struct ResolveStepTests {
    private static let head = "id = \"dns/name\"\nproves = [\"F1\"]\ntitle = \"a case\"\n"

    private func read(_ step: String) throws -> ConformanceCase {
        try CaseFile.read(SourceFile(path: "cases/dns/name.toml", text: Self.head + "[[step]]\n" + step))
    }

    @Test("through the C library unless told; the lab needs a DNS server and a proxy")
    func library() throws {
        let item = try read(
            "resolve = { from = \"pod/a1\", name = \"web\" }\nexpect = { records = [] }\nsettle = \"5s\"")
        #expect(item.needs.dns == .any && item.needs.serviceProxy == .any && item.steps[0].isJudged)
        guard case .resolve(let step) = item.steps[0] else { return #expect(Bool(false), "\(item.steps)") }
        #expect(step.way == .library && step.type == nil && step.settle == .seconds(5))
        #expect(step.expectation == .answer(ExpectedAnswer(records: [])))
        #expect(item.needs.unmet(by: LabSpec(name: "a")) == "needs a DNS server, and the lab has none")
    }

    @Test("by a query, with all that can be asked and expected of it")
    func query() throws {
        let item = try read(
            """
            resolve = { from = "nodes", name = "web.", type = "SRV", through = "query", over = "tcp", edns = 1232, server = "{dns.ip}" }
            expect = { code = ["NOERROR", "NXDOMAIN"], count = 2, truncated = false, longest = 600, ttl = [1, 30], authority = true }
            """)
        guard case .resolve(let step) = item.steps[0] else { return #expect(Bool(false), "\(item.steps)") }
        #expect(step.way == .query(NameQueryOptions(isOverTCP: true, payloadSize: 1232, server: "{dns.ip}")))
        #expect(
            step.expectation
                == .answer(
                    ExpectedAnswer(
                        codes: ["NOERROR", "NXDOMAIN"], count: 2, isTruncated: false, longest: 600, timeToLive: 1...30,
                        hasAuthority: true)))
    }

    @Test("what belongs to each answer of a profile")
    func profile() throws {
        let item = try read(
            """
            resolve = { from = "pod/a1", name = "web.", type = "A", through = "query" }
            expect = { profile = "dns.pod-records", none = { code = "NXDOMAIN" }, addresses = { count = 1 } }
            """)
        guard case .resolve(let step) = item.steps[0] else { return #expect(Bool(false), "\(item.steps)") }
        #expect(
            step.expectation
                == .profile(
                    "dns.pod-records",
                    ["none": ExpectedAnswer(codes: ["NXDOMAIN"]), "addresses": ExpectedAnswer(count: 1)]))
    }

    @Test(
        "what cannot be asked or is never checked is refused",
        arguments: [
            ("resolve = { from = \"pod/a1\", name = \"web\" }", "is missing"),
            ("resolve = { from = \"pod/a1\", name = \"web\" }\nexpect = { }", "says nothing"),
            ("resolve = { from = \"pod/a1\", name = \"web\" }\nexpect = { code = \"NOERROR\" }", "no key"),
            ("resolve = { from = \"pod/a1\", name = \"web\", type = \"SRV\" }\nexpect = { count = 1 }", "C library"),
            ("resolve = { from = \"pod/a1\", name = \"web\", over = \"tcp\" }\nexpect = { count = 1 }", "queries"),
            ("resolve = { from = \"pod/a1\", name = \"w\", through = \"query\" }\nexpect = { count = 1 }", "one type"),
            ("resolve = { from = \"pod/a1\", name = \"w\", through = \"dig\" }\nexpect = { count = 1 }", "no way"),
            (
                "resolve = { from = \"pod/a1\", name = \"w\", type = \"A\", through = \"query\" }\n"
                    + "expect = { code = \"OK\" }", "response code"
            ),
            (
                "resolve = { from = \"pod/a1\", name = \"w\", type = \"A\", through = \"query\" }\n"
                    + "expect = { ttl = [30, 1] }", "range"
            ),
        ])
    func refused(step: String, words: String) {
        do {
            let item = try read(step)
            Issue.record("read as \(item)")
        } catch {
            #expect("\(error)".contains(words), "\(error)")
        }
    }

    @Test("records are compared in any order and case, each once, with a word left open")
    func records() {
        var answer = NameAnswer()
        answer.records = ["SRV 0 100 80 Web.example.", "A 10.0.0.1", "A 10.0.0.2"]
        let same = ["A 10.0.0.2", "A *", "SRV * * 80 web.example."]
        #expect(answer.difference(from: ExpectedAnswer(records: same)) == nil)
        for wrong in [
            [], ["A *", "A *"], ["A 10.0.0.1", "A 10.0.0.1", "SRV * * 80 web.example."],
            ["A 10.0.0.2", "A 10.0.0.1", "SRV * * 81 web.example."], same + ["A 10.0.0.3"],
        ] {
            #expect(answer.difference(from: ExpectedAnswer(records: wrong)) != nil, "\(wrong)")
        }
    }

    @Test("each thing that is expected of a message is looked at, and silence is no answer")
    func messages() throws {
        let name = try #require(DomainName("web.example."))
        var message = Message(id: 1, asking: Question(name, .a), recursionDesired: false, edns: nil)
        message.isResponse = true
        let address = try #require(IPv4Address("10.0.0.1"))
        message.answers = [ResourceRecord(name, timeToLive: 5, .a(address))]
        let answer = NameAnswer(message, length: 45)
        #expect(answer.records == ["A 10.0.0.1"])
        let met = [
            ExpectedAnswer(codes: ["NXDOMAIN", "NOERROR"]), ExpectedAnswer(count: 1),
            ExpectedAnswer(isTruncated: false),
            ExpectedAnswer(longest: 45), ExpectedAnswer(timeToLive: 1...5), ExpectedAnswer(hasAuthority: false),
        ]
        let unmet = [
            ExpectedAnswer(codes: ["NXDOMAIN"]), ExpectedAnswer(count: 2), ExpectedAnswer(isTruncated: true),
            ExpectedAnswer(longest: 44), ExpectedAnswer(timeToLive: 6...9), ExpectedAnswer(hasAuthority: true),
        ]
        for expected in met {
            #expect(answer.difference(from: expected) == nil, "\(expected)")
            #expect(NameAnswer(silence: "no answer").difference(from: expected) == "no answer", "\(expected)")
        }
        for expected in unmet { #expect(answer.difference(from: expected) != nil, "\(expected)") }
    }
}
