import Addressing
import Testing

@Suite("IPv6 addresses")
struct IPv6AddressTests {
    @Test(
        "the examples of RFC 5952 and RFC 4291 have their canonical text",
        arguments: [
            // RFC 5952, sections 1 and 2.1: leading zeros.
            ("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"), ("2001:0db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"),
            ("2001:db8::1:0:0:1", "2001:db8::1:0:0:1"), ("2001:db8::0:1:0:0:1", "2001:db8::1:0:0:1"),
            ("2001:0db8::1:0:0:1", "2001:db8::1:0:0:1"), ("2001:db8:0:0:1::1", "2001:db8::1:0:0:1"),
            ("2001:db8:0000:0:1::1", "2001:db8::1:0:0:1"), ("2001:DB8:0:0:1::1", "2001:db8::1:0:0:1"),
            ("2001:db8:aaaa:bbbb:cccc:dddd:eeee:0001", "2001:db8:aaaa:bbbb:cccc:dddd:eeee:1"),
            // Section 2.2: zero compression.
            ("2001:db8:aaaa:bbbb:cccc:dddd::1", "2001:db8:aaaa:bbbb:cccc:dddd:0:1"),
            ("2001:db8:0:0:0::1", "2001:db8::1"), ("2001:db8:0:0::1", "2001:db8::1"), ("2001:db8:0::1", "2001:db8::1"),
            ("2001:db8::aaaa:0:0:1", "2001:db8::aaaa:0:0:1"), ("2001:db8:0:0:aaaa::1", "2001:db8::aaaa:0:0:1"),
            // Section 2.3: case.
            ("2001:db8:aaaa:bbbb:cccc:dddd:eeee:AaAa", "2001:db8:aaaa:bbbb:cccc:dddd:eeee:aaaa"),
            // Section 4: one 16-bit group is not shortened, the longest run is, the first of two that are as long.
            ("2001:0db8::0001", "2001:db8::1"), ("2001:db8:0:0:0:0:2:1", "2001:db8::2:1"),
            ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"), ("2001:db8::1:1:1:1:1", "2001:db8:0:1:1:1:1:1"),
            ("2001:0:0:1:0:0:0:1", "2001:0:0:1::1"), ("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"),
            // Section 5: the prefix of mapped addresses is known, so the rest is dotted.
            ("0:0:0:0:0:ffff:192.0.2.1", "::ffff:192.0.2.1"), ("::ffff:c000:201", "::ffff:192.0.2.1"),
            // RFC 4291, section 2.2.
            ("ABCD:EF01:2345:6789:ABCD:EF01:2345:6789", "abcd:ef01:2345:6789:abcd:ef01:2345:6789"),
            ("2001:DB8:0:0:8:800:200C:417A", "2001:db8::8:800:200c:417a"), ("FF01:0:0:0:0:0:0:101", "ff01::101"),
            ("0:0:0:0:0:0:0:1", "::1"), ("0:0:0:0:0:0:0:0", "::"), ("::13.1.68.3", "::d01:4403"),
            ("::FFFF:129.144.52.38", "::ffff:129.144.52.38"), ("64:ff9b::192.0.2.33", "64:ff9b::c000:221"),
            // The edges: a run at the start, at the end, of seven groups.
            ("0:0:1:1:1:1:1:1", "::1:1:1:1:1:1"), ("1:1:1:1:1:1:0:0", "1:1:1:1:1:1::"), ("1::", "1::"),
            ("0:1:1:1:1:1:1:1", "0:1:1:1:1:1:1:1"), ("::1:1:1:1:1:1:1", "0:1:1:1:1:1:1:1"),
            ("1:1:1:1:1:1:1::", "1:1:1:1:1:1:1:0"),
        ])
    func canonicalText(text: String, canonical: String) throws {
        let address = try #require(IPv6Address(text))
        #expect(address.description == canonical)
        #expect(IPv6Address(canonical) == address)
        #expect(IPAddress(text) == .v6(address))
    }

    @Test(
        "what is no IPv6 address is refused",
        arguments: [
            "", ":", ":::", "::::", "1", "1:2", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:8:",
            ":1:2:3:4:5:6:7:8",
            ":1:2:3:4:5:6:7", "1:2:3:4:5:6:7:", "1:::2", "::1::", "1::2::3", "::1:2:3:4:5:6:7:8", "1:2:3:4::5:6:7:8",
            "1:2:3:4:5:6:7:8::", "12345::", "::10000", "g::", "::-1", "::+1", "0x1::", "fe80::1%eth0", "fe80::1%1",
            "[::1]",
            "[::1]:80", "::1/128", " ::1", "::1 ", "::1\n", "::1\0", "1.2.3.4", "1.2.3.4::", "::1.2.3.4:5",
            "1:1.2.3.4::",
            "::1.2.3", "::1.2.3.4.5", "::01.2.3.4", "::1.2.3.256", "::1.2.3.04", ":1.2.3.4", "1:2:3:4:5:6:7:1.2.3.4",
            "1:2:3:4:5:1.2.3.4", "1:2:3:4:5:6:7::1.2.3.4", "::.", "::1.", "1::\u{ff11}", "::\u{0661}",
            "1:2:3:4:5:6:7:8\u{301}",
            "0000:0000:0000:0000:0000:0000:0000:00000", "0000:0000:0000:0000:0000:ffff:192.168.100.1000",
        ])
    func refusals(text: String) {
        #expect(IPv6Address(text) == nil)
        #expect(IPAddress(text)?.family != .ipv6)
    }

    @Test("the longest text is read")
    func longest() {
        let text = "ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255"
        #expect(text.utf8.count == 45)
        #expect(IPv6Address(text) == IPv6Address(rawValue: .max))
    }

    @Test("link-local is fe80::/10 and nothing beside it")
    func linkLocal() throws {
        for text in ["fe80::", "fe80::1", "febf:ffff::"] {
            #expect(try #require(IPv6Address(text)).isLinkLocal, "\(text)")
        }
        for text in ["fe7f:ffff::", "fec0::", "fd00::1", "::1", "ff02::1"] {
            #expect(!(try #require(IPv6Address(text)).isLinkLocal), "\(text)")
        }
    }

    @Test("only ::ffff:0:0/96 maps IPv4")
    func mapped() throws {
        #expect(try #require(IPv6Address("::ffff:10.0.0.1")).mappedIPv4 == IPv4Address("10.0.0.1"))
        for text in ["::10.0.0.1", "::fffe:10.0.0.1", "1::ffff:10.0.0.1", "64:ff9b::10.0.0.1"] {
            #expect(try #require(IPv6Address(text)).mappedIPv4 == nil, "\(text)")
        }
    }
}
