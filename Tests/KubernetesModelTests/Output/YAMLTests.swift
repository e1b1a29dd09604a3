import KubernetesModel
import TestSupport
import Testing

@Suite("YAML")
struct YAMLTests {
    @Test("objects are written as kubectl writes them")
    func layout() throws {
        let pod = try json(
            #"{"kind":"Pod","apiVersion":"v1","metadata":{"name":"p","labels":{},"creationTimestamp":"2026-01-01T00:00:00Z"},"spec":{"containers":[{"name":"a","args":["x","- y",["n",[1]]],"env":[],"ports":[{"containerPort":80}]},{"name":"b"}],"hostNetwork":true,"x":null,"f":0.5}}"#
        )
        #expect(
            pod.yamlText == """
                apiVersion: v1
                kind: Pod
                metadata:
                  creationTimestamp: "2026-01-01T00:00:00Z"
                  labels: {}
                  name: p
                spec:
                  containers:
                  - args:
                    - x
                    - '- y'
                    - - "n"
                      - - 1
                    env: []
                    name: a
                    ports:
                    - containerPort: 80
                  - name: b
                  f: 0.5
                  hostNetwork: true
                  x: null

                """)
    }

    @Test(
        "texts are quoted where they would read as something else",
        arguments: [
            ("true", "\"true\""), ("1e3", "\"1e3\""), ("null", "\"null\""), ("~", "\"~\""), ("", "\"\""),
            (" a", "' a'"),
            ("a: b", "'a: b'"), ("a:b", "a:b"), ("- a", "'- a'"), ("-a", "-a"), ("#a", "'#a'"), ("a #b", "'a #b'"),
            ("a#b", "a#b"), ("it's", "it's"), ("'a'", "'''a'''"), ("a\"b", "a\"b"), ("a\tb", "\"a\\tb\""),
            ("*a", "'*a'"),
            ("a,b", "a,b"), ("[a]", "'[a]'"), ("12:30", "\"12:30\""), ("12:99", "12:99"), ("10.0.0.1", "10.0.0.1"),
            ("10.0.0.1:80", "10.0.0.1:80"), ("2026-01-01", "\"2026-01-01\""), ("2026-13-45", "2026-13-45"),
            ("0x1f", "\"0x1f\""), ("0xg", "0xg"), ("08", "\"08\""), ("1_000", "\"1_000\""), ("-1.5", "\"-1.5\""),
            (".5", "\".5\""), (".", "."), ("---", "'---'"), ("--", "--"), ("y", "\"y\""), ("No", "\"No\""),
            ("tRUE", "tRUE"), ("1.2.3", "1.2.3"), ("100m", "100m"), ("é", "é"), ("\u{2028}", "\"\\L\""),
            ("😀", "\"\\U0001F600\""), ("\u{1}", "\"\\x01\""), ("fd00::", "'fd00::'"), ("::1", "::1"), ("\\", "\\"),
        ])
    func quoting(text: String, written: String) {
        #expect(JSONValue.object(["k": .string(text)]).yamlText == "k: \(written)\n")
    }

    @Test(
        "texts of several lines are literal blocks",
        arguments: [
            ("a\nb", "k: |-\n  a\n  b\n"), ("a\nb\n", "k: |\n  a\n  b\n"), ("a\n\n", "k: |+\n  a\n\n"),
            ("\na", "k: |2-\n\n  a\n"), (" a\nb", "k: |2-\n   a\n  b\n"), ("a \nb", "k: \"a \\nb\"\n"),
            ("a\tb\n", "k: \"a\\tb\\n\"\n"), ("{\"a\":1}\n", "k: |\n  {\"a\":1}\n"),
        ])
    func blocks(text: String, written: String) {
        #expect(JSONValue.object(["k": .string(text)]).yamlText == written)
    }

    @Test("long texts are folded behind column 80")
    func folding() {
        let words = String(repeating: "word ", count: 20) + "end"
        #expect(
            JSONValue.object(["key": .string(words)]).yamlText
                == "key: \(String(repeating: "word ", count: 15))word\n  word word word word end\n")
        let long = String(repeating: "x", count: 200)
        #expect(JSONValue.object(["key": .string(long)]).yamlText == "key: \(long)\n")
    }

    @Test("fields come in natural order, and long names need a question mark")
    func keys() {
        let names = ["a10", "a2", "b", "B", "a_b", "a", "10", "2"]
        let value = JSONValue.object(Dictionary(uniqueKeysWithValues: names.map { ($0, 1) }))
        #expect(value.yamlText == "\"2\": 1\n\"10\": 1\nB: 1\na: 1\na_b: 1\na2: 1\na10: 1\nb: 1\n")
        let long = String(repeating: "k", count: 129)
        #expect(JSONValue.object([long: ["a": 1]]).yamlText == "? \(long)\n: a: 1\n")
    }

    @Test(
        "scalars and empty values stand alone",
        arguments: [("{}", "{}\n"), ("[]", "[]\n"), ("1", "1\n"), ("[1,[2]]", "- 1\n- - 2\n")])
    func roots(text: String, written: String) throws {
        #expect(try json(text).yamlText == written)
    }

    @Test("any tree is written, and always the same way")
    func fuzz() {
        for seed in UInt64(0)..<500 {
            var trees = RandomTrees(generator: SeededGenerator(seed: seed))
            let value = trees.value()
            #expect(value.yamlText == (try? JSONValue(parsing: value.text))?.yamlText, "seed \(seed)")
        }
    }
}
