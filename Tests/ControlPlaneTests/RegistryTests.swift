import KubernetesModel
import TestSupport
import Testing

@testable import ControlPlane

@Suite("Creating and changing objects")
struct RegistryTests {
    static let deployment = #"""
        {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web"},"spec":{"replicas":2,
        "selector":{"matchLabels":{"app":"web"}},"template":{"metadata":{"labels":{"app":"web"}},
        "spec":{"containers":[{"name":"web","image":"nginx"}]}}}}
        """#
    static func pod(_ name: String, node: String? = nil) -> String {
        let place = node.map { #""nodeName":"\#($0)","# } ?? ""
        return #"""
            {"apiVersion":"v1","kind":"Pod","metadata":{"name":"\#(name)"},
            "spec":{\#(place)"containers":[{"name":"c","image":"nginx"}]}}
            """#
    }

    @Test("a new object gets its metadata from the server, whatever the client says")
    func metadata() async throws {
        let cluster = try await Cluster()
        let object = try await cluster.create(
            #"""
            {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web","uid":"mine","generation":7,
            "creationTimestamp":"1999-01-01T00:00:00Z","deletionTimestamp":"1999-01-01T00:00:00Z"},
            "spec":{"selector":{"matchLabels":{"app":"web"}},"template":{"metadata":{"labels":{"app":"web"}},
            "spec":{"containers":[{"name":"c","image":"i"}]}}},"status":{"replicas":5}}
            """#)
        let id = try #require(
            object.uid.wholeMatch(of: /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/))
        #expect(String(id.output) != "mine")
        #expect(object.generation == 1)
        #expect(object.deletionTimestamp == nil)
        #expect(object.creationTimestamp?.wholeMatch(of: /20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ/) != nil)
        #expect(object["status"] == [:])
        #expect(object.namespace == "default")
        #expect(object.resourceVersion == cluster.store.resourceVersion)
        #expect(try cluster.object(.deployment("web")) == object)
        #expect(object["metadata", "managedFields"]?.array?.first?["manager"] == "lab")
    }

    @Test("an update that changes only who owns what is written, and nobody owns a status that came with the rest")
    func handOver() async throws {
        let cluster = try await Cluster()
        let made = try await cluster.create(Self.deployment, WriteOptions(fieldManager: "before"))
        let fields = try #require(made["metadata", "managedFields"]?.array?.first?["fieldsV1"])
        #expect(fields["f:spec"] != nil)
        #expect(fields["f:status"] == nil)
        let entry: JSONValue = [
            "manager": "after", "operation": "Apply", "apiVersion": "apps/v1", "fieldsType": "FieldsV1",
            "fieldsV1": fields,
        ]
        let patch: JSONValue = [["op": "replace", "path": "/metadata/managedFields", "value": [entry]]]
        let given = try await cluster.registry.patch(.deployment("web"), .json(patch)).object
        #expect(given["metadata", "managedFields"] == [entry])
        #expect(given.resourceVersion > made.resourceVersion)
        #expect(given.generation == made.generation)
        #expect(try cluster.object(.deployment("web")) == given)
    }

    @Test("labels of which none is left are gone")
    func emptyLabels() async throws {
        let cluster = try await Cluster()
        try await cluster.create(
            #"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"c","labels":{"a":"b"},"annotations":{}}}"#)
        #expect(try cluster.object(.configMap("c"))["metadata", "annotations"] == nil)
        _ = try await cluster.registry.patch(
            .configMap("c"), .json([["op": "remove", "path": "/metadata/labels/a"]]))
        #expect(try cluster.object(.configMap("c"))["metadata", "labels"] == nil)
    }

    @Test("generateName makes a name of five characters of kubectl's alphabet")
    func generatedName() async throws {
        let cluster = try await Cluster()
        let made = try await cluster.create(#"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"generateName":"a-"}}"#)
        #expect(made.name.wholeMatch(of: /a-[bcdfghjklmnpqrstvwxz2456789]{5}/) != nil)
        let status = try await cluster.refusal { try await cluster.create(#"{"apiVersion":"v1","kind":"ConfigMap"}"#) }
        #expect(status.code == 422)
        #expect(status.message.contains("metadata.name: Required value: name or generateName is required"))
    }

    @Test("a name that is taken is refused, and so is a namespace that is missing")
    func namesAndNamespaces() async throws {
        let cluster = try await Cluster()
        try await cluster.service("web")
        let taken = try await cluster.refusal { try await cluster.service("web") }
        #expect(taken.message == #"services "web" already exists"#)
        #expect(taken.code == 409)
        let missing = try await cluster.refusal {
            try await cluster.create(#"{"apiVersion":"v1","kind":"Pod","metadata":{"name":"p","namespace":"no"}}"#)
        }
        #expect(missing.message == #"namespaces "no" not found"#)
        #expect(missing.code == 404)
    }

    @Test("unknown fields are kept, told of or refused as the client asks")
    func fieldValidation() async throws {
        let cluster = try await Cluster()
        func create(_ name: String, _ validation: WriteOptions.FieldValidation) async throws -> WriteResult {
            let object = try Cluster.object(
                #"{"apiVersion":"v1","kind":"Service","metadata":{"name":"\#(name)"},"spec":{"ports":[{"port":1}],"foo":1}}"#
            )
            return try await cluster.registry.create(object, in: .services, WriteOptions(fieldValidation: validation))
        }
        #expect(try await create("a", .ignore).warnings.isEmpty)
        let warned = try await create("b", .warn)
        #expect(warned.warnings == [#"unknown field "spec.foo""#])
        #expect(warned.object["spec", "foo"] == 1)
        let status = try await cluster.refusal { _ = try await create("c", .strict) }
        #expect(status.code == 400)
        #expect(
            status.message
                == #"Service in version "v1" cannot be handled as a Service: strict decoding error: unknown field "spec.foo""#
        )
        #expect(cluster.store.object(.service("c")) == nil)
    }

    @Test("a dry run checks everything and stores nothing")
    func dryRun() async throws {
        let cluster = try await Cluster()
        let before = cluster.store.resourceVersion
        let made = try await cluster.service(
            "web", #"{"type":"NodePort","ports":[{"port":80}]}"#, WriteOptions(isDryRun: true))
        #expect(made["spec", "clusterIP"] != nil)
        #expect(cluster.store.resourceVersion == before)
        #expect(await cluster.registry.reservations == Reservations(of: cluster.store))
        try await cluster.service("web")
        let version = cluster.store.resourceVersion
        _ = try await cluster.registry.patch(
            .service("web"), .merge(["metadata": ["labels": ["a": "b"]]]), nil, WriteOptions(isDryRun: true))
        _ = try await cluster.registry.delete(.service("web"), DeleteOptions(isDryRun: true))
        #expect(cluster.store.resourceVersion == version)
    }

    @Test("an update of an old version is refused, one without a version is not")
    func optimisticConcurrency() async throws {
        let cluster = try await Cluster()
        let first = try await cluster.service("web")
        _ = try await cluster.merge(.service("web"), #"{"metadata":{"labels":{"a":"1"}}}"#)
        var mine = first
        mine.labels = ["a": "2"]
        let status = try await cluster.refusal { [mine] in _ = try await cluster.registry.update(mine, in: .services) }
        #expect(status.code == 409)
        #expect(status.reason == "Conflict")
        #expect(
            status.message.hasPrefix(#"Operation cannot be fulfilled on services "web": the object has been modified"#))
        mine.resourceVersion = 0
        #expect(try await cluster.registry.update(mine, in: .services).object.labels == ["a": "2"])
        mine.uid = "another"
        let other = try await cluster.refusal { [mine] in _ = try await cluster.registry.update(mine, in: .services) }
        #expect(other.code == 409)
        #expect(other.message.contains("Precondition failed: UID in precondition: another"))
    }

    @Test("of many that change one version at the same time one comes through")
    func racing() async throws {
        let cluster = try await Cluster()
        let base = try await cluster.create(#"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"m"}}"#)
        let winners = await withTaskGroup(of: Bool.self) { group in
            for number in 0..<20 {
                group.addTask {
                    var mine = base
                    mine["data"] = ["winner": .string(String(number))]
                    return (try? await cluster.registry.update(mine, in: .configMaps)) != nil
                }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(winners == 1)
    }

    @Test("what changes nothing makes no version")
    func unchanged() async throws {
        let cluster = try await Cluster()
        let made = try await cluster.create(Self.deployment)
        let version = cluster.store.resourceVersion
        #expect(try await cluster.registry.update(made, in: .deployments).outcome == .unchanged)
        #expect(try await cluster.merge(.deployment("web"), #"{"spec":{"replicas":2}}"#).outcome == .unchanged)
        let result = try await cluster.registry.modify(.deployment("web")) { $0["spec", "replicas"] = 2 }
        #expect(result?.outcome == .unchanged)
        #expect(cluster.store.resourceVersion == version)
    }

    @Test("the generation counts changes of the spec alone")
    func generation() async throws {
        let cluster = try await Cluster()
        try await cluster.create(Self.deployment)
        #expect(
            try await cluster.merge(.deployment("web"), #"{"metadata":{"labels":{"x":"y"}}}"#).object.generation == 1)
        #expect(try await cluster.merge(.deployment("web"), #"{"spec":{"replicas":3}}"#).object.generation == 2)
        let status = try await cluster.merge(.deployment("web"), #"{"status":{"replicas":3}}"#, .status)
        #expect(status.object.generation == 2)
    }

    @Test("status and spec are written apart")
    func status() async throws {
        let cluster = try await Cluster()
        try await cluster.create(Self.deployment)
        let ignored = try await cluster.merge(.deployment("web"), #"{"status":{"replicas":9}}"#)
        #expect(ignored.outcome == .unchanged)
        let written = try await cluster.merge(
            .deployment("web"), #"{"spec":{"replicas":7},"status":{"replicas":2},"metadata":{"labels":{"no":"no"}}}"#,
            .status)
        #expect(written.object["spec", "replicas"] == 2)
        #expect(written.object["status", "replicas"] == 2)
        #expect(written.object.labels.isEmpty)
        // Node agents annotate their node by its status.
        try await cluster.create(#"{"apiVersion":"v1","kind":"Node","metadata":{"name":"n"},"status":{"phase":"x"}}"#)
        let node = try await cluster.merge(
            ObjectKey(.nodes, name: "n"), #"{"metadata":{"annotations":{"a":"b"}},"spec":{"unschedulable":true}}"#,
            .status)
        #expect(node.object.annotations == ["a": "b"])
        #expect(node.object["spec", "unschedulable"] == nil)
        #expect(node.object["status", "phase"] == "x")
    }

    @Test("all four kinds of patch are applied")
    func patches() async throws {
        let cluster = try await Cluster()
        try await cluster.create(Self.deployment)
        let registry = cluster.registry
        let key = ObjectKey.deployment("web")
        let json = try await registry.patch(
            key, .json([["op": "replace", "path": "/spec/replicas", "value": 4]])
        ).object
        #expect(json["spec", "replicas"] == 4)
        let strategic = try await registry.patch(
            key,
            .strategicMerge([
                "spec": ["template": ["spec": ["containers": [["name": "side", "image": "busybox"]]]]]
            ])
        ).object
        #expect(strategic["spec", "template", "spec", "containers"]?.array?.count == 2)
        let merge = try await registry.patch(key, .merge(["metadata": ["labels": ["a": "b"]]])).object
        #expect(merge.labels == ["a": "b"])
        let configuration: JSONValue = [
            "apiVersion": "v1", "kind": "ConfigMap", "metadata": ["name": "m"], "data": ["a": "b"],
        ]
        let options = WriteOptions(fieldManager: "me")
        let created = try await registry.patch(.configMap("m"), .apply(configuration, force: false), nil, options)
        #expect(created.outcome == .created)
        let again = try await registry.patch(.configMap("m"), .apply(configuration, force: false), nil, options)
        #expect(again.outcome == .unchanged)
        let conflict = try await cluster.refusal {
            _ = try await registry.patch(
                .configMap("m"),
                .apply(
                    ["apiVersion": "v1", "kind": "ConfigMap", "metadata": ["name": "m"], "data": ["a": "c"]],
                    force: false), nil, WriteOptions(fieldManager: "you"))
        }
        #expect(conflict.code == 409)
    }

    @Test("a patch cannot rename")
    func renaming() async throws {
        let cluster = try await Cluster()
        try await cluster.service("web")
        let status = try await cluster.refusal {
            _ = try await cluster.merge(.service("web"), #"{"metadata":{"name":"other"}}"#)
        }
        #expect(status.code == 400)
        let version = try await cluster.refusal {
            _ = try await cluster.merge(.service("web"), #"{"metadata":{"resourceVersion":"1"}}"#)
        }
        #expect(version.code == 409)
    }

    @Test("scale is read, put and patched")
    func scale() async throws {
        let cluster = try await Cluster()
        try await cluster.create(Self.deployment)
        let key = ObjectKey.deployment("web")
        var scale = try cluster.registry.scale(of: key)
        #expect(scale.kind == "Scale")
        #expect(scale["spec", "replicas"] == 2)
        #expect(scale["status", "selector"] == "app=web")
        scale["spec", "replicas"] = 5
        let put = try await cluster.registry.update(scale, in: .deployments, .scale)
        #expect(put.object["spec", "replicas"] == 5)
        #expect(try cluster.object(key)["spec", "replicas"] == 5)
        let stale = try await cluster.refusal { [scale] in
            _ = try await cluster.registry.update(scale, in: .deployments, .scale)
        }
        #expect(stale.code == 409)
        #expect(try await cluster.merge(key, #"{"spec":{"replicas":1}}"#, .scale).object["spec", "replicas"] == 1)
        let negative = try await cluster.refusal {
            _ = try await cluster.merge(key, #"{"spec":{"replicas":-1}}"#, .scale)
        }
        #expect(negative.message.contains("spec.replicas: Invalid value: -1: must be greater than or equal to 0"))
    }

    @Test("controllers' changes of what is not there do nothing")
    func modifyMissing() async throws {
        let cluster = try await Cluster()
        #expect(try await cluster.registry.modify(.service("no")) { $0.labels = [:] } == nil)
    }

    @Test("Events are kept up to a number, the newest")
    func events() async throws {
        var queue = EventQueue(of: ObjectStore())
        for number in 0..<(EventQueue.capacity + 100) {
            let excess = queue.excess
            #expect(excess.map(\.name) == (number < EventQueue.capacity ? [] : ["e\(number - EventQueue.capacity)"]))
            for key in excess { queue.remove(key) }
            queue.append(ObjectKey(.events, namespace: "default", name: "e\(number)"))
        }
    }

    @Test("an old Event goes when a new one comes")
    func eventExpiry() async throws {
        let store = ObjectStore()
        try store.commit(
            (0..<EventQueue.capacity).map { .put(.events, APIObject(.events, namespace: "default", name: "e\($0)")) })
        let registry = Registry(store: store)
        try await registry.bootstrap()
        for number in 0..<5 {
            let event = try Cluster.object(
                #"""
                {"apiVersion":"v1","kind":"Event","metadata":{"name":"new\#(number)","namespace":"default"},
                "involvedObject":{"kind":"Pod","name":"p","namespace":"default"},"reason":"Started","type":"Normal"}
                """#)
            _ = try await registry.create(event, in: .events)
            #expect(store.count(of: .events) == EventQueue.capacity)
            #expect(store.object(ObjectKey(.events, namespace: "default", name: "e\(number)")) == nil)
            #expect(store.object(ObjectKey(.events, namespace: "default", name: "e\(number + 1)")) != nil)
            #expect(store.object(ObjectKey(.events, namespace: "default", name: "new\(number)")) != nil)
        }
    }
}
