import KubernetesModel
import Testing
import Yams

@testable import Topology

struct ManifestObjectTests {
    private static let several = """
        # two objects and a list
        apiVersion: v1
        kind: Namespace
        metadata: {name: shop}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: web, namespace: shop}
        spec:
          ports: [{port: 80}]
        ---
        ---
        apiVersion: apps/v1
        kind: DeploymentList
        items:
        - metadata: {name: front}
          spec:
            selector: {matchLabels: {app: front}}
            template:
              metadata: {labels: {app: front}}
              spec: {containers: [{name: c, image: nginx}]}
        ---
        {"apiVersion": "v1", "kind": "List", "items": [
          {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": {"name": "p"},
           "spec": {"podSelector": {}}}]}
        """

    @Test("objects of every kind come in the file's order, with the namespace filled in and nothing else")
    func order() throws {
        let objects = try ManifestFile.objects(text: Self.several, file: "m.yaml")
        #expect(
            objects.map(\.key.description) == [
                "namespaces/shop", "services/shop/web", "deployments/default/front", "networkpolicies/default/p",
            ])
        #expect(objects.map(\.document) == [1, 2, 4, 5])
        #expect(objects.map(\.printedName)[2] == "deployment.apps/front")
        #expect(objects[1].object["spec"] == ["ports": [["port": 80]]])
        #expect(objects[2].object["kind"] == "Deployment")
        let elsewhere = try ManifestFile.objects(text: Self.several, file: nil, namespace: "test")
        #expect(elsewhere.map(\.object.namespace) == ["", "shop", "test", "test"])
    }

    @Test("a lab has its manifests' objects, its Pods in their places")
    func lab() throws {
        let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: c, image: x}]}\n---\n"
        let text = "name = \"lab\"\nmanifests = [\"m.yaml\"]\n[[node]]\nname = \"node1\"\n"
        let spec = try LabTexts.parse(text, manifests: ["labs/m.yaml": pod + Self.several])
        #expect(spec.objects.map(\.kind) == ["Pod", "Namespace", "Service", "Deployment", "NetworkPolicy"])
        #expect(spec.pods.map(\.qualifiedName) == ["default/a"])
        #expect(spec.pods.first?.node == "node1")
    }

    private static func head(_ kind: String, _ version: String = "v1") -> String {
        "apiVersion: \(version)\nkind: \(kind)\nmetadata:\n  name: web\n"
    }

    static let refusals = [
        Refusal(
            "a port of 0", head("Service") + "spec:\n  ports:\n  - port: 0\n    targetPort: 80\n",
            at: "spec.ports[0].port",
            "p.yaml:7:5", "Invalid value: 0: must be between 1 and 65535, inclusive",
            "mend Service \"web\" in document 1"),
        Refusal(
            "a CIDR that is none",
            head("NetworkPolicy", "networking.k8s.io/v1")
                + "spec:\n  podSelector: {}\n  ingress:\n  - from:\n    - ipBlock:\n        cidr: 300.0.0.0/8\n",
            at: "spec.ingress[0].from[0].ipBlock.cidr", "p.yaml:10:9", "Invalid value: \"300.0.0.0/8\"",
            "NetworkPolicy"),
        Refusal(
            "a field with a typing error", head("Service") + "spec:\n  ports:\n  - port: 80\n    targetport: 1\n",
            at: "spec.ports[0].targetport", "p.yaml:8:5", "unknown field", "did you mean \"targetPort\"?"),
        Refusal(
            "a field that no kind has", head("ConfigMap") + "zzz: 1\n", at: "zzz", "p.yaml:5:1", "unknown field",
            "apiVersion, binaryData, data"),
        Refusal(
            "an unknown field behind a key with dots",
            head("ConfigMap") + "  labels: {a.b/c: d}\n  anotations: {a: b}\n", at: "metadata.anotations", "p.yaml:6:3",
            "did you mean \"annotations\"?"),
        Refusal(
            "a list where a map has to be", head("Service") + "spec:\n  selector: [a]\n", at: "spec.selector",
            "p.yaml:6:3", "json: cannot unmarshal array into Go struct field ServiceSpec.spec.selector"),
        Refusal(
            "a number as a label", head("ConfigMap") + "  labels:\n    a.b/c: 1\n", at: "metadata.labels.a.b/c",
            "p.yaml:6:5", "cannot unmarshal number"),
        Refusal(
            "a group that the kind is not of", head("Deployment", "extensions/v1beta1"), at: "apiVersion",
            "no matches for kind \"Deployment\" in version \"extensions/v1beta1\"", "write apiVersion: apps/v1"),
        Refusal(
            "a kind that nobody has", head("Sevice"), at: "kind", "no matches for kind \"Sevice\"",
            "did you mean \"Service\"?"),
        Refusal(
            "a kind in lower case", head("networkpolicy", "networking.k8s.io/v1"), at: "kind",
            "did you mean \"NetworkPolicy\"?"),
        Refusal("a custom resource", head("Certificate", "cert-manager.io/v1"), at: "kind", "lab has the kinds"),
        Refusal(
            "a name that is to be made up", "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  generateName: a-\n",
            at: "metadata.generateName", "p.yaml:4:3", "cannot use generate name with apply"),
        Refusal(
            "metadata that is text", "apiVersion: v1\nkind: ConfigMap\nmetadata: web\n", at: "metadata", "p.yaml:3:1",
            "cannot unmarshal string"),
        Refusal(
            "a number beyond 64 bits", head("Service") + "spec:\n  ports: [{port: 99999999999999999999}]\n",
            at: "spec.ports[0].port", "a number that is too large"),
        Refusal(
            "an object that is there already", head("ConfigMap") + "---\n" + head("ConfigMap"), at: "metadata.name",
            "p.yaml:9:3", "configmap/web is there already, at line 4 of p.yaml", "remove or rename"),
        Refusal(
            "an item of another kind",
            "apiVersion: v1\nkind: ServiceList\nitems:\n- {apiVersion: v1, kind: ConfigMap, metadata: {name: a}}\n",
            at: "items[0].kind", "a ConfigMap cannot stand in a ServiceList"),
    ]

    @Test("a bad object is refused at its field in the API's words", arguments: refusals)
    func refusal(_ refusal: Refusal) throws {
        let problems = Self.problems(refusal.text)
        #expect(problems.count == 1, "\(problems)")
        let problem = try #require(problems.first)
        #expect(problem.keyPath == refusal.keyPath)
        for word in refusal.words { #expect(problem.description.contains(word), "\(problem)") }
    }

    private static func problems(_ text: String) -> [Diagnostic] {
        do throws(LabFileError) {
            let objects = try ManifestFile.objects(text: text, file: "p.yaml")
            Issue.record("accepted as \(objects.map(\.printedName))")
            return []
        } catch { return error.diagnostics }
    }

    @Test("all problems of a file come at once, from top to bottom")
    func together() {
        let text = [0, 1, 3].map { Self.refusals[$0].text }.joined(separator: "---\n")
        let problems = Self.problems(text + "---\nkind: Foo\napiVersion: v1\n")
        #expect(problems.map(\.line) == [7, 19, 25, 27])
    }

    @Test("the same object in two manifests of a lab is refused with both places")
    func twoManifests() throws {
        let map = Self.head("ConfigMap")
        let problems = try LabTexts.problems(
            "name = \"lab\"\nmanifests = [\"a.yaml\", \"b.yaml\"]\n[[node]]\nname = \"node1\"\n",
            manifests: ["labs/a.yaml": map, "labs/b.yaml": map])
        #expect(problems.map(\.file) == ["labs/b.yaml"])
        #expect(problems.first?.message == "configmap/web is there already, at line 4 of labs/a.yaml")
    }

    @Test("the API's refusals of an object point to its fields")
    func statuses() throws {
        let object = try #require(
            try ManifestFile.objects(text: Self.head("Service") + "spec:\n  ports: [{port: 80}]\n", file: "p.yaml")
                .first)
        let refused = APIStatus.invalid(
            .services, name: "web", [.invalid("spec.ports[0].nodePort", 1, "provided port is already allocated")])
        // As it comes back over HTTP.
        let read = try #require(APIStatus(refused.value))
        #expect(
            object.diagnostics(of: read).map(\.description) == [
                "p.yaml:6:11: spec.ports[0].nodePort: Invalid value: 1: provided port is already allocated; "
                    + "mend Service \"web\" in document 1"
            ])
        let missing = APIStatus.notFound(ObjectKey(.namespaces, name: "shop"))
        #expect(object.diagnostics(of: missing).map(\.message) == ["namespaces \"shop\" not found"])
    }

    @Test("a long file may have more values than a short one, and never more than one for four bytes")
    func limits() {
        #expect(YAMLDocument.limit(length: 100) == 500_000)
        #expect(YAMLDocument.limit(length: SourceFile.maximumLength) == 4 << 20)
    }
}
