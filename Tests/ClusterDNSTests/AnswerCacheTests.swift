import DNSMessage
import Testing

@testable import ClusterDNS

@Suite("Answers of others that are kept")
struct AnswerCacheTests {
    private let start = ContinuousClock.now

    private func question(_ name: String) throws -> UpstreamQuestion {
        UpstreamQuestion(question: Question(try #require(DomainName(name)), .a), servers: [])
    }

    private func answer(_ timesToLive: UInt32...) -> Message {
        var message = Message(id: 1)
        message.answers = timesToLive.map { ResourceRecord(.root, timeToLive: $0, .a(.init(rawValue: 1))) }
        return message
    }

    private func negative(timeToLive: UInt32, minimum: UInt32) -> Message {
        var message = Message(id: 1)
        message.responseCode = .nameError
        let authority = StartOfAuthority(
            primary: .root, mailbox: .root, serial: 0, refresh: 0, retry: 0, expire: 0, minimum: minimum)
        message.authorities = [ResourceRecord(.root, timeToLive: timeToLive, .soa(authority))]
        return message
    }

    @Test("an answer is kept as long as its shortest record, and ages")
    func ages() throws {
        var cache = AnswerCache(capacity: 10)
        let name = try question("a.test")
        cache.store(answer(20, 10), to: name, at: start)
        #expect(cache.answer(to: name, at: start + .seconds(4))?.answers.map(\.timeToLive) == [16, 6])
        #expect(cache.answer(to: try question("A.Test"), at: start) != nil)
        #expect(cache.answer(to: name, at: start + .seconds(10)) == nil)
    }

    @Test("nothing is kept for longer than thirty seconds, nor what has no TTL")
    func bounds() throws {
        var cache = AnswerCache(capacity: 10)
        let name = try question("a.test")
        cache.store(answer(3_600), to: name, at: start)
        #expect(cache.answer(to: name, at: start + .seconds(29)) != nil)
        #expect(cache.answer(to: name, at: start + .seconds(30)) == nil)
        for message in [answer(0, 10), answer(.max), Message(id: 1), negative(timeToLive: 0, minimum: 5)] {
            let other = try question("b.test")
            cache.store(message, to: other, at: start)
            #expect(cache.answer(to: other, at: start) == nil)
        }
    }

    @Test("that there is nothing is kept for the SOA's minimum or TTL, whichever is less")
    func negatives() throws {
        var cache = AnswerCache(capacity: 10)
        for (timeToLive, minimum) in [(5, 20), (20, 5)] as [(UInt32, UInt32)] {
            let name = try question("n\(minimum).test")
            cache.store(negative(timeToLive: timeToLive, minimum: minimum), to: name, at: start)
            #expect(cache.answer(to: name, at: start + .seconds(4)) != nil)
            #expect(cache.answer(to: name, at: start + .seconds(5)) == nil)
        }
    }

    @Test("it never holds more than it may, and gives up the expired and the oldest ones")
    func capacity() throws {
        var cache = AnswerCache(capacity: 100)
        for index in 0..<1_000 {
            cache.store(answer(20), to: try question("n\(index).test"), at: start + .milliseconds(index))
            #expect(cache.count <= 100)
        }
        #expect(cache.answer(to: try question("n999.test"), at: start + .seconds(2)) != nil)
        #expect(cache.answer(to: try question("n0.test"), at: start + .seconds(2)) == nil)
        var empty = AnswerCache(capacity: 0)
        empty.store(answer(20), to: try question("a.test"), at: start)
        #expect(empty.count == 0)
    }
}
