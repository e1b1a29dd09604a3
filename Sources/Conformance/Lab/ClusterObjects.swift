import KubernetesModel
import Runtime
import Topology

/// The objects of a lab, through its API. Requests block, each on a thread of its own.
struct ClusterObjects: Sendable {
    /// Who applies, for the ownership of fields.
    static let fieldManager = "lab-conformance"
    /// The kinds that say what flows do.
    private static let kinds: [ResourceType] = [
        .nodes, .namespaces, .pods, .services, .endpointSlices, .networkPolicies,
    ]

    private let directory: LabDirectory

    init(_ directory: LabDirectory) {
        self.directory = directory
    }

    private func request<Value: Sendable>(
        _ body: @escaping @Sendable (APIClient) throws -> Value
    ) async throws -> Value {
        let directory = directory
        return try await OwnThread.run { try body(APIClient(directory)) }
    }

    // MARK: Reading

    /// Every object that says what flows do.
    func snapshot(of cluster: ClusterSpec) async throws -> ClusterSnapshot {
        try await request { client in
            var objects: [APIObject] = []
            for type in Self.kinds { objects += try Self.list(type, namespace: nil, client) }
            return ClusterSnapshot(objects, podCIDRs: cluster.podCIDR, serviceCIDRs: cluster.serviceCIDR)
        }
    }

    private static func list(_ type: ResourceType, namespace: String?, _ client: APIClient) throws -> [APIObject] {
        (try client.document(type.path(namespace: namespace))["items"]?.array ?? []).map { item in
            var object = APIObject(item)
            object["apiVersion"] = .string(type.apiVersion)
            object["kind"] = .string(type.kind)
            return object
        }
    }

    /// The objects of a kind in a namespace.
    func list(_ type: ResourceType, namespace: String) async throws -> [APIObject] {
        try await request { try Self.list(type, namespace: namespace, $0) }
    }

    /// An object, or nil where there is none.
    func object(_ key: ObjectKey) async throws -> APIObject? {
        try await request { try Self.objectIfAny(key, $0) }
    }

    private static func objectIfAny(_ key: ObjectKey, _ client: APIClient) throws -> APIObject? {
        do {
            return APIObject(try client.document(key.type.path(namespace: key.namespace, name: key.name)))
        } catch let status as APIStatus where status.code == 404 { return nil }
    }

    // MARK: Writing

    /// Applies objects, all or none. A Service's status is written too, as a load balancer's controller would.
    /// - Throws: `ObjectRefusal` where the API does not take them.
    func apply(_ objects: [APIObject]) async throws {
        guard !objects.isEmpty else { return }
        try await request { client in
            let body = JSONValue.array(objects.map(\.value)).bytes
            let answer = try client.document(
                "/lab/v1/apply", method: "POST", query: [("fieldManager", Self.fieldManager)], body: body)
            if let refusals = answer["refusals"]?.array {
                let statuses = refusals.compactMap { $0["status"].flatMap { APIStatus($0) } }
                throw ObjectRefusal(statuses.map(\.message))
            }
            for object in objects {
                guard object.kind == ResourceType.services.kind, let status = object["status"] else { continue }
                try Self.change(ObjectKey(.services, object), "status", client) { $0["status"] = status }
            }
        }
    }

    /// Changes an object that is there, again where somebody else has changed it meanwhile.
    private static func change(
        _ key: ObjectKey, _ subresource: String? = nil, _ client: APIClient, _ body: (inout APIObject) -> Void
    ) throws {
        for attempt in 0..<20 {
            var object = APIObject(try client.document(key.type.path(namespace: key.namespace, name: key.name)))
            body(&object)
            do {
                let path = key.type.path(namespace: key.namespace, name: key.name, subresource: subresource)
                _ = try client.document(path, method: "PUT", body: object.value.bytes)
                return
            } catch let status as APIStatus where status.code == 409 && attempt < 19 { continue }
        }
    }

    /// Changes an object's labels.
    func label(_ key: ObjectKey, set: [String: String], remove: [String]) async throws {
        try await request { client in
            try Self.change(key, nil, client) { object in
                var labels = object.labels.merging(set) { $1 }
                for name in remove { labels[name] = nil }
                object.labels = labels
            }
        }
    }

    /// Sets how many pods a Deployment has.
    func scale(_ key: ObjectKey, to replicas: Int) async throws {
        try await request { client in
            let path = key.type.path(namespace: key.namespace, name: key.name, subresource: "scale")
            for attempt in 0..<20 {
                var scale = APIObject(try client.document(path))
                scale["spec", "replicas"] = .integer(Int64(replicas))
                do {
                    _ = try client.document(path, method: "PUT", body: scale.value.bytes)
                    return
                } catch let status as APIStatus where status.code == 409 && attempt < 19 { continue }
            }
        }
    }

    /// Asks for objects to be deleted; those that are not there are passed over. Pods get no time to end.
    func delete(_ keys: [ObjectKey]) async throws {
        guard !keys.isEmpty else { return }
        try await request { client in
            for key in keys {
                var options: [String: JSONValue] = [
                    "kind": "DeleteOptions", "apiVersion": "v1", "propagationPolicy": "Background",
                ]
                // Zero seconds would have the object gone before its network is.
                if key.type == .pods { options["gracePeriodSeconds"] = 1 }
                do {
                    let path = key.type.path(namespace: key.namespace, name: key.name)
                    _ = try client.document(path, method: "DELETE", body: JSONValue.object(options).bytes)
                } catch let status as APIStatus where status.code == 404 { continue }
            }
        }
    }
}

extension ClusterObjects {
    /// How long a namespace may take to go.
    private static let patience: Duration = .seconds(30)

    /// Removes namespaces with everything in them, and returns when they are gone.
    func removeNamespaces(_ names: [String]) async throws {
        guard !names.isEmpty else { return }
        for name in names {
            let pods = try await list(.pods, namespace: name).map { ObjectKey(.pods, $0) }
            try await delete(pods)
        }
        let keys = names.map { ObjectKey(.namespaces, name: $0) }
        try await delete(keys)
        let deadline = ContinuousClock.now + Self.patience
        for key in keys {
            while try await object(key) != nil {
                guard ContinuousClock.now < deadline else {
                    throw ConformanceError(
                        "the namespace \(key.name) does not go", remedy: "see lab get pods -n \(key.name)")
                }
                try await Task.sleep(for: .milliseconds(5))
            }
        }
    }
}

/// The API has not taken objects.
struct ObjectRefusal: Error, CustomStringConvertible {
    /// What it says of each.
    let messages: [String]

    init(_ messages: [String]) {
        self.messages = messages
    }

    var description: String { "the API refuses the objects: " + messages.joined(separator: "; ") }
}
