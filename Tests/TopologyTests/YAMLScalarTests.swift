import TestSupport
import Testing
import Yams

@testable import Topology

struct YAMLScalarTests {
    /// What the parser's own rules make of a plain text.
    private static func reference(_ text: String) -> String {
        Node.scalar(.init(text)).tag.description
    }

    private static func tag(_ content: DocumentValue.Content) -> Yams.Tag.Name {
        switch content {
        case .string: .str
        case .integer: .int
        case .boolean: .bool
        case .number: .float
        case .null: .null
        default: .implicit
        }
    }

    @Test("plain words have the types that YAML's rules give them")
    func property() {
        let seed: UInt64 = 4_711
        var generator = SeededGenerator(seed: seed)
        let pieces = [
            "0", "1", "9", "07", "80", "-", "+", ".", ":", "_", "e", "E", "x", "o", "b", "true", "True", "no", "NO",
            "on",
            "y", "n", "null", "Null", "~", "inf", "nan", "<<", "=", "a", "z", "é", "2020-01-01", "T", " ",
            "00000000000000000",
        ]
        var tags: Set<String> = []
        for round in 0..<20_000 {
            let text = (0..<Int.random(in: 0...3, using: &generator)).compactMap { _ in
                pieces.randomElement(using: &generator)
            }.joined()
            let expected = Self.reference(text)
            let content = YAMLScalar.content(of: Node.Scalar(text))
            tags.insert(expected)
            switch Yams.Tag.Name(rawValue: expected) {
            case .str, .timestamp, .int, .bool, .null:
                if case .other = content { continue }
                let name =
                    expected == Yams.Tag.Name.timestamp.rawValue ? Yams.Tag.Name.str : Yams.Tag.Name(rawValue: expected)
                #expect(Self.tag(content) == name, "seed \(seed), round \(round): \(text)")
            default: break
            }
        }
        #expect(tags.count > 5)
    }

    @Test("quoted words and words with a tag are what they say")
    func tagged() throws {
        let text = "- \"80\"\n- '80'\n- !!str 80\n- 80\n- \"true\"\n- |-\n  80\n- ! 80\n"
        let document = try #require(try YAMLDocument.read(text, file: nil).first)
        #expect(document.json == ["80", "80", "80", 80, "true", "80", "80"])
    }
}
