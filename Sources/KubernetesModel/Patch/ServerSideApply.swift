/// Server-side apply: a client says all that it wants of an object, and owns what it says
/// (`application/apply-patch+yaml`).
///
/// Fields that it said before and says no more go, unless somebody else owns them. A field that another manager owns
/// with another value is a conflict, which `force` resolves by taking the field. Fields of equal value are shared.
public enum ServerSideApply {
    /// Applies a configuration.
    ///
    /// The result has its managedFields and is not defaulted. Where the configuration changes nothing, the result is
    /// the live object as it is.
    ///
    /// - Parameters:
    ///   - configuration: what the client sent.
    ///   - live: the object as it is stored, or nil where it is to be created.
    ///   - schema: the kind's shape.
    ///   - manager: the client's fieldManager.
    ///   - subresource: `status` where that is applied; otherwise the status of kinds that have it apart is left out.
    ///   - force: whether fields are taken from other managers.
    ///   - time: now, RFC 3339.
    /// - Throws: `APIStatus`: 409 with a cause for each field that another manager owns; 400 where the configuration
    ///   carries managedFields or a list's element lacks its key.
    public static func apply(
        _ configuration: APIObject, to live: APIObject?, type: ResourceType, schema: ObjectSchema, manager: String,
        subresource: String? = nil, force: Bool, time: String
    ) throws(APIStatus) -> APIObject {
        if configuration["metadata", "managedFields"]?.array?.isEmpty == false {
            throw .badRequest("metadata.managedFields must be nil")
        }
        let configuration = applicable(configuration, type, subresource)
        let root = Schema.object(schema)
        if !hasSoundElements(configuration.value, root) {
            try checkElements(configuration.value, root, configuration)
        }
        let identity = ManagedFields.Identity(
            manager: manager, operation: ManagedFields.Identity.apply, apiVersion: configuration.apiVersion,
            subresource: subresource ?? "")
        var managed = ManagedFields(of: live, isStored: true)
        let before = managed[identity] ?? .empty
        let after = ManagedFields.ownable(FieldSet.everything(in: configuration.value, root))
        managed.set(identity, after, time: time)

        let merged = merge(configuration.value, into: live?.value, root)
        var result = APIObject(merged)
        if !before.isEmpty {
            let claimed = managed.union.union(ManagedFields.systemFields)
            result = APIObject(prune(merged, root, before, claimed: claimed, isDeclared: false) ?? merged)
        }
        guard let live else {
            result["metadata", "managedFields"] = managed.value
            return result
        }
        result["metadata", "managedFields"] = live["metadata", "managedFields"]
        if result == live, before == after { return live }

        let changes = FieldChanges(from: live.value, to: result.value, root)
        let changed = ManagedFields.ownable(changes.changed)
        let conflicts = conflicts(of: changed, with: managed, identity)
        if !force, !conflicts.isEmpty { throw refusal(conflicts) }
        managed.take(changed.union(ManagedFields.ownable(changes.removed)), forAllBut: identity)
        result["metadata", "managedFields"] = managed.value
        return result
    }

    /// A configuration without what is not the client's to say here.
    private static func applicable(_ configuration: APIObject, _ type: ResourceType, _ subresource: String?)
        -> APIObject
    {
        var configuration = configuration
        if type.hasStatus { configuration[subresource == "status" ? "spec" : "status"] = nil }
        for field in ["managedFields", "creationTimestamp", "generation", "selfLink", "deletionTimestamp"] {
            configuration["metadata", field] = nil
        }
        for field in ["uid", "resourceVersion"] where configuration["metadata", field]?.isNull == true {
            configuration["metadata", field] = nil
        }
        return configuration
    }

    // MARK: Conflicts

    private struct Conflict {
        let identity: ManagedFields.Identity
        let path: [String]
    }

    private static func conflicts(
        of changed: FieldSet, with managed: ManagedFields, _ identity: ManagedFields.Identity
    ) -> [Conflict] {
        let others = managed.entries.filter { !$0.identity.isSameManager(as: identity) }.sorted {
            ($0.identity.manager, $0.identity.operation) < ($1.identity.manager, $1.identity.operation)
        }
        return others.flatMap { entry in
            entry.fields.intersection(changed).paths.map { Conflict(identity: entry.identity, path: $0) }
        }
    }

    /// 409 in the API server's words.
    private static func refusal(_ conflicts: [Conflict]) -> APIStatus {
        var details = APIStatus.Details()
        details.causes = conflicts.map {
            FieldError(.fieldManagerConflict, FieldSet.text(of: $0.path), "conflict with \(name(of: $0.identity))")
        }
        var message = "Apply failed with "
        if conflicts.count == 1, let only = conflicts.first {
            message += "1 conflict: conflict with \(name(of: only.identity)): \(FieldSet.text(of: only.path))"
        } else {
            var names: [String] = []
            for name in conflicts.map({ name(of: $0.identity) }) where names.last != name { names.append(name) }
            let parts = names.map { name in
                let paths = conflicts.filter { Self.name(of: $0.identity) == name }.map { FieldSet.text(of: $0.path) }
                return "conflicts with \(name):\n" + paths.map { "- \($0)" }.joined(separator: "\n")
            }
            message += "\(conflicts.count) conflicts: " + parts.joined(separator: "\n")
        }
        return APIStatus(code: 409, reason: "Conflict", message: message, details: details)
    }

    private static func name(of identity: ManagedFields.Identity) -> String {
        var name = JSONValue.string(identity.manager).text
        if !identity.subresource.isEmpty { name += " with subresource \(JSONValue.string(identity.subresource).text)" }
        return identity.operation == ManagedFields.Identity.update ? "\(name) using \(identity.apiVersion)" : name
    }
}
