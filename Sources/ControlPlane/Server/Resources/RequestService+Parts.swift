internal import KubernetesModel
internal import NIOHTTP1

/// The parts of objects that are small objects of their own: scale, binding, eviction.
extension RequestService {
    // MARK: Scale (autoscaling/v1)

    /// How many replicas are wanted and there.
    func getScale(_ key: ObjectKey) throws(APIStatus) -> Answer {
        guard let stored = store.object(key) else { throw .notFound(key) }
        return .json(scale(of: stored.object).value)
    }

    /// Sets how many replicas are wanted.
    func putScale(_ request: APIRequest, _ key: ObjectKey) async throws(APIStatus) -> Answer {
        let asked = APIObject(try body(of: request))
        guard asked.name.isEmpty || asked.name == key.name else {
            throw .badRequest(
                "the name of the object (\(asked.name)) does not match the name on the URL (\(key.name))")
        }
        let replicas = asked["spec", "replicas"] ?? 0
        guard let number = replicas.integer, number >= 0 else {
            throw .invalid(
                key.type, name: key.name,
                [.invalid("spec.replicas", replicas, "must be greater than or equal to 0")])
        }
        var change = APIObject(["spec": ["replicas": .integer(number)]])
        change.resourceVersion = asked.resourceVersion
        if !asked.uid.isEmpty { change.uid = asked.uid }
        let options = try writeOptions(request, kind: "UpdateOptions")
        let result = try await registry.patch(key, .merge(change.value), .scale, options)
        return .json(scale(of: result.object).value).with(warnings: result.warnings)
    }

    /// The scale of a Deployment or ReplicaSet; a scale stays as it is.
    func scale(of object: APIObject) -> APIObject {
        guard object.kind != "Scale" else { return object }
        var metadata: [String: JSONValue] = [:]
        for field in ["name", "namespace", "uid", "resourceVersion", "creationTimestamp"] {
            metadata[field] = object["metadata", field]
        }
        var status: [String: JSONValue] = ["replicas": object["status", "replicas"] ?? 0]
        let selector = LabelSelector(object["spec", "selector"] ?? [:])
        if !selector.isEmpty { status["selector"] = .string(selector.text) }
        return APIObject([
            "kind": "Scale", "apiVersion": "autoscaling/v1", "metadata": .object(metadata),
            "spec": ["replicas": object["spec", "replicas"] ?? 1], "status": .object(status),
        ])
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

extension LabelSelector {
    /// The selector in the form of query strings.
    var text: String {
        requirements.map { requirement in
            let values = requirement.values.sorted()
            return switch requirement.comparison {
            case .isIn where values.count == 1: "\(requirement.key)=\(values[0])"
            case .isIn: "\(requirement.key) in (\(values.joined(separator: ",")))"
            case .isNotIn: "\(requirement.key) notin (\(values.joined(separator: ",")))"
            case .exists: requirement.key
            case .doesNotExist: "!\(requirement.key)"
            }
        }.joined(separator: ",")
    }
}
