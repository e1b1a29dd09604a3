import CLinux
import DNSMessage
import Testing

@testable import ClusterDNS

@Suite("Asking others")
struct ForwarderTests {
    private let name = "www.example.test"

    /// A server that asks 127.0.0.53, and then the ones that are given.
    private func fixture(
        _ upstreams: [String] = ["127.0.0.53"], _ change: (inout DNSServerLimits) -> Void = { _ in }
    ) async throws -> ServerFixture { try await ServerFixture(upstreams: upstreams, change) }

    @Test("the answer of another server comes back, over UDP and TCP")
    func answers() async throws {
        let fixture = try await fixture()
        let upstream = try await ScriptedUpstream(fixture.namespace) { query, _ in
            [query.response(address: 1).encoded()]
        }
        let reply = try await fixture.ask("WWW.example.test", id: 5)
        #expect(reply.id == 5 && reply.recursionAvailable && !reply.isAuthoritative)
        #expect(reply.questions.first?.name.description == "WWW.example.test.")
        #expect(reply.answers.map(\.data.description) == ["0.0.0.1"])
        let client = try await fixture.stream()
        try await client.sendFramed(ServerFixture.query("other.example.test").encoded())
        #expect(try await client.receiveFramed().map { try Message(decoding: $0).answers.count } == 1)
        #expect(upstream.asked.count == 2)
        await fixture.server.close()
    }

    @Test("NXDOMAIN of others is passed on with its SOA")
    func negative() async throws {
        let fixture = try await fixture()
        let authority = ResourceRecord(
            try #require(DomainName("example.test")), timeToLive: 60,
            .soa(
                StartOfAuthority(primary: .root, mailbox: .root, serial: 1, refresh: 2, retry: 3, expire: 4, minimum: 5)
            ))
        let upstream = try await ScriptedUpstream(fixture.namespace) { query, _ in
            var message = query.response(.nameError)
            message.authorities = [authority]
            return [message.encoded()]
        }
        for _ in 0..<2 {
            let reply = try await fixture.ask(name)
            #expect(reply.responseCode == .nameError && reply.authorities.map(\.type) == [.soa])
        }
        #expect(upstream.asked.count == 1)
        await fixture.server.close()
    }

    @Test("an ExternalName is answered with the alias and the addresses of its target")
    func alias() async throws {
        let fixture = try await fixture()
        let upstream = try await ScriptedUpstream(fixture.namespace) { query, _ in
            [query.response(address: 1).encoded()]
        }
        let reply = try await fixture.ask("far.default.svc.cluster.local")
        #expect(
            reply.answers.map { "\($0.name) \($0.data)" } == [
                "far.default.svc.cluster.local. www.example.test.", "www.example.test. 0.0.0.1",
            ])
        #expect(upstream.asked.map(\.query.questions[0].name.description) == ["www.example.test."])
        await fixture.server.close()
    }

    @Test("answers that are kept are given again, their TTL reduced, and others are not asked")
    func cache() async throws {
        let fixture = try await fixture()
        let upstream = try await ScriptedUpstream(fixture.namespace) { query, _ in
            [query.response(address: 1, timeToLive: query.questions[0].name.labels.count == 3 ? 60 : 0).encoded()]
        }
        for _ in 0..<3 {
            #expect(try await fixture.ask(name).answers.first.map { $0.timeToLive <= 60 && $0.timeToLive > 50 } == true)
        }
        #expect(upstream.asked.count == 1)
        for _ in 0..<3 { _ = try await fixture.ask("zero.www.example.test") }
        #expect(upstream.asked.count == 4)
        await fixture.server.close()
    }

    @Test("who asks the same at the same time waits for the same answer")
    func joined() async throws {
        let fixture = try await fixture()
        let upstream = try await ScriptedUpstream(fixture.namespace) { query, _ in
            usleep(200_000)
            return [query.response(address: 1).encoded()]
        }
        let client = try await fixture.datagrams()
        for id in 0..<50 as Range<UInt16> { try await client.send(ServerFixture.query(name, id: id).encoded()) }
        var ids: Set<UInt16> = []
        for _ in 0..<50 { try await ids.insert(Message(decoding: client.receive()).id) }
        #expect(ids.count == 50)
        #expect(upstream.asked.count == 1)
        await fixture.server.close()
    }

    @Test("forged answers are passed over: of another number, another question, or no response")
    func forged() async throws {
        let fixture = try await fixture()
        let other = Question(try #require(DomainName("evil.example.test")), .a)
        let upstream = try await ScriptedUpstream(fixture.namespace) { query, _ in
            var wrongNumber = query.response(address: 666)
            wrongNumber.id &+= 1
            var wrongQuestion = query.response(address: 666)
            wrongQuestion.questions = [other]
            var noResponse = query.response(address: 666)
            noResponse.isResponse = false
            let forged = [wrongNumber, wrongQuestion, noResponse].map { $0.encoded() }
            return forged + [[1, 2, 3], query.response(address: 1).encoded()]
        }
        #expect(try await fixture.ask(name).answers.map(\.data.description) == ["0.0.0.1"])
        #expect(upstream.asked.count == 1)
        await fixture.server.close()
    }

    @Test("queries to others have numbers and ports that cannot be guessed")
    func unpredictable() async throws {
        let fixture = try await fixture()
        let upstream = try await ScriptedUpstream(fixture.namespace) { query, _ in
            [query.response(address: 1).encoded()]
        }
        for index in 0..<100 { _ = try await fixture.ask("n\(index).example.test", id: 1) }
        #expect(Set(upstream.asked.map(\.query.id)).count > 90)
        #expect(Set(upstream.asked.map(\.port)).count > 80)
        await fixture.server.close()
    }

    @Test("an answer that was cut is asked for over TCP")
    func truncated() async throws {
        let fixture = try await fixture()
        let upstream = try await ScriptedUpstream(fixture.namespace, overTCP: true) { query, isStream in
            var message = query.response(
                .noError,
                (0..<500).map { index in
                    ResourceRecord(query.questions[0].name, timeToLive: 60, .a(.init(rawValue: index)))
                })
            if !isStream {
                message.isTruncated = true
                message.answers = []
            }
            return [message.encoded()]
        }
        let client = try await fixture.stream()
        try await client.sendFramed(ServerFixture.query(name).encoded())
        #expect(try await client.receiveFramed().map { try Message(decoding: $0).answers.count } == 500)
        #expect(try await fixture.ask(name).isTruncated)
        #expect(upstream.asked.map(\.isStream) == [false, true, false, true])
        await fixture.server.close()
    }

    @Test("a server that is silent is left for the next one, which is asked first from then on")
    func silent() async throws {
        let fixture = try await fixture(["127.0.0.53", "127.0.0.54"]) { $0.attempt = .milliseconds(200) }
        let silent = try await ScriptedUpstream(fixture.namespace) { _, _ in [] }
        let second = try await ScriptedUpstream(fixture.namespace, "127.0.0.54") { query, _ in
            [query.response(address: 2, timeToLive: 0).encoded()]
        }
        for _ in 0..<3 { #expect(try await fixture.ask(name).answers.map(\.data.description) == ["0.0.0.2"]) }
        #expect(silent.asked.count == 1 && second.asked.count == 3)
        await fixture.server.close()
    }

    @Test("a server that fails or refuses is left for the next one; where all do, that is the answer")
    func failing() async throws {
        let fixture = try await fixture(["127.0.0.53", "127.0.0.54"])
        let first = try await ScriptedUpstream(fixture.namespace) { query, _ in
            [query.response(.serverFailure).encoded()]
        }
        let second = try await ScriptedUpstream(fixture.namespace, "127.0.0.54") { query, _ in
            let isGood = query.questions[0].name.labels.count == 3
            return [(isGood ? query.response(address: 2) : query.response(.refused)).encoded()]
        }
        #expect(try await fixture.ask(name).answers.map(\.data.description) == ["0.0.0.2"])
        #expect(try await fixture.ask("x.www.example.test").responseCode == .refused)
        #expect(first.asked.count == 4 && second.asked.count == 4)
        await fixture.server.close()
    }

    @Test("where nobody listens the client is told at once, and where nobody answers in bounded time")
    func down() async throws {
        let refused = try await fixture(["127.0.0.53", "::1"])
        let start = ContinuousClock.now
        #expect(try await refused.ask("x.example.test").responseCode == .serverFailure)
        #expect(ContinuousClock.now - start < .seconds(1))
        #expect(refused.server.statistics.failed == 1)
        await refused.server.close()

        let silent = try await fixture {
            $0.attempt = .milliseconds(200); $0.forward = .milliseconds(500)
        }
        let upstream = try await ScriptedUpstream(silent.namespace) { _, _ in [] }
        let second = ContinuousClock.now
        let reply = try await silent.ask("far.default.svc.cluster.local")
        #expect(reply.responseCode == .serverFailure && reply.answers.map(\.type) == [.cname])
        #expect((.milliseconds(500) ..< .seconds(3)).contains(ContinuousClock.now - second))
        #expect(upstream.asked.count == 3)
        #expect(try await silent.isServing())
        await silent.server.close()
    }

    @Test("no route to a server is a failure, and not a wait")
    func unreachable() async throws {
        let fixture = try await fixture(["192.0.2.1", "2001:db8::1"])
        let start = ContinuousClock.now
        #expect(try await fixture.ask(name).responseCode == .serverFailure)
        #expect(ContinuousClock.now - start < .seconds(1))
        await fixture.server.close()
    }

    @Test("more questions than can be asked at a time fail at once, and the server goes on")
    func tooMany() async throws {
        let fixture = try await fixture {
            $0.attempt = .milliseconds(400); $0.forward = .milliseconds(400)
        }
        let upstream = try await ScriptedUpstream(fixture.namespace) { _, _ in [] }
        let client = try await fixture.datagrams()
        // No more than the client's socket has room for answers.
        for id in 0..<200 as Range<UInt16> {
            try await client.send(ServerFixture.query("n\(id).example.test", id: id).encoded())
        }
        var ids: Set<UInt16> = []
        for _ in 0..<200 {
            let reply = try await Message(decoding: client.receive())
            #expect(reply.responseCode == .serverFailure)
            ids.insert(reply.id)
        }
        #expect(ids.count == 200)
        #expect(upstream.asked.count < 200)
        #expect(try await fixture.isServing())
        await fixture.server.close()
    }

    @Test("a connection with many questions for others waits for their answers, and gets them all")
    func pipelined() async throws {
        let fixture = try await fixture { $0.forwardedOfConnection = 4 }
        let upstream = try await ScriptedUpstream(fixture.namespace) { query, _ in
            [query.response(address: 1).encoded()]
        }
        let client = try await fixture.stream()
        let queries = try (0..<100 as Range<UInt16>).flatMap {
            try ServerFixture.query("n\($0).example.test", id: $0).encoded().framed
        }
        try await client.send(queries)
        client.endSending()
        var ids: Set<UInt16> = []
        while let bytes = try await client.receiveFramed() { try ids.insert(Message(decoding: bytes).id) }
        #expect(ids.count == 100 && upstream.asked.count == 100)
        await fixture.server.close()
    }
}
