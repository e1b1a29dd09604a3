import Addressing
import KubernetesModel
import Testing

@testable import ControlPlane

/// A registry with the built-in objects, in memory.
struct Cluster {
    let registry: Registry
    var store: ObjectStore { registry.store }

    init(_ serviceCIDRs: String..., nodePorts: ClosedRange<UInt16> = 30000...32767) async throws {
        let blocks = serviceCIDRs.isEmpty ? ["10.96.0.0/12"] : serviceCIDRs
        let settings = ClusterSettings(serviceCIDRs: blocks.compactMap { CIDR($0) }, nodePorts: nodePorts)
        registry = Registry(store: ObjectStore(), settings: settings)
        try await registry.bootstrap(caCertificate: "PEM")
    }

    static func object(_ json: String) throws -> APIObject { APIObject(try JSONValue(parsing: json)) }

    @discardableResult
    func create(_ json: String, _ options: WriteOptions = WriteOptions()) async throws -> APIObject {
        let object = try Self.object(json)
        let type = try #require(ResourceType.of(apiVersion: object.apiVersion, kind: object.kind))
        return try await registry.create(object, in: type, options).object
    }

    /// A Service of the default namespace with the fields of its spec.
    @discardableResult
    func service(
        _ name: String, _ spec: String = #"{"ports":[{"port":80}]}"#, _ options: WriteOptions = WriteOptions()
    ) async throws -> APIObject {
        try await create(
            #"{"apiVersion":"v1","kind":"Service","metadata":{"name":"\#(name)"},"spec":\#(spec)}"#, options)
    }

    func merge(_ key: ObjectKey, _ patch: String, _ subresource: Subresource? = nil) async throws -> WriteResult {
        try await registry.patch(key, .merge(try JSONValue(parsing: patch)), subresource)
    }

    func object(_ key: ObjectKey) throws -> APIObject { try #require(store.object(key)).object }

    /// Expects a refusal and gives it.
    @discardableResult
    func refusal(
        sourceLocation: SourceLocation = #_sourceLocation, _ body: () async throws -> Void
    ) async throws -> APIStatus {
        do { try await body() } catch let status as APIStatus { return status }
        Issue.record("nothing was refused", sourceLocation: sourceLocation)
        throw CancellationError()
    }

    /// Waits until a condition holds, looking again after each change, with a bound.
    func until(
        _ what: String, sourceLocation: SourceLocation = #_sourceLocation,
        _ holds: @escaping @Sendable (ObjectStore) -> Bool
    ) async throws {
        let store = store
        let waiting = Task {
            while !Task.isCancelled {
                let version = store.resourceVersion
                if holds(store) { return true }
                await store.waitForChange(after: version)
            }
            return holds(store)
        }
        let bound = Task {
            try await Task.sleep(for: .seconds(20))
            waiting.cancel()
        }
        let isReached = await waiting.value
        bound.cancel()
        #expect(isReached, "\(what) does not come", sourceLocation: sourceLocation)
    }
}

extension ObjectKey {
    static func service(_ name: String) -> ObjectKey { ObjectKey(.services, namespace: "default", name: name) }
    static func pod(_ name: String) -> ObjectKey { ObjectKey(.pods, namespace: "default", name: name) }
    static func deployment(_ name: String) -> ObjectKey { ObjectKey(.deployments, namespace: "default", name: name) }
    static func configMap(_ name: String, _ namespace: String = "default") -> ObjectKey {
        ObjectKey(.configMaps, namespace: namespace, name: name)
    }
}
