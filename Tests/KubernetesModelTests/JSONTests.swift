import KubernetesModel
import TestSupport
import Testing

@Suite("JSON")
struct JSONTests {
    @Test(
        "a value reads as it was written",
        arguments: [
            "null", "true", "[1,-2,3.5,\"a\"]", "{\"a\":{\"b\":[]},\"c\":\"\\\"\\\\\\n\"}", "9223372036854775807",
        ])
    func roundTrip(text: String) throws {
        #expect(try JSONValue(parsing: text).text == text)
    }

    @Test("escapes read as their characters")
    func escapes() throws {
        #expect(try JSONValue(parsing: #""\u00e9\ud83d\ude00\ud800x\/""#) == .string("é😀\u{fffd}x/"))
    }

    @Test("every character is written so that it reads as itself, alone and among others")
    func characters() throws {
        let scalars = (0..<0x300).compactMap { Unicode.Scalar($0) } + ["\u{2028}", "\u{ffff}", "\u{1f600}"]
        for scalar in scalars {
            for text in ["\(scalar)", "before \(scalar) behind", "a text of more than fifteen bytes\(scalar)"] {
                let written = JSONValue.string(text).text
                #expect(try JSONValue(parsing: written) == .string(text), "\(written)")
                #expect(written.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7f })
            }
        }
    }

    @Test("a path is written in place, whatever else the tree holds")
    func pathsInPlace() {
        let before: JSONValue = ["a": ["b": ["c": 1], "d": 2], "e": "text"]
        var value = before
        value[path: ["a", "b", "c"]] = 3
        value[path: ["a", "f", "g"]] = 4
        value[path: ["e", "h"]] = 5
        value[path: ["x", "y"]] = nil
        #expect(value == ["a": ["b": ["c": 3], "d": 2, "f": ["g": 4]], "e": ["h": 5]])
        #expect(before == ["a": ["b": ["c": 1], "d": 2], "e": "text"])
        value[path: ["a", "b", "c"]] = nil
        #expect(value == ["a": ["b": [:], "d": 2, "f": ["g": 4]], "e": ["h": 5]])
    }

    @Test(
        "what is no JSON is refused with its place",
        arguments: [
            ("", 0), ("{", 1), ("[1,]", 3), ("{\"a\" 1}", 5), ("tru", 3), ("01", 1), ("\"\u{1}\"", 1), ("1 2", 2),
            ("{a:1}", 1), ("1e999", 0), ("\"\\x\"", 2),
        ])
    func refusals(text: String, offset: Int) {
        let error = #expect(throws: JSONError.self) { try JSONValue(parsing: text) }
        #expect(error?.offset == offset)
    }

    @Test("nesting is bounded")
    func depth() {
        let text = String(repeating: "[", count: 100_000)
        let error = #expect(throws: JSONError.self) { try JSONValue(parsing: text) }
        #expect(error?.message == "exceeded max depth")
    }

    @Test("a path is written into objects that are not there yet, and removed again")
    func paths() {
        var value: JSONValue = [:]
        value[path: ["a", "b", "c"]] = 1
        #expect(value == ["a": ["b": ["c": 1]]])
        value[path: ["a", "b", "c"]] = nil
        value[path: ["x", "y"]] = nil
        #expect(value == ["a": ["b": [:]]])
    }
}
