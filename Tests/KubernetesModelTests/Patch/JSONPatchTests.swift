import KubernetesModel
import TestSupport
import Testing

@Suite("JSON patch")
struct JSONPatchTests {
    struct Example: CustomTestStringConvertible {
        let testDescription: String
        let before: String
        let patch: String
        let after: String

        init(_ name: String, _ before: String, _ patch: String, _ after: String) {
            testDescription = name
            self.before = before
            self.patch = patch
            self.after = after
        }
    }

    static let examples = [
        Example(
            "A.1", #"{"foo":"bar"}"#, #"[{"op":"add","path":"/baz","value":"qux"}]"#, #"{"baz":"qux","foo":"bar"}"#),
        Example(
            "A.2", #"{"foo":["bar","baz"]}"#, #"[{"op":"add","path":"/foo/1","value":"qux"}]"#,
            #"{"foo":["bar","qux","baz"]}"#),
        Example("A.3", #"{"baz":"qux","foo":"bar"}"#, #"[{"op":"remove","path":"/baz"}]"#, #"{"foo":"bar"}"#),
        Example(
            "A.4", #"{"foo":["bar","qux","baz"]}"#, #"[{"op":"remove","path":"/foo/1"}]"#, #"{"foo":["bar","baz"]}"#),
        Example(
            "A.5", #"{"baz":"qux","foo":"bar"}"#, #"[{"op":"replace","path":"/baz","value":"boo"}]"#,
            #"{"baz":"boo","foo":"bar"}"#),
        Example(
            "A.6", #"{"foo":{"bar":"baz","waldo":"fred"},"qux":{"corge":"grault"}}"#,
            #"[{"op":"move","from":"/foo/waldo","path":"/qux/thud"}]"#,
            #"{"foo":{"bar":"baz"},"qux":{"corge":"grault","thud":"fred"}}"#),
        Example(
            "A.7", #"{"foo":["all","grass","cows","eat"]}"#, #"[{"op":"move","from":"/foo/1","path":"/foo/3"}]"#,
            #"{"foo":["all","cows","eat","grass"]}"#),
        Example(
            "A.8", #"{"baz":"qux","foo":["a",2,"c"]}"#,
            #"[{"op":"test","path":"/baz","value":"qux"},{"op":"test","path":"/foo/1","value":2}]"#,
            #"{"baz":"qux","foo":["a",2,"c"]}"#),
        Example(
            "A.10", #"{"foo":"bar"}"#, #"[{"op":"add","path":"/child","value":{"grandchild":{}}}]"#,
            #"{"child":{"grandchild":{}},"foo":"bar"}"#),
        Example(
            "A.11", #"{"foo":"bar"}"#, #"[{"op":"add","path":"/baz","value":"qux","xyz":123}]"#,
            #"{"baz":"qux","foo":"bar"}"#),
        Example(
            "A.14", #"{"/":9,"~1":10}"#, #"[{"op":"test","path":"/~01","value":10}]"#, #"{"/":9,"~1":10}"#),
        Example(
            "A.16", #"{"foo":["bar"]}"#, #"[{"op":"add","path":"/foo/-","value":["abc","def"]}]"#,
            #"{"foo":["bar",["abc","def"]]}"#),
        Example("the whole document", #"{"foo":1}"#, #"[{"op":"replace","path":"","value":{"a":1}}]"#, #"{"a":1}"#),
        Example("copy", #"{"a":[1]}"#, #"[{"op":"copy","from":"/a","path":"/b"}]"#, #"{"a":[1],"b":[1]}"#),
        Example(
            "an element is replaced", #"{"a":[1,2]}"#, #"[{"op":"replace","path":"/a/0","value":3}]"#, #"{"a":[3,2]}"#),
        Example(
            "numbers are compared as numbers", #"{"a":1}"#, #"[{"op":"test","path":"/a","value":1.0}]"#, #"{"a":1}"#),
        Example("an empty name", #"{"":1}"#, #"[{"op":"remove","path":"/"}]"#, "{}"),
        Example("a place moved onto itself", #"{"a":1}"#, #"[{"op":"move","from":"/a","path":"/a"}]"#, #"{"a":1}"#),
        Example(
            "a label with a slash", #"{"metadata":{"labels":{}}}"#,
            #"[{"op":"add","path":"/metadata/labels/app.kubernetes.io~1name","value":"web"}]"#,
            #"{"metadata":{"labels":{"app.kubernetes.io/name":"web"}}}"#),
    ]

    @Test("a patch has the result of RFC 6902", arguments: examples)
    func applies(example: Example) throws {
        #expect(try JSONPatch.apply(json(example.patch), to: json(example.before)).text == example.after)
    }

    @Test(
        "a patch that does not fit is refused",
        arguments: [
            (#"[{"op":"test","path":"/baz","value":"bar"}]"#, 422, "testing value /baz failed"),
            (#"[{"op":"test","path":"/foo/0","value":"1"}]"#, 422, "testing value /foo/0 failed"),
            (
                #"[{"op":"add","path":"/x/bat","value":"qux"}]"#, 422,
                "add operation does not apply: doc is missing path"
            ),
            (#"[{"op":"add","path":"/foo/9","value":1}]"#, 422, "Unable to access invalid index: 9"),
            (#"[{"op":"add","path":"/foo/01","value":1}]"#, 422, "Unable to access invalid index: 01"),
            (#"[{"op":"remove","path":"/x"}]"#, 422, "remove operation does not apply"),
            (#"[{"op":"remove","path":"/foo/-"}]"#, 422, "remove operation does not apply"),
            (#"[{"op":"replace","path":"/x","value":1}]"#, 422, "replace operation does not apply"),
            (#"[{"op":"copy","from":"/x","path":"/y"}]"#, 422, "copy operation does not apply"),
            (#"[{"op":"move","from":"/foo","path":"/foo/0"}]"#, 422, "/foo/0 is inside of /foo"),
            (#"[{"op":"add","path":"/baz/a","value":1}]"#, 422, "add operation does not apply"),
            (#"{"op":"add"}"#, 400, "cannot unmarshal object into Go value of type jsonpatch.Patch"),
            ("[1]", 400, "cannot unmarshal number into Go value of type jsonpatch.Operation"),
            (#"[{"op":"frob","path":"/a"}]"#, 400, "Unexpected kind: frob"),
            (#"[{"op":"add","path":"a","value":1}]"#, 400, "start with"),
            (#"[{"op":"add","path":"/a~2","value":1}]"#, 400, "~"),
            (#"[{"op":"add","path":"/a"}]"#, 400, "no \"value\""),
            (#"[{"op":"move","path":"/a"}]"#, 400, "no \"from\""),
        ])
    func refuses(patch: String, code: Int, words: String) throws {
        let document = try json(#"{"foo":[1,2],"baz":"qux"}"#)
        let status = #expect(throws: APIStatus.self) { try JSONPatch.apply(json(patch), to: document) }
        #expect(status?.code == code)
        #expect(status?.message.contains(words) == true, "\(status?.message ?? "")")
    }

    @Test("copies that double the document again and again are refused")
    func doubling() throws {
        let copies = (0..<64).map { #"{"op":"copy","from":"","path":"/\#($0)"}"# }.joined(separator: ",")
        let status = #expect(throws: APIStatus.self) {
            try JSONPatch.apply(json("[\(copies)]"), to: json(#"{"a":"0123456789"}"#))
        }
        #expect(status?.code == 413)
    }

    @Test("a document cannot be made deeper than it could be read")
    func depth() throws {
        let path = String(repeating: "/a", count: 200)
        var nested: JSONValue = 1
        for _ in 0..<200 { nested = ["a": nested] }
        let move: JSONValue = [["op": "copy", "from": "/b", "path": .string(path)]]
        let status = #expect(throws: APIStatus.self) {
            try JSONPatch.apply(move, to: ["a": nested["a"] ?? 1, "b": nested])
        }
        #expect(status?.code == 422)
    }

    @Test("a pointer reads as it is written", arguments: ["", "/", "/a/b", "/~0~1", "//"])
    func pointers(text: String) throws {
        #expect(try JSONPointer(parsing: text).description == text)
    }

    @Test("no patch of any shape does more than succeed or be refused")
    func fuzz() {
        for seed in UInt64(0)..<2_000 {
            var trees = RandomTrees(generator: SeededGenerator(seed: seed))
            let document = trees.value()
            let words = ["add", "remove", "replace", "move", "copy", "test"]
            var operations: [JSONValue] = [trees.value()]
            for _ in 0..<4 {
                let path = ["", "/spec", "/spec/ports", "/spec/ports/0", "/metadata/name", "/a/-", "/", "/x~1y~0"]
                operations.append([
                    "op": .string(words.randomElement(using: &trees.generator) ?? ""),
                    "path": .string(path.randomElement(using: &trees.generator) ?? ""),
                    "from": .string(path.randomElement(using: &trees.generator) ?? ""), "value": trees.value(),
                ])
            }
            if Bool.random(using: &trees.generator) { operations.removeFirst() }
            do throws(APIStatus) {
                let result = try JSONPatch.apply(.array(operations), to: document)
                #expect((try? JSONValue(parsing: result.text)) == result, "seed \(seed)")
            } catch {
                #expect([400, 413, 422].contains(error.code), "seed \(seed)")
            }
        }
    }
}
