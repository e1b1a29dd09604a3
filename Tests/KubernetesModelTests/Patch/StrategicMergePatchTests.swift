import KubernetesModel
import TestSupport
import Testing

@Suite("Strategic merge patch")
struct StrategicMergePatchTests {
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

    static let twoPorts =
        #"{"spec":{"ports":[{"name":"http","port":80,"protocol":"TCP"},{"name":"dns","port":53,"protocol":"UDP"}]}}"#

    static let examples = [
        Example(
            "elements with the merge key are merged", twoPorts, #"{"spec":{"ports":[{"port":53,"targetPort":5353}]}}"#,
            #"{"spec":{"ports":[{"name":"http","port":80,"protocol":"TCP"},{"name":"dns","port":53,"protocol":"UDP","targetPort":5353}]}}"#
        ),
        Example(
            "new elements come behind", twoPorts, #"{"spec":{"ports":[{"port":443}]}}"#,
            #"{"spec":{"ports":[{"port":443},{"name":"http","port":80,"protocol":"TCP"},{"name":"dns","port":53,"protocol":"UDP"}]}}"#
        ),
        Example(
            "an element is deleted", twoPorts, #"{"spec":{"ports":[{"port":80,"$patch":"delete"}]}}"#,
            #"{"spec":{"ports":[{"name":"dns","port":53,"protocol":"UDP"}]}}"#),
        Example(
            "a list is replaced", twoPorts, #"{"spec":{"ports":[{"$patch":"replace"},{"port":1}]}}"#,
            #"{"spec":{"ports":[{"port":1}]}}"#),
        Example(
            "an object is replaced", twoPorts, #"{"spec":{"$patch":"replace","type":"NodePort"}}"#,
            #"{"spec":{"type":"NodePort"}}"#),
        Example("an object is emptied", twoPorts, #"{"spec":{"$patch":"delete"}}"#, #"{"spec":{}}"#),
        Example(
            "the order is set", twoPorts, #"{"spec":{"$setElementOrder/ports":[{"port":53},{"port":80}]}}"#,
            #"{"spec":{"ports":[{"name":"dns","port":53,"protocol":"UDP"},{"name":"http","port":80,"protocol":"TCP"}]}}"#
        ),
        Example(
            "the order has a place for new elements", twoPorts,
            #"{"spec":{"$setElementOrder/ports":[{"port":80},{"port":9}],"ports":[{"port":9}]}}"#,
            #"{"spec":{"ports":[{"name":"http","port":80,"protocol":"TCP"},{"port":9},{"name":"dns","port":53,"protocol":"UDP"}]}}"#
        ),
        Example(
            "an order beside a deletion", twoPorts,
            #"{"spec":{"$setElementOrder/ports":[{"port":53}],"ports":[{"$patch":"delete","port":80}]}}"#,
            #"{"spec":{"ports":[{"name":"dns","port":53,"protocol":"UDP"}]}}"#),
        Example(
            "a list of primitives is united", #"{"metadata":{"finalizers":["a","b"]}}"#,
            #"{"metadata":{"finalizers":["b","c"]}}"#, #"{"metadata":{"finalizers":["a","b","c"]}}"#),
        Example(
            "primitives are deleted", #"{"metadata":{"finalizers":["a","b"]}}"#,
            #"{"metadata":{"$deleteFromPrimitiveList/finalizers":["a"],"$setElementOrder/finalizers":["c","b"],"finalizers":["c"]}}"#,
            #"{"metadata":{"finalizers":["c","b"]}}"#),
        Example(
            "an atomic list is replaced", #"{"spec":{"externalIPs":["10.0.0.1"]}}"#,
            #"{"spec":{"externalIPs":["10.0.0.2"]}}"#, #"{"spec":{"externalIPs":["10.0.0.2"]}}"#),
        Example(
            "a selector is merged, atomic as it is for server-side apply", #"{"spec":{"selector":{"a":"1","b":"2"}}}"#,
            #"{"spec":{"selector":{"a":"3","b":null}}}"#, #"{"spec":{"selector":{"a":"3"}}}"#),
        Example(
            "only some fields are retained", #"{"spec":{"type":"NodePort","clusterIP":"10.0.0.1"}}"#,
            #"{"spec":{"$retainKeys":["type"],"type":"ClusterIP"}}"#, #"{"spec":{"type":"ClusterIP"}}"#),
        Example(
            "a field is removed", #"{"spec":{"type":"NodePort"}}"#, #"{"spec":{"type":null,"x":null}}"#, #"{"spec":{}}"#
        ),
        Example(
            "unknown objects are merged and unknown lists replaced", #"{"x":{"a":1,"l":[1,{"name":"a"}]}}"#,
            #"{"x":{"b":2,"l":[2]}}"#, #"{"x":{"a":1,"b":2,"l":[2]}}"#),
        Example(
            "what is not there yet comes without nulls and directives", "{}",
            #"{"metadata":{"labels":{"a":"b","c":null}},"spec":{"ports":[{"port":1,"name":null},{"port":2,"$patch":"delete"}]}}"#,
            #"{"metadata":{"labels":{"a":"b"}},"spec":{"ports":[{"port":1}]}}"#),
        Example(
            "a value of another type is replaced", #"{"metadata":"x"}"#, #"{"metadata":{"name":"a"}}"#,
            #"{"metadata":{"name":"a"}}"#),
    ]

    @Test("a patch is laid over an object", arguments: examples)
    func applies(example: Example) throws {
        let result = try StrategicMergePatch.apply(
            json(example.patch), to: json(example.before), schema: SampleSchemas.service)
        #expect(result == (try json(example.after)), "\(result.text)")
    }

    @Test("containers are merged in depth, as kubectl set image does it")
    func containers() throws {
        let before = try json(
            #"{"spec":{"template":{"spec":{"containers":[{"name":"a","image":"x:1","args":["1"]},{"name":"b","image":"y"}]}}}}"#
        )
        let patch = try json(
            #"{"spec":{"template":{"spec":{"$setElementOrder/containers":[{"name":"a"},{"name":"b"}],"containers":[{"name":"a","image":"x:2","env":[{"name":"E","value":"1"}]}]}}}}"#
        )
        let result = try StrategicMergePatch.apply(patch, to: before, schema: SampleSchemas.deployment)
        #expect(
            result.text
                == #"{"spec":{"template":{"spec":{"containers":[{"args":["1"],"env":[{"name":"E","value":"1"}],"image":"x:2","name":"a"},{"image":"y","name":"b"}]}}}}"#
        )
    }

    @Test(
        "a malformed patch is refused",
        arguments: [
            ("[]", 400, "cannot unmarshal array"),
            (#"{"spec":{"ports":[{"name":"x"}]}}"#, 422, "does not contain declared merge key: port"),
            (#"{"spec":{"ports":[1]}}"#, 422, "expected an object"),
            (#"{"spec":{"$patch":"frob"}}"#, 400, "unknown patch type found: \"frob\""),
            (#"{"spec":{"ports":[{"$patch":"delete"}]}}"#, 422, "merge key"),
            (#"{"spec":{"$retainKeys":"x"}}"#, 400, "retainKeys"),
            (#"{"spec":{"$retainKeys":["a"],"type":"b"}}"#, 400, "retainKeys"),
            (#"{"spec":{"$setElementOrder/ports":1}}"#, 400, "setElementOrder"),
            (
                #"{"spec":{"$setElementOrder/ports":[{"port":80}],"ports":[{"port":1}]}}"#, 400,
                "The order in patch list"
            ),
            (#"{"metadata":{"$deleteFromPrimitiveList/finalizers":1}}"#, 400, "primitive list"),
        ])
    func refuses(patch: String, code: Int, words: String) throws {
        let status = #expect(throws: APIStatus.self) {
            try StrategicMergePatch.apply(
                json(patch), to: json(Self.twoPorts), schema: SampleSchemas.service)
        }
        #expect(status?.code == code)
        #expect(status?.message.contains(words) == true, "\(status?.message ?? "")")
    }

    @Test("the kinds' own shapes tell which lists are merged and by what")
    func realKinds() throws {
        let service = try json(Self.twoPorts)
        let patch = try json(#"{"spec":{"ports":[{"port":53,"nodePort":30053}],"externalIPs":["1.1.1.1"]}}"#)
        let result = try StrategicMergePatch.apply(patch, to: service, schema: ResourceType.services.schema)
        #expect(result["spec"]?["ports"]?.array?.count == 2)
        let rules = try StrategicMergePatch.apply(
            json(#"{"spec":{"rules":[{"host":"b"}]}}"#), to: json(#"{"spec":{"rules":[{"host":"a"}]}}"#),
            schema: ResourceType.ingresses.schema)
        #expect(rules.text == #"{"spec":{"rules":[{"host":"b"}]}}"#)
        let pod = try StrategicMergePatch.apply(
            json(#"{"spec":{"containers":[{"name":"a","image":"y"}],"tolerations":[{"key":"k"}]}}"#),
            to: json(#"{"spec":{"containers":[{"name":"a","image":"x"},{"name":"b"}],"tolerations":[{"key":"j"}]}}"#),
            schema: ResourceType.pods.schema)
        #expect(
            pod.text
                == #"{"spec":{"containers":[{"image":"y","name":"a"},{"name":"b"}],"tolerations":[{"key":"k"}]}}"#)
    }

    @Test("no patch of any shape does more than succeed or be refused, and twice is once")
    func fuzz() {
        for seed in UInt64(0)..<3_000 {
            var trees = RandomTrees(generator: SeededGenerator(seed: seed))
            let before = JSONValue.object(trees.fields())
            let patch = JSONValue.object(trees.fields())
            do throws(APIStatus) {
                let once = try StrategicMergePatch.apply(patch, to: before, schema: SampleSchemas.service)
                let twice = try StrategicMergePatch.apply(patch, to: once, schema: SampleSchemas.service)
                #expect(twice == once, "seed \(seed): \(patch.text)")
            } catch {
                #expect([400, 422].contains(error.code), "seed \(seed)")
            }
        }
    }
}
