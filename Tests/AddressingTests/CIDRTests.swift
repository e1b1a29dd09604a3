import Addressing
import TestSupport
import Testing

@Suite("Blocks of addresses")
struct CIDRTests {
    private func address(_ text: String) throws -> IPAddress { try #require(IPAddress(text), "\(text)") }
    private func block(_ text: String) throws -> CIDR { try #require(CIDR(text), "\(text)") }

    @Test(
        "a block has a first and a last address",
        arguments: [
            ("0.0.0.0/0", "0.0.0.0", "255.255.255.255"), ("128.0.0.0/1", "128.0.0.0", "255.255.255.255"),
            ("10.244.0.0/16", "10.244.0.0", "10.244.255.255"), ("10.244.1.0/24", "10.244.1.0", "10.244.1.255"),
            ("10.0.0.2/31", "10.0.0.2", "10.0.0.3"), ("10.0.0.3/32", "10.0.0.3", "10.0.0.3"),
            ("255.255.255.255/32", "255.255.255.255", "255.255.255.255"),
            ("::/0", "::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
            ("fd00:10:244::/56", "fd00:10:244::", "fd00:10:244:ff:ffff:ffff:ffff:ffff"),
            ("fd00::2/127", "fd00::2", "fd00::3"), ("fd00::3/128", "fd00::3", "fd00::3"),
        ])
    func edges(text: String, first: String, last: String) throws {
        let block = try block(text)
        #expect(block.network == (try address(first)))
        #expect(block.last == (try address(last)))
        #expect(block.description == text)
        #expect(block.contains(block.network) && block.contains(block.last) && block.contains(block))
        #expect(block.address(at: 0) == block.network)
        let size = block.last.number - block.network.number
        #expect(block.address(at: size) == block.last)
        if size < .max { #expect(block.address(at: size + 1) == nil) }
        if let outside = block.last.advanced(by: 1) { #expect(!block.contains(outside)) }
        #expect(CIDR(containing: block.last, prefixLength: block.prefixLength) == block)
    }

    @Test(
        "what is no block is refused, bits behind the prefix among it",
        arguments: [
            "", "/", "10.0.0.0", "10.0.0.0/", "/8", "10.0.0.0/33", "::/129", "10.0.0.0/-1", "10.0.0.0/+8",
            "10.0.0.0/08",
            "10.0.0.0/008", "10.0.0.0/0008", "10.0.0.0/8/8", "10.0.0.0/8 ", "10.0.0.0/ 8", "10.0.0.0/8a", "10.0.0/8",
            "10.0.0.0/255.0.0.0", "10.244.1.5/24", "0.0.0.1/0", "fd00::1/64", "::1/127", "fe80::%eth0/64",
            "10.0.0.0/\u{ff18}", "10.0.0.0/99999999999999999999",
        ])
    func refusals(text: String) {
        #expect(CIDR(text) == nil)
    }

    @Test("a prefix length outside the family's addresses gives no block")
    func prefixLengths() throws {
        let (v4, v6) = (try address("10.0.0.1"), try address("fd00::1"))
        for length in [Int.min, -1, 33, 129, Int.max] { #expect(CIDR(containing: v4, prefixLength: length) == nil) }
        for length in [Int.min, -1, 129, Int.max] { #expect(CIDR(containing: v6, prefixLength: length) == nil) }
        #expect(CIDR(containing: v6, prefixLength: 128)?.network == v6)
        #expect(CIDR(containing: v4, prefixLength: 0)?.description == "0.0.0.0/0")
    }

    @Test("blocks of two families share nothing, although their numbers are the same")
    func families() throws {
        let (v4, v6) = (try block("0.0.0.0/0"), try block("::/0"))
        #expect(!v4.overlaps(v6) && !v6.overlaps(v4) && !v4.contains(v6) && !v6.contains(v4))
        #expect(!v6.contains(try address("10.0.0.1")))
        #expect(!(try block("::/96")).contains(try address("10.0.0.1")))
    }

    @Test("overlap is mutual, containment is not")
    func overlap() throws {
        let (cluster, node, other) = (
            try block("10.244.0.0/16"), try block("10.244.1.0/24"), try block("10.245.0.0/16")
        )
        #expect(cluster.contains(node) && !node.contains(cluster))
        #expect(cluster.overlaps(node) && node.overlaps(cluster))
        #expect(!cluster.overlaps(other) && !other.overlaps(cluster))
        #expect(!(try block("10.0.0.0/32")).overlaps(try block("10.0.0.1/32")))
    }

    @Test("counting on ends with the family")
    func overflow() throws {
        #expect(try address("255.255.255.254").advanced(by: 1)?.description == "255.255.255.255")
        #expect(try address("255.255.255.255").advanced(by: 0)?.description == "255.255.255.255")
        #expect(try address("255.255.255.255").advanced(by: 1) == nil)
        #expect(try address("0.0.0.0").advanced(by: UInt128(UInt32.max) + 1) == nil)
        #expect(try address("10.0.0.1").advanced(by: .max) == nil)
        let end = try address("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")
        #expect(end.advanced(by: 1) == nil && end.advanced(by: .max) == nil)
        #expect(try address("::").advanced(by: .max) == end)
        #expect(try block("255.255.255.0/24").address(at: 256) == nil)
        #expect(try block("::/0").address(at: .max) == end)
        #expect(try address("0.255.255.255").advanced(by: 1)?.description == "1.0.0.0")
    }

    @Test("an address on an interface keeps its bits behind the prefix")
    func interfaceAddresses() throws {
        let pair = try #require(InterfaceAddress("10.244.1.5/24"))
        #expect(pair.address == (try address("10.244.1.5")) && pair.prefixLength == 24)
        #expect(pair.cidr == (try block("10.244.1.0/24")))
        #expect(pair.description == "10.244.1.5/24")
        #expect(InterfaceAddress(pair.address, in: try block("10.0.0.0/8")).description == "10.244.1.5/8")
        #expect(InterfaceAddress(host: pair.address).description == "10.244.1.5/32")
        #expect(InterfaceAddress(host: try address("fd00::5")).description == "fd00::5/128")
        #expect(InterfaceAddress(pair.address, prefixLength: 33) == nil)
        #expect(InterfaceAddress("10.244.1.5/33") == nil && InterfaceAddress("10.244.1.5") == nil)
    }

    @Test("every prefix length of random addresses splits the family where bit arithmetic by hand does")
    func randomBlocks() throws {
        let seed: UInt64 = 0x00c1_d400
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<40 {
            for width in [4, 16] {
                let bytes = (0..<width).map { _ in UInt8.random(in: 0...255, using: &generator) }
                let address = try #require(IPAddress(bytes: bytes))
                for length in 0...width * 8 {
                    let block = try #require(CIDR(containing: address, prefixLength: length))
                    var (first, last) = (bytes, bytes)
                    for bit in length..<width * 8 {
                        first[bit / 8] &= ~(0x80 >> UInt8(bit % 8))
                        last[bit / 8] |= 0x80 >> UInt8(bit % 8)
                    }
                    #expect(
                        block.network.bytes == first && block.last.bytes == last, "seed \(seed): \(address)/\(length)")
                    #expect(CIDR(block.description) == block, "seed \(seed): \(block)")
                }
            }
        }
    }
}
