import KubernetesModel
import TestSupport
import Testing

/// One object that several managers write, as the API server would carry it out.
private struct Scenario {
    var live: APIObject?
    private var clock = 0

    private mutating func now() -> String {
        clock += 1
        return "2026-01-01T00:00:0\(clock % 10)Z"
    }

    mutating func apply(_ text: String, as manager: String, force: Bool = false) throws {
        live = try ServerSideApply.apply(
            Self.deployment(text), to: live, type: .deployments, schema: SampleSchemas.deployment, manager: manager,
            force: force, time: now())
    }

    mutating func update(as manager: String, subresource: String? = nil, _ change: (inout APIObject) -> Void) {
        var new = live ?? Self.empty
        change(&new)
        ManagedFields.record(
            manager: manager, subresource: subresource, time: now(), from: live, to: &new,
            schema: SampleSchemas.deployment)
        live = new
    }

    static let empty = APIObject(.deployments, name: "web")

    static func deployment(_ text: String) throws -> APIObject {
        var object = empty
        for (field, value) in try json(text).object ?? [:] {
            object[field] = field == "metadata" ? try MergePatch.apply(value, to: object.metadata) : value
        }
        return object
    }

    /// What a manager owns, as its fieldsV1.
    func fields(of manager: String) -> String? {
        entry(of: manager)?["fieldsV1"]?.text
    }

    func entry(of manager: String) -> JSONValue? {
        live?["metadata", "managedFields"]?.array?.first { $0["manager"]?.string == manager }
    }

    var spec: String { live?["spec"]?.text ?? "" }
}

@Suite("Server-side apply")
struct ServerSideApplyTests {
    static let containers =
        #"{"spec":{"replicas":1,"template":{"spec":{"containers":[{"name":"web","image":"nginx","ports":[{"containerPort":80}]}]}}}}"#

    @Test("what is applied is created, with an entry of its manager")
    func creation() throws {
        var scenario = Scenario()
        try scenario.apply(Self.containers, as: "kubectl")
        #expect(
            scenario.entry(of: "kubectl") == [
                "manager": "kubectl", "operation": "Apply", "apiVersion": "apps/v1", "time": "2026-01-01T00:00:01Z",
                "fieldsType": "FieldsV1",
                "fieldsV1": [
                    "f:spec": [
                        "f:replicas": [:],
                        "f:template": [
                            "f:spec": [
                                "f:containers": [
                                    #"k:{"name":"web"}"#: [
                                        ".": [:], "f:image": [:], "f:name": [:],
                                        "f:ports": [
                                            #"k:{"containerPort":80,"protocol":"TCP"}"#: [
                                                ".": [:], "f:containerPort": [:],
                                            ]
                                        ],
                                    ]
                                ]
                            ]
                        ],
                    ]
                ],
            ])
    }

    @Test("labels and annotations are owned one by one, selectors as a whole")
    func granularity() throws {
        var scenario = Scenario()
        try scenario.apply(
            #"{"metadata":{"labels":{"a":"1","b/c":"2"},"finalizers":["x"]},"spec":{"selector":{"matchLabels":{"a":"1"}}}}"#,
            as: "m")
        #expect(
            scenario.fields(of: "m")
                == #"{"f:metadata":{"f:finalizers":{"v:\"x\"":{}},"f:labels":{"f:a":{},"f:b/c":{}}},"f:spec":{"f:selector":{}}}"#
        )
    }

    @Test("a configuration that is applied again leaves the object as it is, times included")
    func noChange() throws {
        var scenario = Scenario()
        try scenario.apply(Self.containers, as: "kubectl")
        let before = scenario.live
        try scenario.apply(Self.containers, as: "kubectl")
        #expect(scenario.live == before)
    }

    @Test("fields that others set stay")
    func merging() throws {
        var scenario = Scenario()
        try scenario.apply(Self.containers, as: "kubectl")
        scenario.update(as: "autoscaler") { $0["spec", "paused"] = true }
        scenario.update(as: "labeller") { $0.labels = ["team": "net"] }
        try scenario.apply(#"{"metadata":{"labels":{"app":"web"}},"spec":{"replicas":2}}"#, as: "kubectl")
        #expect(scenario.spec == #"{"paused":true,"replicas":2}"#)
        #expect(scenario.live?.labels == ["team": "net", "app": "web"])
    }

    @Test("a field that is no longer applied goes, unless somebody else owns it")
    func removal() throws {
        var scenario = Scenario()
        try scenario.apply(#"{"metadata":{"labels":{"a":"1","b":"2","c":"3"}}}"#, as: "one")
        try scenario.apply(#"{"metadata":{"labels":{"b":"2"}}}"#, as: "two")
        try scenario.apply(#"{"metadata":{"labels":{"c":"3"}}}"#, as: "one")
        #expect(scenario.live?.labels == ["b": "2", "c": "3"])
        try scenario.apply("{}", as: "one")
        #expect(scenario.live?.labels == ["b": "2"])
        #expect(scenario.entry(of: "one") == nil)
        #expect(scenario.live?.name == "web")
    }

    @Test("an element that is no longer applied goes with its defaulted fields")
    func elementRemoval() throws {
        var scenario = Scenario()
        try scenario.apply(
            #"{"spec":{"template":{"spec":{"containers":[{"name":"a","image":"x"},{"name":"b","image":"y"}]}}}}"#,
            as: "kubectl")
        var defaulted = try #require(scenario.live)
        defaulted["spec", "template", "spec", "containers"] = try json(
            #"[{"name":"a","image":"x","imagePullPolicy":"Always"},{"name":"b","image":"y","imagePullPolicy":"Always"}]"#
        )
        scenario.live = defaulted
        try scenario.apply(
            #"{"spec":{"template":{"spec":{"containers":[{"name":"b","image":"y"}]}}}}"#, as: "kubectl")
        #expect(
            scenario.spec
                == #"{"template":{"spec":{"containers":[{"image":"y","imagePullPolicy":"Always","name":"b"}]}}}"#)
    }

    @Test("a field that another manager owns with another value is a conflict in the API server's words")
    func conflict() throws {
        var scenario = Scenario()
        scenario.update(as: "kubectl-client-side-apply") { $0["spec", "replicas"] = 3 }
        let before = scenario.live
        let status = #expect(throws: APIStatus.self) {
            try scenario.apply(#"{"spec":{"replicas":1}}"#, as: "kubectl")
        }
        #expect(status?.code == 409)
        #expect(status?.reason == "Conflict")
        #expect(
            status?.message
                == #"Apply failed with 1 conflict: conflict with "kubectl-client-side-apply" using apps/v1: .spec.replicas"#
        )
        #expect(
            status?.value["details"]?["causes"] == [
                [
                    "reason": "FieldManagerConflict", "field": ".spec.replicas",
                    "message": #"conflict with "kubectl-client-side-apply" using apps/v1"#,
                ]
            ])
        #expect(scenario.live == before)
    }

    @Test("several conflicts are listed by manager")
    func conflicts() throws {
        var scenario = Scenario()
        try scenario.apply(Self.containers, as: "a")
        scenario.update(as: "s", subresource: "scale") { $0["spec", "paused"] = true }
        let status = #expect(throws: APIStatus.self) {
            try scenario.apply(
                #"{"spec":{"replicas":2,"paused":false,"template":{"spec":{"containers":[{"name":"web","image":"httpd"}]}}}}"#,
                as: "b")
        }
        #expect(
            status?.message == """
                Apply failed with 3 conflicts: conflicts with "a":
                - .spec.replicas
                - .spec.template.spec.containers[name="web"].image
                conflicts with "s" with subresource "scale" using apps/v1:
                - .spec.paused
                """)
    }

    @Test("force takes the field from its owner, and only that")
    func force() throws {
        var scenario = Scenario()
        try scenario.apply(#"{"spec":{"replicas":1,"paused":true}}"#, as: "a")
        try scenario.apply(#"{"spec":{"replicas":2}}"#, as: "b", force: true)
        #expect(scenario.spec == #"{"paused":true,"replicas":2}"#)
        #expect(scenario.fields(of: "a") == #"{"f:spec":{"f:paused":{}}}"#)
        #expect(scenario.fields(of: "b") == #"{"f:spec":{"f:replicas":{}}}"#)
        // The former owner has to say it again to have it removed by nobody but the new one.
        try scenario.apply(#"{"spec":{"paused":true}}"#, as: "a")
        #expect(scenario.spec == #"{"paused":true,"replicas":2}"#)
    }

    @Test("fields of equal value are shared, and stay until the last owner gives them up")
    func sharing() throws {
        var scenario = Scenario()
        try scenario.apply(#"{"spec":{"replicas":1}}"#, as: "a")
        try scenario.apply(#"{"spec":{"replicas":1}}"#, as: "b")
        #expect(scenario.fields(of: "a") == scenario.fields(of: "b"))
        try scenario.apply(#"{"metadata":{"labels":{"x":"y"}}}"#, as: "a")
        #expect(scenario.spec == #"{"replicas":1}"#)
        try scenario.apply(#"{"metadata":{"labels":{"x":"y"}}}"#, as: "b")
        #expect(scenario.live?["spec"] == nil)
    }

    @Test("an update takes the ownership of what it changes, and of nothing else")
    func updates() throws {
        var scenario = Scenario()
        try scenario.apply(Self.containers, as: "kubectl")
        scenario.update(as: "scaler", subresource: "scale") { $0["spec", "replicas"] = 5 }
        #expect(scenario.fields(of: "scaler") == #"{"f:spec":{"f:replicas":{}}}"#)
        #expect(scenario.entry(of: "scaler")?["subresource"] == "scale")
        #expect(scenario.fields(of: "kubectl")?.contains("f:replicas") == false)
        #expect(scenario.fields(of: "kubectl")?.contains("f:image") == true)
        let entry = scenario.entry(of: "scaler")
        scenario.update(as: "scaler", subresource: "scale") { _ in }
        #expect(scenario.entry(of: "scaler") == entry)
        scenario.update(as: "other") { $0["spec", "replicas"] = nil }
        #expect(scenario.entry(of: "scaler") == nil)
    }

    @Test("an update leaves the entries of those whose fields it does not touch as they are")
    func untouchedEntries() throws {
        var scenario = Scenario()
        try scenario.apply(Self.containers, as: "kubectl")
        scenario.update(as: "labeller") { $0.labels = ["a": "b"] }
        let entries = ["kubectl", "labeller"].map { scenario.entry(of: $0) }
        scenario.update(as: "kubelet", subresource: "status") { $0["status", "replicas"] = 3 }
        #expect(["kubectl", "labeller"].map { scenario.entry(of: $0) } == entries)
        #expect(scenario.fields(of: "kubelet") == #"{"f:status":{"f:replicas":{}}}"#)
        scenario.update(as: "other") { $0.labels = ["a": "c"] }
        #expect(scenario.entry(of: "kubectl") == entries[0])
        // The map itself stays whose it was.
        #expect(scenario.fields(of: "labeller") == #"{"f:metadata":{"f:labels":{}}}"#)
    }

    @Test("maps that an update brings are owned with their node, structures are not")
    func updateNodes() {
        var scenario = Scenario()
        scenario.update(as: "m") {
            $0.annotations = ["a": "b"]
            $0["spec", "template", "spec", "containers"] = [["name": "c", "ports": [["containerPort": 1]]]]
        }
        #expect(
            scenario.fields(of: "m")
                == #"{"f:metadata":{"f:annotations":{".":{},"f:a":{}}},"f:spec":{"f:template":{"f:spec":{"f:containers":{".":{},"k:{\"name\":\"c\"}":{".":{},"f:name":{},"f:ports":{".":{},"k:{\"containerPort\":1,\"protocol\":\"TCP\"}":{".":{},"f:containerPort":{}}}}}}}}}"#
        )
    }

    @Test("managedFields that a client sends count, and an empty entry forgets all")
    func clientsManagedFields() throws {
        var scenario = Scenario()
        try scenario.apply(#"{"spec":{"replicas":1}}"#, as: "a")
        scenario.update(as: "b") { $0["metadata", "managedFields"] = [[:]] }
        #expect(scenario.live?["metadata", "managedFields"] == nil)
        try scenario.apply(#"{"spec":{"replicas":2}}"#, as: "c")
        scenario.update(as: "b") { $0["metadata", "managedFields"] = nil }
        #expect(scenario.fields(of: "c") == #"{"f:spec":{"f:replicas":{}}}"#)
    }

    @Test("however many names clients give themselves, the list of managers stays short")
    func manyManagers() {
        var scenario = Scenario()
        for number in 0..<40 {
            scenario.update(as: "m\(number)") { $0.labels["l\(number)"] = "x" }
        }
        let entries = scenario.live?["metadata", "managedFields"]?.array ?? []
        #expect(entries.count == 10)
        #expect(scenario.fields(of: "ancient-changes")?.contains("f:l0") == true)
        #expect((0..<40).allSatisfy { number in entries.contains { $0.text.contains("f:l\(number)\"") } })
    }

    @Test("elements keep the live order where the configuration does not say otherwise")
    func order() throws {
        var scenario = Scenario()
        scenario.update(as: "m") {
            $0["spec", "template", "spec", "containers"] = [["name": "a"], ["name": "b"], ["name": "c"]]
        }
        func names() -> [String] {
            (scenario.live?["spec", "template", "spec", "containers"]?.array ?? []).compactMap { $0["name"]?.string }
        }
        try scenario.apply(
            #"{"spec":{"template":{"spec":{"containers":[{"name":"c"},{"name":"d"}]}}}}"#, as: "k")
        #expect(names() == ["a", "b", "c", "d"])
        try scenario.apply(
            #"{"spec":{"template":{"spec":{"containers":[{"name":"d"},{"name":"a"}]}}}}"#, as: "k")
        #expect(names() == ["d", "a", "b", "c"])
    }

    @Test("a port's protocol is TCP where it is not said")
    func defaultKey() throws {
        var scenario = Scenario()
        try scenario.apply(Self.containers, as: "kubectl")
        try scenario.apply(
            Self.containers.replacing(#""containerPort":80"#, with: #""containerPort":80,"protocol":"TCP""#),
            as: "kubectl")
        let ports = scenario.live?["spec", "template", "spec", "containers"]?.array?.first?["ports"]
        #expect(ports == [["containerPort": 80, "protocol": "TCP"]])
    }

    @Test("the system's fields are neither owned nor taken from a configuration")
    func systemFields() throws {
        var scenario = Scenario()
        scenario.live = try Scenario.deployment(
            #"{"metadata":{"uid":"u","resourceVersion":"7","creationTimestamp":"2026-01-01T00:00:00Z","generation":3}}"#
        )
        try scenario.apply(
            #"{"metadata":{"creationTimestamp":null,"generation":1},"spec":{"replicas":1},"status":{"replicas":9}}"#,
            as: "kubectl")
        #expect(scenario.live?.creationTimestamp == "2026-01-01T00:00:00Z")
        #expect(scenario.live?.generation == 3)
        #expect(scenario.live?.uid == "u")
        #expect(scenario.live?["status"] == nil)
        #expect(scenario.fields(of: "kubectl") == #"{"f:spec":{"f:replicas":{}}}"#)
    }

    @Test("a status is applied apart")
    func status() throws {
        let live = try Scenario.deployment(#"{"spec":{"replicas":1}}"#)
        let result = try ServerSideApply.apply(
            Scenario.deployment(#"{"spec":{"replicas":5},"status":{"replicas":2}}"#), to: live, type: .deployments,
            schema: SampleSchemas.deployment, manager: "c", subresource: "status", force: false, time: "t")
        #expect(result["spec", "replicas"] == 1)
        #expect(result["status", "replicas"] == 2)
        #expect(result["metadata", "managedFields"]?.array?.first?["subresource"] == "status")
    }

    @Test(
        "a configuration that cannot be owned is refused",
        arguments: [
            (#"{"metadata":{"managedFields":[{"manager":"x"}]}}"#, "metadata.managedFields must be nil"),
            (
                #"{"spec":{"template":{"spec":{"containers":[{"image":"x"}]}}}}"#,
                #"failed to create typed patch object (default/web; apps/v1, Kind=Deployment): .spec.template.spec.containers: element 0: associative list with keys has an element that omits key field "name" (and doesn't have default value)"#
            ),
            (
                #"{"spec":{"template":{"spec":{"containers":[{"name":"x"},{"name":"x"}]}}}}"#,
                #"duplicate entries for key [name="x"]"#
            ),
        ])
    func refuses(configuration: String, words: String) throws {
        var scenario = Scenario()
        let status = #expect(throws: APIStatus.self) { try scenario.apply(configuration, as: "m") }
        #expect(status?.code == 400)
        #expect(status?.message.contains(words) == true, "\(status?.message ?? "")")
    }

    @Test("two versions that differ only in the times of managedFields are the same")
    func times() throws {
        var scenario = Scenario()
        try scenario.apply(#"{"spec":{"replicas":1}}"#, as: "a")
        let one = try #require(scenario.live)
        var other = one
        var entry = try #require(scenario.entry(of: "a"))
        entry["time"] = "2027-01-01T00:00:00Z"
        other["metadata", "managedFields"] = .array([entry])
        #expect(one != other)
        #expect(ManagedFields.isUnchanged(one, other))
        other["spec", "replicas"] = 2
        #expect(!ManagedFields.isUnchanged(one, other))
    }
}
