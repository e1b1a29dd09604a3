internal import KubernetesModel
internal import NIOHTTP1

/// The parts of objects that are small objects of their own: scale, binding, eviction.
extension RequestService {
    // MARK: Scale (autoscaling/v1)

    /// Sets how many replicas are wanted (PUT).
    func putScale(_ request: APIRequest, _ target: ResourceTarget, _ key: ObjectKey) async throws(APIStatus) -> Answer {
        var scale = APIObject(try body(of: request))
        guard scale.name.isEmpty || scale.name == key.name else {
            throw .badRequest("the name of the object (\(scale.name)) does not match the name on the URL (\(key.name))")
        }
        guard scale.namespace.isEmpty || scale.namespace == key.namespace else {
            throw .badRequest("the namespace of the provided object does not match the namespace sent on the request")
        }
        scale.name = key.name
        scale.namespace = key.namespace
        let options = try writeOptions(request, kind: "UpdateOptions")
        let result = try await registry.update(scale, in: target.type, .scale, options)
        return .json(result.object.value).with(warnings: result.warnings)
    }

    // MARK: Binding (core/v1), Eviction (policy/v1)

    /// Gives a pod to a node.
    func bind(_ request: APIRequest, _ key: ObjectKey) async throws(APIStatus) -> Answer {
        let binding = APIObject(try body(of: request))
        guard let node = binding["target", "name"]?.string, !node.isEmpty else {
            throw .invalid(key.type, name: key.name, [.required("target.name")])
        }
        guard let pod = store.object(key)?.object else { throw .notFound(key) }
        if let bound = pod["spec", "nodeName"]?.string, !bound.isEmpty {
            throw .conflict(key, "pod \(key.name) is already assigned to node \"\(bound)\"")
        }
        guard !(try writeOptions(request, kind: "CreateOptions")).isDryRun else { return Self.created }
        let change: @Sendable (inout APIObject) -> Void = { pod in
            if pod["spec", "nodeName"] == nil { pod["spec", "nodeName"] = .string(node) }
        }
        guard let result = try await registry.modify(key, nil, change) else { throw .notFound(key) }
        guard result.object["spec", "nodeName"]?.string == node else {
            throw .conflict(key, "pod \(key.name) is already assigned to another node")
        }
        return Self.created
    }

    /// Deletes a pod as its owner may, with regard for nobody's budget: there are none here.
    func evict(_ request: APIRequest, _ key: ObjectKey) async throws(APIStatus) -> Answer {
        let eviction = try body(of: request)
        var given = eviction["deleteOptions"]?.object ?? [:]
        let dryRun = request.query.all("dryRun")
        if !dryRun.isEmpty { given["dryRun"] = .array(dryRun.map { .string($0) }) }
        _ = try await registry.delete(key, try Self.deleteOptions(given))
        return Self.created
    }

    private static var created: Answer {
        .json(["kind": "Status", "apiVersion": "v1", "metadata": [:], "status": "Success", "code": 201], .created)
    }
}
