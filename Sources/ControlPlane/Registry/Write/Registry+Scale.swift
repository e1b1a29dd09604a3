public import KubernetesModel

extension Registry {
    /// How many replicas an object is to have and has (autoscaling/v1 Scale).
    ///
    /// - Throws: `APIStatus` (404).
    public nonisolated func scale(of key: ObjectKey) throws(APIStatus) -> APIObject {
        guard let object = store.object(key)?.object else { throw .notFound(key) }
        return Self.scale(of: object)
    }

    static func scale(of object: APIObject) -> APIObject {
        var metadata: JSONValue = [:]
        for field in ["name", "namespace", "uid", "resourceVersion", "creationTimestamp"] {
            metadata[field] = object["metadata", field]
        }
        var status: JSONValue = ["replicas": object["status", "replicas"] ?? 0]
        status["selector"] = object["spec", "selector"].map { .string(LabelSelector($0).queryText) }
        return APIObject([
            "apiVersion": "autoscaling/v1", "kind": "Scale", "metadata": metadata,
            "spec": ["replicas": object["spec", "replicas"] ?? 1], "status": status,
        ])
    }

    /// Puts together what a Scale asks for.
    func stageScale(
        _ key: ObjectKey, _ scale: APIObject, live: APIObject? = nil, _ options: WriteOptions,
        _ transaction: inout Transaction
    ) throws(APIStatus) -> Staged {
        guard var object = live ?? transaction.object(key) else { throw .notFound(key) }
        let replicas = scale["spec", "replicas"] ?? 0
        guard let number = replicas.integer else {
            throw .badRequest(
                "Scale in version \"v1\" cannot be handled as a Scale: json: cannot unmarshal \(replicas.typeName) "
                    + "into Go struct field ScaleSpec.spec.replicas of type int32")
        }
        guard (0...Int64(Int32.max)).contains(number) else {
            let fault = FieldError.invalid("spec.replicas", replicas, "must be greater than or equal to 0")
            throw APIStatus(
                code: 422, reason: "Invalid", message: "Scale.autoscaling \"\(key.name)\" is invalid: \(fault)")
        }
        object["spec", "replicas"] = replicas
        object["metadata", "resourceVersion"] = scale["metadata", "resourceVersion"]
        object["metadata", "uid"] = scale["metadata", "uid"]
        var staged = try stageUpdate(key, Update(object, .scale, manager: options.fieldManager), &transaction)
        staged.object = Self.scale(of: staged.object)
        return staged
    }

    func stageScalePatch(
        _ key: ObjectKey, _ patch: Patch, _ options: WriteOptions, _ transaction: inout Transaction
    ) throws(APIStatus) -> Staged {
        guard let object = transaction.object(key) else { throw .notFound(key) }
        let patched = try Self.apply(patch, to: Self.scale(of: object).value, Self.scaleSchema)
        return try stageScale(key, APIObject(patched), options, &transaction)
    }

    private static let scaleSchema = ObjectSchema(
        "Scale", ["spec": .object(ObjectSchema("ScaleSpec", ["replicas": .integer(bits: 32)]))])
}

extension LabelSelector {
    /// The form of query strings: `app=web,tier in (a,b),!headless`.
    var queryText: String {
        requirements.map { requirement in
            let values = requirement.values.sorted().joined(separator: ",")
            switch requirement.comparison {
            case .isIn:
                return requirement.values.count == 1
                    ? "\(requirement.key)=\(values)" : "\(requirement.key) in (\(values))"
            case .isNotIn: return "\(requirement.key) notin (\(values))"
            case .exists: return requirement.key
            case .doesNotExist: return "!\(requirement.key)"
            }
        }.joined(separator: ",")
    }
}
