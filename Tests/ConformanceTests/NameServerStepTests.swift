import DNSMessage
import Testing
import Topology

@testable import Conformance

@Suite("Names outside, in cases")
struct NameServerStepTests {
    private func read(_ server: String) throws -> ConformanceCase {
        try CaseFile.read(
            SourceFile(
                path: "cases/dns/name.toml",
                text: """
                    id = "dns/name"
                    proves = ["F16"]
                    title = "a title"
                    [[step]]
                    name-server = \(server)
                    [[step]]
                    resolve = { from = "pods", name = "www.test", type = "A" }
                    expect = { records = ["A 198.51.100.7"] }
                    """))
    }

    @Test("a name server is read with its host, domains and records")
    func whole() throws {
        let item = try read(
            "{ on = \"host/{host.1}\", domains = [\"test\"], records = [\"www.test A 198.51.100.7\", \"a.test CNAME www.test\"] }"
        )
        guard case .nameServer(let step) = item.steps[0] else {
            Issue.record("\(item.steps[0])")
            return
        }
        #expect(step.domains == ["test"] && !item.steps[0].isJudged)
        #expect(step.records.map { "\($0)" } == ["www.test. 30 IN A 198.51.100.7", "a.test. 30 IN CNAME www.test."])
    }

    @Test(
        "what is no name server is refused",
        arguments: [
            ("{ on = \"nodes\", records = [\"www.test A 198.51.100.7\"] }", "is no host"),
            ("{ on = \"host/a\", records = [\"www.test A 198.51.100\"] }", "is no record"),
            ("{ on = \"host/a\", records = [\"www.test MX 10\"] }", "is no record"),
            ("{ on = \"host/a\", records = [] }", "has no records"),
            ("{ on = \"host/a\", record = [] }", "no key"),
        ])
    func refused(server: String, message: String) {
        do {
            _ = try read(server)
            Issue.record("\(server) was taken")
        } catch {
            #expect("\(error)".contains(message), "\(error)")
        }
    }

    @Test("it answers what it has, says of other types that there are none, and of other names that they do not exist")
    func answers() async throws {
        let name = try #require(DomainName("www.test"))
        let server = NameServer(
            [], records: [ResourceRecord(name, timeToLive: 30, .cname(try #require(DomainName("other.test"))))])
        func ask(_ name: DomainName, _ type: RecordType) throws -> Message {
            try Message(decoding: #require(server.reply(to: Message(id: 7, asking: Question(name, type)).encoded())))
        }
        let found = try ask(try #require(DomainName("WWW.test")), .cname)
        #expect(found.id == 7 && found.isResponse && found.answers.count == 1)
        let none = try ask(name, .a)
        #expect(none.responseCode == .noError && none.answers.isEmpty)
        #expect(try ask(try #require(DomainName("x.test")), .a).responseCode == .nameError)
        #expect(server.reply(to: found.encoded()) == nil, "an answer is not answered")
        #expect(server.reply(to: [1, 2, 3]) == nil)
        await server.close()
    }
}
