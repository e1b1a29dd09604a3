import KubernetesModel
import TestSupport
import Testing

@testable import ControlPlane

@Suite("Deleting")
struct DeletionTests {
    @Test("what is not there cannot be deleted, and preconditions are kept")
    func preconditions() async throws {
        let cluster = try await Cluster()
        let missing = try await cluster.refusal { _ = try await cluster.registry.delete(.service("web")) }
        #expect(missing.message == #"services "web" not found"#)
        let service = try await cluster.service("web")
        let uid = try await cluster.refusal {
            _ = try await cluster.registry.delete(.service("web"), DeleteOptions(uid: "other"))
        }
        #expect(uid.code == 409)
        let version = try await cluster.refusal {
            _ = try await cluster.registry.delete(.service("web"), DeleteOptions(resourceVersion: 1))
        }
        #expect(version.code == 409)
        let result = try await cluster.registry.delete(
            .service("web"), DeleteOptions(uid: service.uid, resourceVersion: service.resourceVersion))
        #expect(result.outcome == .deleted)
        #expect(cluster.store.object(.service("web")) == nil)
    }

    @Test("a pod on a node is asked to end, and goes when the node says so")
    func gracefulPod() async throws {
        let cluster = try await Cluster()
        try await cluster.create(RegistryTests.pod("p", node: "node1"))
        let asked = try await cluster.registry.delete(.pod("p"))
        #expect(asked.outcome == .configured)
        #expect(asked.object["metadata", "deletionGracePeriodSeconds"] == 30)
        #expect(asked.object.deletionTimestamp != nil)
        #expect(asked.object.generation == 2)
        #expect(try await cluster.registry.delete(.pod("p")).outcome == .unchanged)
        let shorter = try await cluster.registry.delete(.pod("p"), DeleteOptions(gracePeriodSeconds: 5))
        #expect(shorter.object["metadata", "deletionGracePeriodSeconds"] == 5)
        #expect(shorter.object.generation == 2)
        #expect(
            try await cluster.registry.delete(.pod("p"), DeleteOptions(gracePeriodSeconds: 60)).outcome == .unchanged)
        // The status of a pod that is ending can still be written.
        _ = try await cluster.merge(.pod("p"), #"{"status":{"phase":"Succeeded"}}"#, .status)
        let gone = try await cluster.registry.delete(.pod("p"), DeleteOptions(gracePeriodSeconds: 0))
        #expect(gone.outcome == .deleted)
        #expect(cluster.store.object(.pod("p")) == nil)
    }

    @Test("a pod without a node goes at once")
    func pendingPod() async throws {
        let cluster = try await Cluster()
        try await cluster.create(RegistryTests.pod("p"))
        #expect(try await cluster.registry.delete(.pod("p")).outcome == .deleted)
    }

    @Test("finalizers keep an object until the last one is gone")
    func finalizers() async throws {
        let cluster = try await Cluster()
        try await cluster.create(
            #"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"m","finalizers":["example.com/a"]}}"#)
        let asked = try await cluster.registry.delete(.configMap("m"))
        #expect(asked.outcome == .configured)
        #expect(asked.object.deletionTimestamp != nil)
        #expect(cluster.store.object(.configMap("m"))?.isTerminating == true)
        let last = try await cluster.merge(.configMap("m"), #"{"metadata":{"finalizers":null}}"#)
        #expect(last.outcome == .deleted)
        #expect(cluster.store.object(.configMap("m")) == nil)
    }

    @Test("a collection is deleted by selectors, in one commit")
    func collection() async throws {
        let cluster = try await Cluster()
        for number in 0..<6 {
            try await cluster.create(
                #"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"m\#(number)","labels":{"n":"\#(number % 2)"}}}"#
            )
        }
        let selection = ObjectSelection(.configMaps, namespace: "default", labels: LabelSelector(labels: ["n": "0"]))
        let results = try await cluster.registry.deleteCollection(selection)
        #expect(results.map(\.object.name) == ["m0", "m2", "m4"])
        #expect(cluster.store.objects(ObjectSelection(.configMaps, namespace: "default")).objects.count == 4)
    }

    @Test("the namespaces of the system stay")
    func permanentNamespaces() async throws {
        let cluster = try await Cluster()
        for name in ["default", "kube-system", "kube-public"] {
            let status = try await cluster.refusal {
                _ = try await cluster.registry.delete(ObjectKey(.namespaces, name: name))
            }
            #expect(status.message == #"namespaces "\#(name)" is forbidden: this namespace may not be deleted"#)
        }
    }
}
