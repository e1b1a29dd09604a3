import Addressing
import Testing

@Suite("IPv4 addresses")
struct IPv4AddressTests {
    @Test(
        "dotted decimal is read and written",
        arguments: [
            ("0.0.0.0", UInt32(0)), ("10.0.0.1", 0x0a00_0001), ("10.244.1.5", 0x0af4_0105), ("127.0.0.1", 0x7f00_0001),
            ("100.99.9.0", 0x6463_0900), ("255.255.255.255", 0xffff_ffff),
        ])
    func text(text: String, number: UInt32) throws {
        let address = try #require(IPv4Address(text))
        #expect(address.rawValue == number)
        #expect(address.description == text)
        #expect(IPAddress(text) == .v4(address))
    }

    @Test(
        "what is no dotted decimal of four numbers up to 255 is refused",
        arguments: [
            "", ".", "...", "1", "1.2.3", "1.2.3.4.5", "1.2.3.", ".1.2.3", "1..2.3", "256.0.0.1", "1.2.3.999",
            "1.2.3.1000",
            "01.2.3.4", "1.2.3.04", "00.0.0.0", "0x1.2.3.4", "1.2.3.a", "+1.2.3.4", "-1.2.3.4", "1.2.3.4 ", " 1.2.3.4",
            "1.2.3.4\n", "1.2.3.4/24", "1.2.3.4:80", "1,2,3,4", "1.2.3.\u{0664}", "\u{ff11}.2.3.4", "1.2.3.4\0",
            "16909060", "1.2.772", "１.2.3.4",
        ])
    func refusals(text: String) {
        #expect(IPv4Address(text) == nil)
        #expect(IPAddress(text) == nil)
    }

    @Test("a part of a text reads like the whole")
    func substring() {
        #expect(IPv4Address("from 10.0.0.1".dropFirst(5)) == IPv4Address(rawValue: 0x0a00_0001))
    }

    @Test("addresses are in the order of their numbers, IPv4 before IPv6")
    func order() throws {
        let sorted = ["9.255.255.255", "10.0.0.0", "10.0.0.1", "200.0.0.0", "::", "::1", "fd00::", "fe80::"]
        let addresses = try sorted.map { try #require(IPAddress($0)) }
        #expect(addresses.reversed().sorted() == addresses)
        #expect(IPv4Address(rawValue: 1) < IPv4Address(rawValue: 0x8000_0000))
        #expect(IPv6Address(rawValue: 1) < IPv6Address(rawValue: 1 << 127))
    }

    @Test("bytes in network order lead there and back, and only 4 or 16 of them are an address")
    func bytes() throws {
        for text in ["10.244.1.5", "255.255.255.255", "fd00:10:244:1::5", "::"] {
            let address = try #require(IPAddress(text))
            #expect(address.bytes.count * 8 == address.family.bitWidth)
            #expect(IPAddress(bytes: address.bytes) == address)
        }
        #expect(IPAddress(bytes: [10, 244, 1, 5])?.description == "10.244.1.5")
        for count in [0, 1, 3, 5, 8, 15, 17, 64] {
            #expect(IPAddress(bytes: Array(repeating: 255, count: count)) == nil, "\(count) bytes")
        }
    }

    @Test("ports follow an IPv4 address behind a colon, an IPv6 address behind brackets")
    func ports() throws {
        #expect(try #require(IPAddress("10.0.0.1")).withPort(80) == "10.0.0.1:80")
        #expect(try #require(IPAddress("FD00::1")).withPort(65535) == "[fd00::1]:65535")
    }

    @Test("each family has its loopback and its unspecified address")
    func wellKnown() {
        #expect(IPAddress.loopback(.ipv4).description == "127.0.0.1")
        #expect(IPAddress.loopback(.ipv6).description == "::1")
        #expect(IPAddress.unspecified(.ipv4).description == "0.0.0.0")
        #expect(IPAddress.unspecified(.ipv6).description == "::")
    }
}
