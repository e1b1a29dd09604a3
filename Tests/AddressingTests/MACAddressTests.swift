import Addressing
import TestSupport
import Testing

@Suite("Ethernet addresses")
struct MACAddressTests {
    @Test("six hexadecimal octets are read in either case and written in lower case")
    func text() throws {
        let address = try #require(MACAddress("0A:58:0a:F4:01:05"))
        #expect(address.rawValue == 0x0a58_0af4_0105)
        #expect(address.description == "0a:58:0a:f4:01:05")
        #expect(address.bytes == [0x0a, 0x58, 0x0a, 0xf4, 0x01, 0x05])
        #expect(MACAddress(bytes: address.bytes) == address)
        #expect(MACAddress.zero.description == "00:00:00:00:00:00")
        #expect(MACAddress.broadcast.description == "ff:ff:ff:ff:ff:ff")
    }

    @Test(
        "other texts are refused",
        arguments: [
            "", ":", ":::::", "00:00:00:00:00", "00:00:00:00:00:00:00", "0:00:00:00:00:00", "000:00:00:00:00:00",
            "00:00:00:00:00:0g", "+0:00:00:00:00:00", "-1:00:00:00:00:00", "00-00-00-00-00-00", "000000000000",
            "00:00:00:00:00:00 ", "00:00:00:00:00:\u{ff10}", "00:00:00:00:00:\u{661}", "0a580af40105",
            "00:00:00::00:00",
        ])
    func refusals(text: String) {
        #expect(MACAddress(text) == nil)
    }

    @Test("bits above the 48 do not count, and other numbers of octets are refused")
    func bounds() {
        #expect(MACAddress(rawValue: .max) == .broadcast)
        for count in [0, 5, 7, 8] { #expect(MACAddress(bytes: [UInt8](repeating: 1, count: count)) == nil) }
    }

    @Test("random addresses survive their text")
    func roundTrip() {
        let seed: UInt64 = 0x3ac
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<1000 {
            let address = MACAddress(rawValue: UInt64.random(in: 0...UInt64.max, using: &generator))
            #expect(MACAddress(address.description) == address, "seed \(seed): \(address)")
        }
    }
}
