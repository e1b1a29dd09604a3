import KubernetesModel

extension Registry {
    /// Puts the change that a patch describes together.
    func stagePatch(
        _ key: ObjectKey, _ patch: Patch, _ subresource: Subresource?, _ options: WriteOptions,
        _ transaction: inout Transaction
    ) throws(APIStatus) -> Staged {
        if subresource == .scale { return try stageScalePatch(key, patch, options, &transaction) }
        if case .apply(let configuration, let force) = patch {
            return try stageApply(key, APIObject(configuration), subresource, options, force: force, &transaction)
        }
        guard let live = transaction.object(key) else { throw .notFound(key) }
        let patched = APIObject(try Self.apply(patch, to: live.value, key.type.schema))
        try checkIdentity(patched, key)
        let (object, warnings) = try decode(patched, in: key.type, options)
        var update = Update(object, subresource, manager: options.fieldManager)
        update.live = live
        update.warnings = warnings
        return try stageUpdate(key, update, &transaction)
    }

    /// Puts a server-side apply together.
    func stageApply(
        _ key: ObjectKey, _ configuration: APIObject, _ subresource: Subresource?, _ options: WriteOptions, force: Bool,
        _ transaction: inout Transaction
    ) throws(APIStatus) -> Staged {
        var (configuration, warnings) = try decode(configuration, in: key.type, options)
        configuration["apiVersion"] = .string(key.type.apiVersion)
        configuration["kind"] = .string(key.type.kind)
        configuration.name = configuration.name.isEmpty ? key.name : configuration.name
        configuration.namespace = configuration.namespace.isEmpty ? key.namespace : configuration.namespace
        try checkIdentity(configuration, key)
        let live = transaction.object(key)
        if live == nil, subresource != nil { throw .notFound(key) }
        let result = try ServerSideApply.apply(
            configuration, to: live, type: key.type, schema: key.type.schema, manager: options.fieldManager,
            subresource: subresource?.rawValue, force: force, time: transaction.time)
        guard let live else {
            var staged = try stageCreation(result, in: key.type, options, isRecorded: true, &transaction)
            staged.warnings = warnings
            return staged
        }
        var update = Update(result, subresource, manager: options.fieldManager)
        update.live = live
        update.warnings = warnings
        update.isRecorded = true
        return try stageUpdate(key, update, &transaction)
    }

    /// What becomes of a tree by a patch that is no apply.
    static func apply(_ patch: Patch, to value: JSONValue, _ schema: ObjectSchema) throws(APIStatus) -> JSONValue {
        switch patch {
        case .json(let operations): try JSONPatch.apply(operations, to: value)
        case .merge(let changes): try MergePatch.apply(changes, to: value)
        case .strategicMerge(let changes): try StrategicMergePatch.apply(changes, to: value, schema: schema)
        case .apply(let configuration, _): try MergePatch.apply(configuration, to: value)
        }
    }

    private func checkIdentity(_ object: APIObject, _ key: ObjectKey) throws(APIStatus) {
        guard object.name == key.name else {
            throw .badRequest(
                "the name of the object (\(object.name)) does not match the name on the URL (\(key.name))")
        }
        guard object.namespace == key.namespace || !key.type.isNamespaced else {
            throw .badRequest(
                "the namespace of the object (\(object.namespace)) does not match the namespace on the request "
                    + "(\(key.namespace))")
        }
    }
}
