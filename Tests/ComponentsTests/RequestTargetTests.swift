import TestSupport
import Testing

@testable import Components

@Suite("Request targets")
struct RequestTargetTests {
    @Test("a target is taken apart and decoded")
    func parts() throws {
        let target = try #require(RequestTarget("/a%20b+c?x=1+2&y&x=3&%41=%26%3d#frag?z=1"))
        #expect(target.path == "/a b+c")
        #expect(target.query.text("x") == "1 2")
        #expect(target.query.bytes("y") == [])
        #expect(target.query.text("A") == "&=")
        #expect(target.query.bytes("z") == nil)
    }

    @Test("the absolute form is read as the origin form")
    func absolute() throws {
        #expect(try #require(RequestTarget("http://10.0.0.1:80/seen?id=4")).path == "/seen")
        #expect(try #require(RequestTarget("http://10.0.0.1?id=http://x/")).query.text("id") == "http://x/")
    }

    @Test("a malformed escape is refused", arguments: ["/%", "/%4", "/%4g", "/?a=%", "/?%zz=1", "/?a=%+1", "/%é1"])
    func malformed(target: String) {
        #expect(RequestTarget(target) == nil)
    }

    @Test("any parameters survive encoding and decoding", arguments: UInt64(1)...8)
    func roundTrip(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<500 {
            let value = generator.bytes(upTo: 40)
            let escaped = value.map { byte in
                "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: Bool.random(using: &generator))
            }
            let query = try #require(QueryString("a=1&name=\(escaped.joined())".utf8), "seed \(seed), value \(value)")
            #expect(query.bytes("name") == value, "seed \(seed)")
            let encoded = PercentEncoding.encode(value.filter { $0 != UInt8(ascii: "%") })
            #expect(encoded.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f }, "seed \(seed), value \(value)")
            #expect(
                PercentEncoding.decode(Array(encoded.utf8), plusIsSpace: false)
                    == value.filter { $0 != UInt8(ascii: "%") },
                "seed \(seed), value \(value)")
        }
    }

    @Test("a query is refused exactly where a % lacks its two digits", arguments: UInt64(1)...8)
    func fuzz(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let alphabet = Array("%%%0aF+&=?#/:gz".utf8) + [0, 0xff]
        for _ in 0..<3_000 {
            let bytes = generator.bytes(upTo: 30, from: alphabet)
            var isMalformed = false
            for part in bytes.split(whereSeparator: { $0 == UInt8(ascii: "&") || $0 == UInt8(ascii: "=") }) {
                let pieces = part.split(separator: UInt8(ascii: "%"), omittingEmptySubsequences: false).dropFirst()
                // An escape takes the two bytes behind it, be they a further % or not; a further % is no digit.
                for piece in pieces
                where piece.count < 2 || !piece.prefix(2).allSatisfy({ Character(UnicodeScalar($0)).isHexDigit }) {
                    isMalformed = true
                }
            }
            #expect((QueryString(bytes) == nil) == isMalformed, "seed \(seed), bytes \(bytes)")
        }
    }

    @Test("JSON strings stay on one line and escape what must be")
    func json() {
        #expect(JSONText.string("a\"\\\n\r\t\u{1}\u{7f}\u{2028}é") == #""a\"\\\n\r\t\u0001\u007f\u2028é""#)
        #expect(JSONText.object([("a", JSONText.array(["1", "2"]))]) == #"{"a":[1,2]}"#)
    }
}
