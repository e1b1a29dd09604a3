import Addressing
import DNSMessage
import Testing

@Suite("Recorded DNS messages")
struct RecordedMessageTests {
    private func answer(_ name: String) throws -> Message { try Message(decoding: Recording.answer(name)) }

    private func texts(_ records: [ResourceRecord]) -> [String] { records.map(\.description) }

    @Test("every recorded message decodes, and means the same after it was encoded again")
    func allRoundTrip() throws {
        for (name, bytes) in try Recording.all() {
            let message = try Message(decoding: bytes)
            #expect(try Message(decoding: message.encoded()) == message, "\(name)")
        }
    }

    @Test("what is encoded again is no longer than what the servers sent")
    func compressesAsWell() throws {
        // Servers compress the names in these types, which are opaque here or (SRV) not to be compressed.
        let spared: Set = ["mx", "naptr", "rp", "dname", "any", "srv", "dnsmasq-srv"]
        for (name, bytes) in try Recording.all() where !spared.contains(String(name.split(separator: " ")[0])) {
            #expect(try Message(decoding: bytes).encoded().count <= bytes.count, "\(name)")
        }
    }

    @Test("a query of dig asks one question, recursion desired, with EDNS")
    func query() throws {
        let query = try Message(decoding: Recording.query("a"))
        #expect(query.questions.map(\.description) == ["www.example.test. IN A"])
        #expect(!query.isResponse && query.recursionDesired && query.isAuthenticData && query.operation == .query)
        #expect(query.edns == EDNS(payloadSize: 1232))
    }

    @Test("the answer to A has the addresses in the server's order")
    func addresses() throws {
        let message = try answer("a")
        #expect(message.isResponse && message.isAuthoritative && message.responseCode == .noError)
        #expect(
            Set(texts(message.answers)) == [
                "www.example.test. 300 IN A 192.0.2.10", "www.example.test. 300 IN A 192.0.2.11",
                "www.example.test. 300 IN A 192.0.2.12",
            ])
        #expect(try texts(answer("aaaa").answers) == ["www.example.test. 300 IN AAAA 2001:db8::10"])
    }

    @Test("SOA, NS, TXT, SRV, CNAME and PTR are read with their names decompressed")
    func names() throws {
        #expect(
            try texts(answer("soa").answers) == [
                "example.test. 300 IN SOA ns1.example.test. hostmaster.example.test. 2024010101 7200 1800 86400 60"
            ])
        #expect(
            try texts(answer("ns").answers) == [
                "example.test. 300 IN NS ns1.example.test.", "example.test. 300 IN NS ns2.example.test.",
            ])
        #expect(try texts(answer("txt").answers) == [#"example.test. 300 IN TXT "v=spf1 -all" "second text""#])
        #expect(
            try texts(answer("srv").answers) == [
                "_http._tcp.example.test. 300 IN SRV 10 100 80 www.example.test.",
                "_http._tcp.example.test. 300 IN SRV 20 50 8080 mail.example.test.",
            ])
        #expect(try texts(answer("cname").answers).first == "alias.example.test. 300 IN CNAME www.example.test.")
        #expect(
            try texts(answer("dnsmasq-ptr").answers) == ["50.2.0.192.in-addr.arpa. 0 IN PTR host.lab.test."])
        #expect(
            try answer("dnsmasq-ptr6").answers.first?.name
                == DomainName(reverse: try #require(IPAddress("2001:db8::50"))))
    }

    @Test("names inside types that are not known here are decompressed too")
    func otherTypes() throws {
        let exchange = try #require(try answer("mx").answers.first)
        let name = try #require(DomainName("mail.example.test"))
        #expect(exchange.data == .other(RecordType(rawValue: 15), [0, 10] + name.wire))
        #expect(
            try texts(answer("caa").answers) == [
                "example.test. 300 IN TYPE257 \\# 22 00056973737565" + hex("ca.example.test")
            ])
        let replacement = try #require(DomainName("_http._tcp.example.test"))
        guard case .other(_, let bytes) = try #require(try answer("naptr").answers.first).data else {
            Issue.record("NAPTR was not opaque")
            return
        }
        #expect(bytes.suffix(replacement.wire.count) == replacement.wire[...])
    }

    private func hex(_ text: String) -> String { text.utf8.map { String($0, radix: 16) }.joined() }

    @Test("NXDOMAIN and NODATA carry the zone's SOA")
    func negative() throws {
        let missing = try answer("nxdomain")
        #expect(missing.responseCode == .nameError && missing.answers.isEmpty)
        #expect(missing.authorities.map(\.type) == [.soa])
        let empty = try answer("nodata")
        #expect(empty.responseCode == .noError && empty.answers.isEmpty && empty.authorities.map(\.type) == [.soa])
    }

    @Test("the spelling of the question comes back")
    func spelling() throws {
        #expect(try answer("case").questions.first?.name.description == "WwW.ExAmPlE.TeSt.")
    }

    @Test("flags and response codes are those that dig shows")
    func flags() throws {
        #expect(try answer("truncated").isTruncated)
        #expect(try answer("refused").responseCode == .refused)
        #expect(try answer("badvers").responseCode == .badVersion)
        #expect(try Message(decoding: Recording.query("badvers")).edns?.version == 1)
        let dnssec = try Message(decoding: Recording.query("dnssec"))
        #expect(dnssec.edns?.wantsDNSSEC == true && dnssec.isCheckingDisabled)
        #expect(try Message(decoding: Recording.query("chaos")).questions.first?.recordClass == .chaos)
        #expect(try Message(decoding: Recording.query("notify")).operation == .notify)
        #expect(try Message(decoding: Recording.query("axfr-tcp")).questions.first?.type == .axfr)
    }

    @Test("options of EDNS are kept")
    func options() throws {
        #expect(try Message(decoding: Recording.query("subnet")).edns?.options.map(\.code) == [8])
        #expect(try Message(decoding: Recording.query("cookie")).edns?.options.map(\.code) == [10])
    }

    @Test("sixty addresses come over TCP")
    func stream() throws {
        #expect(try answer("tcp-tcp").answers.count == 60)
        #expect(try answer("many").answers.count == 60)
    }

    @Test("bytes that are no letters and the longest name")
    func unusualNames() throws {
        let mixed = try #require(try Message(decoding: Recording.query("mixed-labels")).questions.first?.name)
        #expect(mixed.description == #"a\.b\032c\200.example.test."#)
        let longest = try #require(try Message(decoding: Recording.query("longest")).questions.first?.name)
        #expect(longest.wire.count == 255)
    }
}
