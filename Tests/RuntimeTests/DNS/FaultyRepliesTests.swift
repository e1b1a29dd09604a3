import Addressing
import ClusterDNS
import DNSMessage
import Testing

@testable import Runtime

/// The faults of the DNS by which the conformance suite is tried: each does what it says, and nothing else.
@Suite("faults of the DNS")
struct FaultyRepliesTests {
    private func reply(
        _ type: RecordType, _ records: [RecordData], name: String = "web.example.", _ code: ResponseCode = .noError
    ) throws -> Message {
        let name = try #require(DomainName(name))
        var message = Message(id: 7, asking: Question(name, type), recursionDesired: true, edns: nil)
        message.isResponse = true
        message.responseCode = code
        message.answers = records.map { ResourceRecord(name, timeToLive: 5, $0) }
        return message
    }

    private func broken(
        _ fault: DNSFault, _ message: Message, over transport: DNSTransport = .datagram
    ) throws -> Message? {
        try FaultyReplies(fault: fault).broken(message.encoded(), transport).map { try Message(decoding: $0) }
    }

    private var address: RecordData { get throws { .a(try #require(IPv4Address("10.96.0.1"))) } }

    @Test("negative answers are exchanged, positive ones stay")
    func codes() throws {
        #expect(try broken(.deniesNames, reply(.a, []))?.responseCode == .nameError)
        #expect(try broken(.deniesData, reply(.a, [], .nameError))?.responseCode == .noError)
        #expect(try broken(.failsAAAA, reply(.aaaa, []))?.responseCode == .serverFailure)
        for fault in [DNSFault.deniesNames, .deniesData, .failsAAAA, .withoutSRV, .withoutPTR, .forgetsIPv6] {
            let healthy = try reply(.a, [try address])
            #expect(try broken(fault, healthy) == healthy, "\(fault)")
        }
    }

    @Test("names in capitals are other names")
    func capitals() throws {
        #expect(try broken(.caseSensitive, reply(.a, [try address], name: "Web.example."))?.responseCode == .nameError)
        #expect(try broken(.caseSensitive, reply(.a, [try address]))?.answers.count == 1)
    }

    @Test("records lose what they have")
    func records() throws {
        #expect(try broken(.withoutTTL, reply(.a, [try address]))?.answers.map(\.timeToLive) == [0])
        let alias = try reply(.a, [.cname(try #require(DomainName("other.example."))), try address])
        #expect(try broken(.addressOfExternalName, alias)?.answers.map(\.type) == [.a])
    }

    @Test("TC goes, TCP is not answered, and datagrams stay short")
    func transport() throws {
        var cut = try reply(.a, [])
        cut.isTruncated = true
        #expect(try broken(.cutsSilently, cut)?.isTruncated == false)
        #expect(try broken(.withoutTCP, cut, over: .stream) == nil)
        #expect(try broken(.withoutTCP, cut) == cut)
        let long = try reply(.a, Array(repeating: try address, count: 40))
        let short = try broken(.ignoresEDNS, long)
        #expect(short?.isTruncated == true && short?.answers.isEmpty == true)
        #expect(try broken(.ignoresEDNS, long, over: .stream) == long)
    }
}
