import CLinux
import DNSMessage
import Testing

@testable import ClusterDNS

@Suite("The server over TCP")
struct StreamServerTests {
    @Test("an answer of eight hundred addresses comes whole")
    func large() async throws {
        let fixture = try await ServerFixture()
        let client = try await fixture.stream()
        try await client.sendFramed(ServerFixture.query(ServerFixture.many).encoded())
        let bytes = try #require(try await client.receiveFramed())
        let reply = try Message(decoding: bytes)
        #expect(!reply.isTruncated && reply.answers.count == 800)
        await fixture.server.close()
    }

    @Test("many queries at once on one connection are answered, one after the other")
    func pipelining() async throws {
        let fixture = try await ServerFixture()
        let client = try await fixture.stream()
        let queries = try (0..<200 as Range<UInt16>).flatMap {
            try ServerFixture.query(ServerFixture.web, id: $0).encoded().framed
        }
        try await client.send(queries)
        for id in 0..<200 as Range<UInt16> {
            #expect(try await client.receiveFramed().map { try Message(decoding: $0).id } == id)
        }
        await fixture.server.close()
    }

    @Test("a query that comes byte by byte is answered")
    func slowly() async throws {
        let fixture = try await ServerFixture()
        let client = try await fixture.stream()
        for byte in try ServerFixture.query(ServerFixture.web).encoded().framed { try await client.send([byte]) }
        #expect(try await client.receiveFramed().map { try Message(decoding: $0).answers.count } == 1)
        await fixture.server.close()
    }

    @Test("who sends no more still gets what was asked for")
    func halfClosed() async throws {
        let fixture = try await ServerFixture()
        let client = try await fixture.stream()
        for id in 0..<20 as Range<UInt16> {
            try await client.sendFramed(ServerFixture.query(ServerFixture.many, id: id).encoded())
        }
        client.endSending()
        for id in 0..<20 as Range<UInt16> {
            #expect(try await client.receiveFramed().map { try Message(decoding: $0).id } == id)
        }
        #expect(try await client.receiveFramed() == nil)
        await fixture.server.close()
    }

    @Test("a query that takes too long ends the connection, and others are served meanwhile")
    func endless() async throws {
        let fixture = try await ServerFixture { $0.query = .milliseconds(300) }
        let client = try await fixture.stream()
        let start = ContinuousClock.now
        // As far as the connection lasts; what is sent after its end is refused.
        let sending = Task {
            for byte in try ServerFixture.query(ServerFixture.web).encoded().framed.dropLast() {
                try await client.send([byte])
                try await Task.sleep(for: .milliseconds(20))
            }
        }
        #expect(try await fixture.isServing())
        #expect(try await client.waitForEnd())
        #expect(ContinuousClock.now - start >= .milliseconds(300))
        _ = await sending.result
        #expect(fixture.server.statistics.closed == 1)
        await fixture.server.close()
    }

    @Test("a quiet connection is ended")
    func idle() async throws {
        let fixture = try await ServerFixture { $0.idle = .seconds(1) }
        let client = try await fixture.stream()
        try await client.sendFramed(ServerFixture.query(ServerFixture.web).encoded())
        #expect(try await client.receiveFramed() != nil)
        #expect(try await client.waitForEnd())
        await fixture.server.close()
    }

    @Test("a client that does not read is not read from any more, and ended")
    func notReading() async throws {
        let fixture = try await ServerFixture { $0.idle = .milliseconds(500) }
        let client = try await fixture.stream(receiveBuffer: 4096)
        let query = try ServerFixture.query(ServerFixture.many).encoded().framed
        var sent = 0
        // Each query asks for 13 kB: the server must stop reading long before it holds them all.
        do {
            for _ in 0..<4_000 {
                try await client.send(Array(repeatElement(query, count: 100).joined()))
                sent += 100
            }
            Issue.record("the server read \(sent) queries of a client that took no answer")
        } catch let failure as ClientSocket.Failure {
            #expect([EPIPE, ECONNRESET].contains(failure.errno))
        }
        #expect(fixture.server.statistics.answered < 1_000)
        #expect(try await fixture.isServing())
        await fixture.server.close()
    }

    @Test(
        "what is no query's length, or no query, ends the connection",
        arguments: [[0, 0], [0xff, 0xff], [0, 3, 1, 2, 3]] as [[UInt8]])
    func notQueries(bytes: [UInt8]) async throws {
        let fixture = try await ServerFixture()
        let client = try await fixture.stream()
        try await client.send(bytes)
        #expect(try await client.waitForEnd())
        #expect(try await fixture.isServing())
        await fixture.server.close()
    }

    @Test("a malformed query over TCP is told so")
    func malformed() async throws {
        let fixture = try await ServerFixture()
        let client = try await fixture.stream()
        try await client.sendFramed([0, 9, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0xc0, 12, 0, 1, 0, 1])
        #expect(try await client.receiveFramed().map { try Message(decoding: $0).responseCode } == .formatError)
        await fixture.server.close()
    }

    @Test("one connection too many ends the one that was quiet for longest")
    func tooMany() async throws {
        let fixture = try await ServerFixture { $0.connections = 20 }
        var clients: [ClientSocket] = []
        for _ in 0..<20 { clients.append(try await fixture.stream()) }
        // All but the first have said something since.
        for client in clients.dropFirst() {
            try await client.sendFramed(ServerFixture.query(ServerFixture.web).encoded())
            #expect(try await client.receiveFramed() != nil)
        }
        #expect(try await fixture.isServing())
        #expect(try await clients[0].waitForEnd())
        let last = clients[19]
        try await last.sendFramed(ServerFixture.query(ServerFixture.web).encoded())
        #expect(try await last.receiveFramed() != nil)
        await fixture.server.close()
    }

    @Test("a flood of connections that say nothing keeps nobody out")
    func flood() async throws {
        let fixture = try await ServerFixture { $0.connections = 50 }
        var clients: [ClientSocket] = []
        for _ in 0..<300 { clients.append(try await fixture.stream()) }
        for _ in 0..<5 { #expect(try await fixture.isServing()) }
        #expect(fixture.server.statistics.closed >= 250)
        await fixture.server.close()
    }
}
