import KubernetesModel
import TestSupport
import Testing

@Suite("JSONPath")
struct JSONPathTests {
    static let pod =
        #"{"kind":"Pod","metadata":{"name":"p","labels":{"a.b/c":"1","app":"web"}},"spec":{"containers":[{"name":"a","image":"x:1","ports":[{"containerPort":80},{"containerPort":443}]},{"name":"b","image":"y","ports":[{"containerPort":53}]},{"name":"c","image":"z","tty":true}],"nodeSelector":{"k":"v"}}}"#

    @Test(
        "templates print what kubectl prints",
        arguments: [
            ("{.metadata.name}", "p"), ("text", "text"), ("", ""), ("{.missing.x[0]}", ""),
            ("{.spec.nodeSelector}", #"{"k":"v"}"#),
            ("{.spec.containers[*].name}", "a b c"),
            ("{.spec.containers[0].name} and {.spec.containers[-1].name}", "a and c"),
            (#"{range .spec.containers[*]}{.name}{"\t"}{.image}{"\n"}{end}"#, "a\tx:1\nb\ty\nc\tz\n"),
            (#"{range .spec.containers[*]}{range .ports[*]}{.containerPort},{end};{end}"#, "80,443,;53,;;"),
            (#"{.metadata.labels.a\.b/c}"#, "1"), (#"{.metadata.labels['a\.b/c']}"#, "1"),
            ("{.metadata.labels['app']}", "web"),
            ("{..name}", "p a b c"), ("{..containerPort}", "80 443 53"), ("{.spec.nodeSelector.*}", "v"),
            (#"{.spec.containers[?(@.name=="b")].image}"#, "y"), ("{.spec.containers[?(@.name!='b')].image}", "x:1 z"),
            ("{.spec.containers[?(@.tty)].name}", "c"), ("{.spec.containers[?(@.tty==true)].name}", "c"),
            ("{.spec.containers[*].ports[?(@.containerPort>100)].containerPort}", "443"),
            ("{.spec.containers[?(@.ports[0].containerPort==80)].name}", "a"),
            ("{.spec.containers[0:2].name}", "a b"), ("{.spec.containers[1:].name}", "b c"),
            ("{.spec.containers[::2].name}", "a c"),
            ("{.spec.containers[-2:].name}", "b c"), ("{.spec.containers[0:-1].name}", "a b"),
            ("{.spec.containers[0,2].name}", "a c"),
            ("{.spec.containers[*]['name','image']}", "a b c x:1 y z"), ("{$.kind}{@.kind}", "PodPod"),
            (#"{"}"}"#, "}"),
            ("{.spec.containers.name}", ""), ("{.kind .metadata}", ""),
        ])
    func templates(template: String, text: String) throws {
        #expect(try JSONPath(parsing: template).text(for: json(Self.pod)) == text)
    }

    @Test(
        "templates that make no sense are refused",
        arguments: [
            ("{", "unclosed action"), ("{.a", "unclosed action"), ("{end}", "not in range, nothing to end"),
            ("{range .a}x", "a range is not ended"), ("{.a[foo]}", "invalid array index foo"),
            ("{.a[1", "unterminated array"),
            (#"{.a[?(@.b=="c"}"#, "unterminated filter"), ("{foo}", "unrecognized identifier foo"),
            ("{\"a}", "unterminated quoted string"),
            ("{.a[99999999999]}", "invalid array index"), ("{.a[?(@.b=~\"x\")]}", "unrecognized"),
            ("{" + String(repeating: "[?(", count: 50) + String(repeating: ")]", count: 50) + "}", "nested too deep"),
        ])
    func refusals(template: String, words: String) {
        let failure = #expect(throws: JSONPath.Failure.self) { try JSONPath(parsing: template) }
        #expect(failure?.description.contains(words) == true, "\(failure?.description ?? "")")
    }

    @Test(
        "elements that are not there are an error",
        arguments: [
            ("{.spec.containers[9]}", "array index out of bounds: index 9, length 3"),
            ("{.spec.containers[-9]}", "array index out of bounds: index -6, length 3"),
            ("{.spec.containers[2:1]}", "starting index 2 is greater than ending index 1"),
            ("{.spec.containers[0:2:0]}", "step must be > 0"), ("{.spec.nodeSelector[0]}", "is not array or slice"),
            ("{.kind[?(@.x)]}", "cannot be filtered"),
        ])
    func bounds(template: String, words: String) throws {
        let path = try JSONPath(parsing: template)
        let value = try json(Self.pod)
        let failure = #expect(throws: JSONPath.Failure.self) { try path.text(for: value) }
        #expect(failure?.description.contains(words) == true, "\(failure?.description ?? "")")
    }

    @Test("no template of any shape does more than succeed or be refused")
    func fuzz() throws {
        let words = [
            "{", "}", "range ", "end", ".", "..", "spec", "containers", "[", "]", "*", "?(", ")", "@", "$", "==", "\"",
            "'", "0", "-1",
            ":", ",", "name", " ", "\\", "1e9", ">",
        ]
        let value = try json(Self.pod)
        for seed in UInt64(0)..<5_000 {
            var generator = SeededGenerator(seed: seed)
            var template = "{"
            for _ in 0..<Int.random(in: 0..<14, using: &generator) {
                template += words.randomElement(using: &generator) ?? ""
            }
            do throws(JSONPath.Failure) {
                _ = try JSONPath(parsing: template + "}").text(for: value)
            } catch {
                #expect(!error.description.isEmpty, "seed \(seed)")
            }
        }
    }

    @Test("custom columns")
    func columns() throws {
        let columns = try CustomColumns(
            parsing:
                "NAME:.metadata.name,C:{.spec.containers[*].name},L:metadata.labels,X:.missing,P:.spec.containers[1].ports"
        )
        #expect(columns.headings == ["NAME", "C", "L", "X", "P"])
        #expect(
            try columns.cells(of: APIObject(json(Self.pod)))
                == ["p", "a,b,c", "map[a.b/c:1 app:web]", "<none>", "[map[containerPort:53]]"])
        for text in ["", "A", "A:.b,", "A:{.b"] {
            #expect(throws: JSONPath.Failure.self, "\(text)") { try CustomColumns(parsing: text) }
        }
    }

    @Test("-o name")
    func names() {
        #expect(ResourceType.pods.printedName(of: APIObject(.pods, name: "web")) == "pod/web")
        #expect(ResourceType.deployments.printedName(of: APIObject(.deployments, name: "web")) == "deployment.apps/web")
    }
}
