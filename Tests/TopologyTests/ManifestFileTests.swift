import Addressing
import Testing

@testable import Topology

struct ManifestFileTests {
    private static func pod(_ name: String = "a", _ spec: String = "containers: [{name: c, image: x}]") -> String {
        "apiVersion: v1\nkind: Pod\nmetadata: {name: \(name)}\nspec:\n  \(spec)\n"
    }

    private static func problems(_ text: String) throws -> [Diagnostic] {
        do {
            let pods = try ManifestFile.pods(text: text, file: "p.yaml")
            Issue.record("accepted as \(pods)")
            return []
        } catch {
            return error.diagnostics
        }
    }

    @Test("several documents, Lists and PodLists give their pods in order, empty documents none")
    func documents() throws {
        let item = "metadata: {name: \"c\"}, spec: {containers: [{name: c, image: x}]}"
        let text = """
            ---
            \(Self.pod("a"))
            ---
            # nothing
            ---
            apiVersion: v1
            kind: List
            items: [{apiVersion: v1, kind: Pod, \(item.replacing("\"c\"", with: "b"))}]
            ---
            {"apiVersion": "v1", "kind": "PodList", "items": [{\(item)}]}
            ---
            """
        let pods = try ManifestFile.pods(text: text, file: nil, namespace: "test")
        #expect(pods.map(\.name) == ["a", "b", "c"])
        #expect(pods.map(\.namespace) == ["test", "test", "test"])
    }

    @Test("aliases outside keys are written out, in a short text too")
    func aliases() throws {
        let text = """
            apiVersion: v1
            kind: Pod
            metadata: {name: a, labels: &l {app: web}, annotations: *l}
            spec: {containers: [{name: c, image: x}], nodeSelector: *l}
            """
        let pod = try #require(try ManifestFile.pods(text: text, file: nil).first)
        #expect(pod.containers == [ContainerSpec(name: "c", image: "x")])
        #expect(pod.labels == ["app": "web"])
        #expect(try ManifestFile.pods(text: "", file: nil).isEmpty)
        #expect(try ManifestFile.pods(text: "---", file: nil).isEmpty)
    }

    @Test("a pod in its node's network opens its ports on the node, and a host port of 0 is none")
    func hostNetwork() throws {
        let ports = "containers: [{name: c, image: x, ports: [{containerPort: 80, hostPort: 0}]}]"
        let own = try #require(try ManifestFile.pods(text: Self.pod("a", ports), file: nil).first)
        #expect(own.containers.first?.ports == [ContainerPort(containerPort: 80)])
        let text = Self.pod("a", "hostNetwork: true\n  \(ports)")
        let shared = try #require(try ManifestFile.pods(text: text, file: nil).first)
        #expect(shared.containers.first?.ports == [ContainerPort(containerPort: 80, hostPort: 80)])
    }

    static let refusals = [
        Refusal(
            "another kind", pod() + "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n", at: "kind",
            "only Pods may stand here", "p.yaml:8"),
        Refusal(
            "another kind in a list",
            "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: ConfigMap, metadata: {name: a}}",
            at: "items[0].kind", "only Pods may stand here", "p.yaml:4"),
        Refusal(
            "a list in a list", "apiVersion: v1\nkind: List\nitems: [{apiVersion: v1, kind: List, items: []}]",
            at: "items[0].kind", "a list cannot stand in a list"),
        Refusal(
            "another version", "apiVersion: v2\nkind: Pod", at: "apiVersion",
            "no matches for kind \"Pod\" in version \"v2\"", "apiVersion: v1"),
        Refusal("no kind", "apiVersion: v1", at: "kind", "missing", "kind: Service"),
        Refusal("a list without items", "apiVersion: v1\nkind: List", at: "", "needs items"),
        Refusal("a scalar", "hello", at: "", "must be a table, not a string"),
        Refusal(
            "no spec", "apiVersion: v1\nkind: Pod\nmetadata: {name: a}", at: "spec.containers", "Required value",
            "mend Pod \"a\" in document 1"),
        Refusal(
            "no metadata", "apiVersion: v1\nkind: Pod\nspec: {containers: [{name: c, image: x}]}", at: "metadata.name",
            "Required value"),
        Refusal(
            "no name", "apiVersion: v1\nkind: Pod\nmetadata: {}\nspec: {containers: [{name: c, image: x}]}",
            at: "metadata.name", "Required value: name or generateName is required"),
        Refusal("no containers", pod("a", "nodeName: x"), at: "spec.containers", "Required value"),
        Refusal(
            "a number as a name", pod("12"), at: "metadata.name",
            "cannot unmarshal number into Go struct field ObjectMeta.metadata.name of type string"),
        Refusal(
            "a string as a port", pod("a", "containers: [{name: c, image: x, ports: [{containerPort: \"80\"}]}]"),
            at: "spec.containers[0].ports[0].containerPort",
            "cannot unmarshal string into Go struct field ContainerPort.spec.containers.ports.containerPort of type int32"
        ),
        Refusal(
            "port 70000", pod("a", "containers: [{name: c, image: x, ports: [{containerPort: 70000}]}]"),
            at: "spec.containers[0].ports[0].containerPort",
            "Invalid value: 70000: must be between 1 and 65535, inclusive"),
        Refusal(
            "a pinned address",
            "apiVersion: v1\nkind: Pod\nmetadata: {name: a, annotations: {lab/address: x}}\nspec: {containers: [{name: c, image: x}]}",
            at: "metadata.annotations.\"lab/address\"", "IP address", "10.244.1.5"),
        Refusal("a tab", "apiVersion: v1\n\tkind: Pod", at: "", "not YAML", "spaces, not tabs"),
        Refusal(
            "a key twice", "apiVersion: v1\nkind: Pod\nkind: Pod", at: "", "\"kind\" stands twice", "remove or rename"),
        Refusal("an alias of itself", "a: &a [*a]", at: "", "undefined alias", "before it is used"),
        Refusal("an alias as a key", "a: &a b\n*a : c", at: "", "aliases", "plain words"),
        Refusal("an alias inside a key", "a: &a b\n? [*a]\n: c", at: "", "aliases", "plain words"),
        Refusal("a list as a key", "[a]: c", at: "", "a key must be a word"),
        Refusal("a merge key", "a: &a {b: c}\nd: {<<: *a}", at: "d", "merge keys", "write the fields out"),
        Refusal("an open bracket", "a: [", at: "", "not YAML", "mend"),
        Refusal("lists 100,000 deep", String(repeating: "[", count: 100_000), at: "", "not YAML", "at most 1,000"),
        Refusal("dashes 100,000 deep", String(repeating: "- ", count: 100_000), at: "", "not YAML", "at most 1,000"),
        Refusal("a NUL character", "a: \u{0}", at: "", "NUL", "remove"),
        Refusal("a control character", "a: \u{1}", at: "", "not YAML", "remove the characters"),
    ]

    @Test("a bad manifest is refused at its key with what would be right", arguments: refusals)
    func refusal(_ refusal: Refusal) throws {
        let problems = try Self.problems(refusal.text)
        #expect(problems.count == 1, "\(problems)")
        let problem = try #require(problems.first)
        #expect(problem.keyPath == refusal.keyPath)
        #expect(problem.file == "p.yaml")
        for word in refusal.words { #expect(problem.description.contains(word), "\(problem)") }
    }

    @Test("a billion laughs are refused before they are written out")
    func aliasBomb() throws {
        var text = "a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n"
        for level in 1...30 {
            let aliases = Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", ")
            text += "a\(level): &a\(level) [\(aliases)]\n"
        }
        let problem = try #require(try Self.problems(text).first)
        #expect(problem.message.contains("once its aliases are written out"))
        let key = try #require(try Self.problems(text + "? {x: *a30}\n: y\n").first)
        #expect(key.message.contains("aliases"))
    }

    @Test("a manifest of more than 16 MiB is refused unparsed")
    func size() throws {
        let problem = try #require(try Self.problems(String(repeating: "#", count: SourceFile.maximumLength + 1)).first)
        #expect(problem.message.contains("16 MiB"))
    }

    @Test("a problem that only the lab can see is reported in the manifest, in its spelling")
    func placeInManifest() throws {
        let text = Self.pod(
            "a", "nodeName: nod1\n  containers: [{name: c, image: x, ports: [{containerPort: 1}]}]")
        let lab = LabTexts.lab("").replacing("\n[[node]]", with: "\nmanifests = [\"p.yaml\"]\n[[node]]")
        let problems = try LabTexts.problems(lab, manifests: ["labs/p.yaml": text])
        #expect(
            problems.map { "\($0.file ?? ""):\($0.line ?? 0) \($0.keyPath)" } == ["labs/p.yaml:5 spec.nodeName"])
    }
}

struct ManifestListTests {
    private func lab(_ manifests: String) -> String {
        "name = \"lab\"\nmanifests = [\(manifests)]\n[[node]]\nname = \"node1\"\n"
    }

    @Test("manifests are read relative to the lab file, absolute paths as they are")
    func paths() throws {
        let pod = { (name: String) in
            "apiVersion: v1\nkind: Pod\nmetadata: {name: \(name)}\nspec: {containers: [{name: c, image: x}]}"
        }
        let spec = try LabTexts.parse(
            lab("\"a.yaml\", \"../b.yaml\", \"/c.yaml\""),
            manifests: ["labs/a.yaml": pod("a"), "labs/../b.yaml": pod("b"), "/c.yaml": pod("c")])
        #expect(spec.pods.map(\.name) == ["a", "b", "c"])
        #expect(spec.pods.map(\.address.description) == ["[10.244.0.2]", "[10.244.0.3]", "[10.244.0.4]"])
    }

    @Test(
        "an entry that is missing, empty, a lab file or listed twice is refused at its place",
        arguments: [
            ("\"a.yaml\", \"none.yaml\"", 1, "no such file"), ("\"\"", 0, "is empty"),
            ("\"other.toml\"", 0, "cannot apply another"), ("\"x.TOML\"", 0, "cannot apply another"),
            ("\"a.yaml\", \"./a.yaml\"", 1, "the same file as \"a.yaml\""),
            ("\"a.yaml\", \"a.yaml\"", 1, "listed twice"),
        ])
    func refusal(entries: String, index: Int, words: String) throws {
        let problems = try LabTexts.problems(lab(entries), manifests: ["labs/a.yaml": "", "labs/./a.yaml": ""])
        #expect(problems.map(\.keyPath) == ["manifests[\(index)]"])
        #expect(problems.first?.message.contains(words) == true, "\(problems)")
        #expect(problems.first?.line == 2)
    }

    @Test("problems of the lab file and of several manifests come together")
    func together() throws {
        let problems = try LabTexts.problems(
            lab("\"a.yaml\", \"b.yaml\"") + "[[pod]]\nname = \"A\"\n",
            manifests: ["labs/a.yaml": "kind: [", "labs/b.yaml": "kind: Service\napiVersion: v2"])
        #expect(problems.map(\.file) == ["labs/a.yaml", "labs/b.yaml", "labs/x.toml"])
        #expect(LabFileError(problems).description.split(separator: "\n").count == 3)
    }
}
