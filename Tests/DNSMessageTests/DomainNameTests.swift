import Addressing
import DNSMessage
import TestSupport
import Testing

@Suite("Domain names")
struct DomainNameTests {
    @Test("names are read as people write them", arguments: ["a.example", "a.example.", "A.Example"])
    func reads(text: String) throws {
        let name = try #require(DomainName(text))
        #expect(name == DomainName("a.example"))
        #expect(name.hashValue == DomainName("a.example")?.hashValue)
        #expect(name.labels.count == 2)
    }

    @Test("the root is a dot")
    func root() {
        #expect(DomainName(".") == .root)
        #expect(DomainName.root.description == "." && DomainName.root.parent == nil && DomainName.root.isRoot)
    }

    @Test(
        "what is no name is refused",
        arguments: [
            "", "..", "a..b", ".a", "a..", "\\", "a\\", "\\25", "\\256", "\\2x5", String(repeating: "x", count: 64),
            Array(repeating: "abcdefg", count: 32).joined(separator: "."),
        ])
    func refuses(text: String) {
        #expect(DomainName(text) == nil)
    }

    @Test("a label may have 63 bytes and a name 255")
    func longest() throws {
        let label = String(repeating: "x", count: 63)
        #expect(DomainName(label) != nil)
        let name = try #require(
            DomainName([label, label, label, String(repeating: "x", count: 61)].joined(separator: ".")))
        #expect(name.wire.count == 255)
        #expect(DomainName([label, label, label, String(repeating: "x", count: 62)].joined(separator: ".")) == nil)
        #expect(name.prepending([120]) == nil)
    }

    @Test("escapes stand for any byte, and come back", arguments: [#"a\.b.c"#, #"\000\255.x"#, #"\\\".\@"#, "a\\ b"])
    func escapes(text: String) throws {
        let name = try #require(DomainName(text))
        #expect(DomainName(name.description)?.wire == name.wire)
    }

    @Test("any labels survive their text form")
    func textRoundTrip() throws {
        for seed in 0..<500 as Range<UInt64> {
            var generator = SeededGenerator(seed: seed)
            let labels = (0..<Int.random(in: 0...5, using: &generator)).map { _ in
                (0..<Int.random(in: 1...20, using: &generator)).map { _ in UInt8.random(in: 0...255, using: &generator)
                }
            }
            let name = try #require(DomainName(labels: labels), "seed \(seed)")
            #expect(DomainName(name.description)?.wire == name.wire, "seed \(seed)")
            #expect(DomainName(wire: name.wire)?.wire == name.wire, "seed \(seed)")
        }
    }

    @Test("wire forms with missing or spare bytes are refused")
    func wireForm() {
        for wire: [UInt8] in [
            [], [1], [1, 97], [0, 0], [1, 97, 0, 0], [64] + [UInt8](repeating: 97, count: 64) + [0], [0xc0, 0],
        ] {
            #expect(DomainName(wire: wire) == nil)
        }
    }

    @Test("below means whole labels")
    func below() throws {
        let zone = try #require(DomainName("Cluster.Local"))
        for (text, expected) in [
            ("cluster.local", true), ("svc.cluster.LOCAL", true), ("xcluster.local", false), ("local", false),
            (".", false), ("cluster.local.x", false), (#"a\007cluster.local"#, false),
        ] {
            #expect(try #require(DomainName(text)).isEqual(orBelow: zone) == expected, "\(text)")
        }
        #expect(zone.isEqual(orBelow: .root))
        #expect(zone.prepending(Array("svc".utf8))?.parent == zone)
    }

    @Test(
        "reverse names lead back to their addresses",
        arguments: ["10.96.0.1", "0.0.0.0", "255.255.255.255", "fd00::1", "::"])
    func reverse(text: String) throws {
        let address = try #require(IPAddress(text))
        let block = try #require(DomainName(reverse: address).reverseBlock)
        #expect(block.network == address && block.prefixLength == address.family.bitWidth)
    }

    @Test("reverse names are spelled as the RFCs say")
    func reverseText() throws {
        #expect(DomainName(reverse: try #require(IPAddress("10.3.0.1"))).description == "1.0.3.10.in-addr.arpa.")
        #expect(
            DomainName(reverse: try #require(IPAddress("2001:db8::567:89ab"))).description
                == "b.a.9.8.7.6.5.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa.")
    }

    @Test("shorter reverse names are blocks")
    func reverseBlocks() throws {
        #expect(DomainName("96.10.IN-ADDR.arpa")?.reverseBlock == CIDR("10.96.0.0/16"))
        #expect(DomainName("in-addr.arpa")?.reverseBlock == CIDR("0.0.0.0/0"))
        #expect(DomainName("0.d.F.ip6.arpa")?.reverseBlock == CIDR("fd00::/12"))
        #expect(DomainName("ip6.arpa")?.reverseBlock == CIDR("::/0"))
    }

    @Test(
        "malformed reverse names are none",
        arguments: [
            "256.in-addr.arpa", "01.in-addr.arpa", "x.in-addr.arpa", "1.2.3.4.5.in-addr.arpa", "10.ip6.arpa",
            "g.ip6.arpa", "arpa", "example.test", "999999.in-addr.arpa", "-1.in-addr.arpa",
        ])
    func malformedReverse(text: String) {
        #expect(DomainName(text)?.reverseBlock == nil)
    }
}
