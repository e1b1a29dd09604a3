import KubernetesModel
import TestSupport
import Testing

@testable import ControlPlane

@Suite("Garbage collection")
struct GarbageCollectorTests {
    /// An owner with a dependent, and one that goes with the dependent.
    private func family(_ cluster: Cluster) async throws {
        let owner = try await cluster.create(RegistryTests.deployment)
        var previous = owner
        for name in ["child", "grandchild"] {
            var object = APIObject(.configMaps, namespace: "default", name: name)
            object.ownerReferences = [OwnerReference(controller: previous)]
            previous = try await cluster.registry.create(object, in: .configMaps).object
        }
    }

    private func collecting(_ cluster: Cluster, _ body: () async throws -> Void) async throws {
        let collector = Task { await cluster.registry.run() }
        defer { collector.cancel() }
        try await body()
    }

    @Test("dependents go after their owner, and theirs after them")
    func background() async throws {
        let cluster = try await Cluster()
        try await collecting(cluster) {
            try await family(cluster)
            let result = try await cluster.registry.delete(.deployment("web"))
            #expect(result.outcome == .deleted)
            try await cluster.until("the end of the dependents") {
                $0.object(.configMap("child")) == nil && $0.object(.configMap("grandchild")) == nil
            }
        }
    }

    @Test("an owner that is deleted in the foreground goes last")
    func foreground() async throws {
        let cluster = try await Cluster()
        try await family(cluster)
        let version = cluster.store.resourceVersion
        try await collecting(cluster) {
            let result = try await cluster.registry.delete(.deployment("web"), DeleteOptions(propagation: .foreground))
            #expect(result.outcome == .configured)
            #expect(result.object.finalizers == ["foregroundDeletion"])
            try await cluster.until("the end of the owner") { $0.object(.deployment("web")) == nil }
        }
        let owner = try cluster.store.events(of: .deployments, after: version).events.first { $0.kind == .deleted }
        let dependents = try cluster.store.events(of: .configMaps, after: version).events.filter { $0.kind == .deleted }
        #expect(dependents.map(\.object.key.name) == ["grandchild", "child"])
        for dependent in dependents {
            #expect(try #require(owner).object.resourceVersion > dependent.object.resourceVersion)
        }
    }

    @Test("orphans stay and forget their owner")
    func orphan() async throws {
        let cluster = try await Cluster()
        try await collecting(cluster) {
            try await family(cluster)
            _ = try await cluster.registry.delete(.deployment("web"), DeleteOptions(propagation: .orphan))
            try await cluster.until("the end of the owner") { $0.object(.deployment("web")) == nil }
        }
        #expect(try cluster.object(.configMap("child")).ownerReferences.isEmpty)
        #expect(try cluster.object(.configMap("grandchild")).ownerReferences.count == 1)
    }

    @Test("an object whose owner never was or was replaced goes; one with another owner stays")
    func absentOwners() async throws {
        let cluster = try await Cluster()
        let owner = try await cluster.create(RegistryTests.deployment)
        var gone = OwnerReference(controller: owner)
        gone.uid = "of a former one"
        var orphan = APIObject(.configMaps, namespace: "default", name: "orphan")
        orphan.ownerReferences = [gone]
        gone.isController = false
        var kept = APIObject(.configMaps, namespace: "default", name: "kept")
        kept.ownerReferences = [gone, OwnerReference(controller: owner)]
        _ = try await cluster.registry.create(orphan, in: .configMaps)
        _ = try await cluster.registry.create(kept, in: .configMaps)
        // What was left undone before the start is done after it.
        try await collecting(cluster) {
            try await cluster.until("the end of the orphan") { $0.object(.configMap("orphan")) == nil }
            try await cluster.until("the loss of one owner") { $0.object(.configMap("kept"))?.owners.count == 1 }
        }
        #expect(try cluster.object(.configMap("kept")).ownerReferences.map(\.uid) == [owner.uid])
    }

    @Test("a namespace takes nothing new while it ends, waits for its pods, and goes with its content")
    func namespace() async throws {
        let cluster = try await Cluster()
        let key = ObjectKey(.namespaces, name: "shop")
        try await collecting(cluster) {
            try await cluster.create(#"{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"shop"}}"#)
            var pod = try Cluster.object(RegistryTests.pod("p", node: "n"))
            pod.namespace = "shop"
            _ = try await cluster.registry.create(pod, in: .pods)
            let podKey = ObjectKey(.pods, pod)
            var map = APIObject(.configMaps, namespace: "shop", name: "m")
            map["data"] = ["a": "b"]
            _ = try await cluster.registry.create(map, in: .configMaps)
            let result = try await cluster.registry.delete(key)
            #expect(result.outcome == .configured)
            #expect(result.object["status", "phase"] == "Terminating")
            try await cluster.until("the end of the map") { $0.object(.configMap("m", "shop")) == nil }
            try await cluster.until("the pod to be asked") { $0.object(podKey)?.isTerminating == true }
            #expect(cluster.store.object(key) != nil)
            map.name = "late"
            let status = try await cluster.refusal { [map] in
                _ = try await cluster.registry.create(map, in: .configMaps)
            }
            #expect(
                status.message
                    == #"configmaps "late" is forbidden: unable to create new content in namespace shop because it is being terminated"#
            )
            #expect(status.code == 403)
            _ = try await cluster.registry.delete(podKey, DeleteOptions(gracePeriodSeconds: 0))
            try await cluster.until("the end of the namespace") { $0.object(key) == nil }
        }
        #expect(cluster.store.objects(ObjectSelection(.serviceAccounts, namespace: "shop")).objects.isEmpty)
    }
}
