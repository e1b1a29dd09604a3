import Addressing
import Glibc
import TestSupport
import Testing

/// Both readers have to agree on every text, and both writers on every address, but for one intended difference: the C
/// library writes the addresses of ::/96 as `::1.2.3.4`, the "IPv4-compatible" form that RFC 4291 has deprecated and
/// RFC 5952 does not name; here they are `::102:304`.
@Suite("Text forms against inet_pton(3) and inet_ntop(3)")
struct CLibraryComparisonTests {
    /// The address as the C library reads it.
    private func parse(_ text: String, _ family: AddressFamily) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: family.bitWidth / 8)
        return inet_pton(family == .ipv4 ? AF_INET : AF_INET6, text, &bytes) == 1 ? bytes : nil
    }

    private func format(_ address: IPAddress) -> String {
        var buffer = [CChar](repeating: 0, count: 64)
        inet_ntop(address.family == .ipv4 ? AF_INET : AF_INET6, address.bytes, &buffer, socklen_t(buffer.count))
        return String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    private func randomAddress(_ generator: inout SeededGenerator) -> IPAddress? {
        if Int.random(in: 0..<4, using: &generator) == 0 {
            return IPAddress(bytes: (0..<4).map { _ in UInt8.random(in: 0...255, using: &generator) })
        }
        // Groups of zero are common, so that runs of every length and place come up.
        let groups = (0..<8).map { _ -> UInt16 in
            switch Int.random(in: 0..<8, using: &generator) {
            case 0..<4: 0
            case 4: 0xffff
            case 5: UInt16.random(in: 0...15, using: &generator)
            default: UInt16.random(in: 0...UInt16.max, using: &generator)
            }
        }
        return IPAddress(bytes: groups.flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] })
    }

    @Test("20,000 random addresses are written as the C library writes them, and read back")
    func formatting() throws {
        let seed: UInt64 = 0x5952
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<20_000 {
            let address = try #require(randomAddress(&generator))
            let isCompatible = address.family == .ipv6 && address.number >> 32 == 0 && address.number > 0xffff
            if isCompatible {
                #expect(format(address).contains("."), "seed \(seed): \(address)")
            } else {
                #expect(address.description == format(address), "seed \(seed): \(address.bytes)")
            }
            #expect(IPAddress(address.description) == address, "seed \(seed): \(address)")
        }
    }

    @Test("60,000 random and mutated texts are read or refused as the C library does")
    func parsing() throws {
        let seed: UInt64 = 0x4291
        var generator = SeededGenerator(seed: seed)
        let alphabet = Array(":::::....0123456789abcdefABCDEF0001xg% /-+".utf8)
        var accepted = 0
        for _ in 0..<60_000 {
            var text: [UInt8]
            if Int.random(in: 0..<8, using: &generator) == 0 {
                text = (0..<Int.random(in: 0...20, using: &generator)).map { _ in
                    alphabet.randomElement(using: &generator) ?? 0
                }
            } else {
                text = Array(try #require(randomAddress(&generator)).description.utf8)
                for _ in 0..<Int.random(in: 0...3, using: &generator) { mutate(&text, alphabet, &generator) }
            }
            let string = String(decoding: text, as: UTF8.self)
            for family in AddressFamily.allCases {
                let own =
                    family == .ipv4 ? IPv4Address(string).map(IPAddress.v4) : IPv6Address(string).map(IPAddress.v6)
                let expected = parse(string, family)
                if own?.bytes != expected {
                    Issue.record(
                        "seed \(seed): '\(string)' as \(family) is \(own?.description ?? "refused"), not \(expected ?? [])"
                    )
                    return
                }
                if own != nil { accepted += 1 }
            }
        }
        #expect(
            (12_000...54_000).contains(accepted), "seed \(seed): the texts are no mixture of good and bad: \(accepted)"
        )
    }

    private func mutate(_ text: inout [UInt8], _ alphabet: [UInt8], _ generator: inout SeededGenerator) {
        let place = Int.random(in: 0...text.count, using: &generator)
        let byte = alphabet.randomElement(using: &generator) ?? 0
        switch Int.random(in: 0..<4, using: &generator) {
        case 0: text.insert(byte, at: place)
        case 1 where place < text.count: text.remove(at: place)
        case 2 where place < text.count: text[place] = byte
        default:
            text.insert(contentsOf: text[place...].prefix(5), at: Int.random(in: 0...text.count, using: &generator))
        }
    }
}
