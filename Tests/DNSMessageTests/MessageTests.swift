import Addressing
import DNSMessage
import Testing

@Suite("DNS messages on the wire")
struct MessageTests {
    private func name(_ text: String) throws -> DomainName { try #require(DomainName(text)) }

    private func response(addresses count: Int) throws -> Message {
        var message = Message(id: 7, asking: Question(try name("many.example"), .a))
        message.isResponse = true
        message.answers = try (0..<count).map { index in
            ResourceRecord(try name("many.example"), timeToLive: 5, .a(IPv4Address(rawValue: UInt32(index))))
        }
        return message
    }

    @Test("a repeated name is written once")
    func compression() throws {
        let message = try response(addresses: 10)
        // Header, question, ten records of 16 bytes, OPT.
        #expect(message.encoded().count == 12 + 14 + 4 + 160 + 11)
    }

    @Test("what does not fit is left out whole, and TC says so", arguments: [12 + 18 + 11, 60, 512, 1232])
    func truncation(limit: Int) throws {
        let message = try response(addresses: 100)
        let bytes = message.encoded(limit: limit)
        let cut = try Message(decoding: bytes)
        #expect(bytes.count <= limit)
        #expect(cut.isTruncated)
        #expect(cut.answers.count == (limit - 41) / 16)
        #expect(cut.answers[...] == message.answers.prefix(cut.answers.count))
        #expect(cut.edns != nil)
    }

    @Test("additional records that do not fit are no truncation")
    func additionals() throws {
        var message = try response(addresses: 1)
        message.additionals = try response(addresses: 50).answers
        let cut = try Message(decoding: message.encoded(limit: 512))
        #expect(!cut.isTruncated && cut.answers == message.answers && cut.additionals.count < 50)
    }

    @Test("names behind the reach of pointers are written whole")
    func farNames() throws {
        var message = Message(id: 1)
        for index in 0..<900 {
            message.answers.append(
                ResourceRecord(
                    try name("host-\(index).some-quite-long-name.example"), timeToLive: 1,
                    .ptr(try name("other-\(index).another-name-\(index).example"))))
        }
        let bytes = message.encoded()
        #expect(bytes.count > 0x4000)
        #expect(try Message(decoding: bytes) == message)
    }

    @Test("response codes of twelve bits need EDNS")
    func extendedCode() throws {
        var message = Message(id: 1)
        message.responseCode = .badVersion
        #expect(try Message(decoding: message.encoded()).responseCode == .noError)
        message.edns = EDNS(payloadSize: 1232)
        #expect(try Message(decoding: message.encoded()).responseCode == .badVersion)
    }

    @Test("a text of more than 255 bytes becomes several")
    func longText() throws {
        var message = Message(id: 1)
        let text = [UInt8](repeating: 120, count: 300)
        message.answers = [ResourceRecord(.root, timeToLive: 0, .txt([text, []]))]
        let decoded = try Message(decoding: message.encoded())
        #expect(decoded.answers.first?.data == .txt([Array(text.prefix(255)), Array(text.dropFirst(255)), []]))
    }

    @Test("a record whose data are too long is left out")
    func oversizedData() throws {
        var message = Message(id: 1)
        message.answers = [
            ResourceRecord(
                .root, timeToLive: 0, .other(RecordType(rawValue: 999), [UInt8](repeating: 0, count: 70_000)))
        ]
        let decoded = try Message(decoding: message.encoded(limit: 1_000_000))
        #expect(decoded.answers.isEmpty && decoded.isTruncated)
    }
}
