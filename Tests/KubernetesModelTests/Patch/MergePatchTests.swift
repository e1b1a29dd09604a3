import KubernetesModel
import TestSupport
import Testing

@Suite("Merge patch")
struct MergePatchTests {
    @Test(
        "a patch has the result of RFC 7396",
        arguments: [
            (#"{"a":"b"}"#, #"{"a":"c"}"#, #"{"a":"c"}"#),
            (#"{"a":"b"}"#, #"{"b":"c"}"#, #"{"a":"b","b":"c"}"#),
            (#"{"a":"b"}"#, #"{"a":null}"#, "{}"),
            (#"{"a":"b","b":"c"}"#, #"{"a":null}"#, #"{"b":"c"}"#),
            (#"{"a":["b"]}"#, #"{"a":"c"}"#, #"{"a":"c"}"#),
            (#"{"a":"c"}"#, #"{"a":["b"]}"#, #"{"a":["b"]}"#),
            (#"{"a":{"b":"c"}}"#, #"{"a":{"b":"d","c":null}}"#, #"{"a":{"b":"d"}}"#),
            (#"{"a":[{"b":"c"}]}"#, #"{"a":[1]}"#, #"{"a":[1]}"#),
            (#"{"e":null}"#, #"{"a":1}"#, #"{"a":1,"e":null}"#),
            ("[1,2]", #"{"a":"b","c":null}"#, #"{"a":"b"}"#),
            ("{}", #"{"a":{"bb":{"ccc":null}}}"#, #"{"a":{"bb":{}}}"#),
        ])
    func applies(before: String, patch: String, after: String) throws {
        #expect(try MergePatch.apply(json(patch), to: json(before)).text == after)
    }

    @Test("a patch that would replace the whole object is refused", arguments: ["[\"c\"]", "null", "\"bar\"", "1"])
    func refuses(patch: String) throws {
        let status = #expect(throws: APIStatus.self) { try MergePatch.apply(json(patch), to: ["a": 1]) }
        #expect(status?.code == 400)
    }

    @Test("a patch that is applied twice has the effect of once")
    func idempotence() throws {
        for seed in UInt64(0)..<2_000 {
            var trees = RandomTrees(generator: SeededGenerator(seed: seed))
            let patch = JSONValue.object(trees.fields())
            let once = try MergePatch.apply(patch, to: trees.value())
            #expect(try MergePatch.apply(patch, to: once) == once, "seed \(seed)")
        }
    }
}
