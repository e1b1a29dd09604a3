import KubernetesModel
import TestSupport
import Testing

@testable import ControlPlane

@Suite("Applying many objects")
struct ApplyTests {
    private func map(_ name: String, _ namespace: String? = nil, _ value: String = "v") -> APIObject {
        var map = APIObject(["apiVersion": "v1", "kind": "ConfigMap", "metadata": [:], "data": ["k": .string(value)]])
        map.name = name
        map.namespace = namespace ?? ""
        return map
    }

    private let namespace = APIObject(["apiVersion": "v1", "kind": "Namespace", "metadata": ["name": "shop"]])

    @Test("a namespace among the objects counts for those behind it")
    func namespaces() async throws {
        let cluster = try await Cluster()
        let results = try await cluster.registry.apply([namespace, map("a", "shop"), map("b")], WriteOptions())
        #expect(results.map(\.outcome) == [.created, .created, .created])
        #expect(results.map(\.object.namespace) == ["", "shop", "default"])
        for result in results {
            let type = try #require(ResourceType.of(apiVersion: result.object.apiVersion, kind: result.object.kind))
            #expect(
                cluster.store.object(ObjectKey(type, result.object))?.resourceVersion == result.object.resourceVersion)
        }
        let again = try await cluster.registry.apply([namespace, map("a", "shop", "new"), map("b")], WriteOptions())
        #expect(again.map(\.outcome) == [.unchanged, .configured, .unchanged])
    }

    @Test("where one is refused nothing is stored, and every refusal is told with its place")
    func atomicity() async throws {
        let cluster = try await Cluster()
        let before = cluster.store.resourceVersion
        let unknown = APIObject(["apiVersion": "v9", "kind": "Thing", "metadata": ["name": "x"]])
        let service = APIObject([
            "apiVersion": "v1", "kind": "Service", "metadata": ["name": "s"],
            "spec": ["clusterIP": "10.96.0.1", "ports": [["port": 1]]],
        ])
        let error = await #expect(throws: ApplyError.self) {
            try await cluster.registry.apply(
                [map("a"), unknown, map("b"), map("c", "missing"), service], WriteOptions())
        }
        #expect(error?.refusals.map(\.index) == [1, 3, 4])
        #expect(error?.refusals.map(\.status.code) == [404, 404, 422])
        #expect(error?.refusals[0].status.message == #"no matches for kind "Thing" in version "v9""#)
        #expect(cluster.store.resourceVersion == before)
        #expect(await cluster.registry.reservations == Reservations(of: cluster.store))
    }

    @Test("an address that a later object names is not given to an earlier one")
    func claims() async throws {
        let cluster = try await Cluster("10.0.0.0/28")
        var services: [APIObject] = (0..<12).map { number in
            APIObject([
                "apiVersion": "v1", "kind": "Service", "metadata": ["name": .string("s\(number)")],
                "spec": ["ports": [["port": 1]]],
            ])
        }
        services.append(
            APIObject([
                "apiVersion": "v1", "kind": "Service", "metadata": ["name": "named"],
                "spec": ["clusterIP": "10.0.0.9", "ports": [["port": 1]]],
            ]))
        let results = try await cluster.registry.apply(services, WriteOptions())
        #expect(Set(results.compactMap { $0.object["spec", "clusterIP"]?.string }).count == 13)
    }

    @Test("a dry run of many stores nothing")
    func dryRun() async throws {
        let cluster = try await Cluster()
        let before = cluster.store.resourceVersion
        let results = try await cluster.registry.apply(
            [namespace, map("a", "shop")], WriteOptions(isDryRun: true))
        #expect(results.map(\.outcome) == [.created, .created])
        #expect(cluster.store.resourceVersion == before)
    }
}
