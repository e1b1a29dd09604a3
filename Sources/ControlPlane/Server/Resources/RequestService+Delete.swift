internal import KubernetesModel
internal import NIOHTTP1

extension RequestService {
    /// Kinds whose deletion is answered with the object that is gone, as client libraries expect it.
    private static let shownWhenDeleted: Set<ResourceType> = [.pods, .services, .serviceAccounts]

    /// Deletes an object.
    func delete(_ request: APIRequest, _ key: ObjectKey) async throws(APIStatus) -> Answer {
        let form = try ObjectForm(request, key.type)
        let result = try await registry.delete(key, try deleteOptions(request))
        let isGone = result.object.deletionTimestamp == nil || result.outcome == .deleted
        let shown =
            isGone && !Self.shownWhenDeleted.contains(key.type)
            ? Self.success(key, uid: result.object.uid) : form.whole(result.object)
        return .json(shown).with(warnings: result.warnings)
    }

    /// Deletes the selected objects of a collection.
    func deleteCollection(_ request: APIRequest, _ target: ResourceTarget) async throws(APIStatus) -> Answer {
        if target.type.isNamespaced, target.namespace == nil { throw .methodNotAllowed }
        let form = try ObjectForm(request, target.type)
        let options = try deleteOptions(request)
        let list = try ListOptions(request.query, target)
        let (objects, version) = store.objects(list.selection)
        for stored in objects {
            do throws(APIStatus) {
                _ = try await registry.delete(stored.key, options)
            } catch  where error.code == 404 {
                continue
            }
        }
        return answer(objects[...], form, ["resourceVersion": .string(String(version))])
    }

    /// How a request wants an object to be deleted: what its body says, or else its parameters.
    func deleteOptions(_ request: APIRequest) throws(APIStatus) -> DeleteOptions {
        let query = request.query
        var given: [String: JSONValue] = [:]
        if !request.body.isEmpty {
            guard let fields = try body(of: request).object else {
                throw .badRequest("the object provided is unrecognized (must be of type DeleteOptions)")
            }
            given = fields
        } else {
            if let seconds = query["gracePeriodSeconds"], !seconds.isEmpty {
                guard let seconds = Int64(seconds) else {
                    throw .badRequest("the parameter gracePeriodSeconds is no whole number")
                }
                given["gracePeriodSeconds"] = .integer(seconds)
            }
            if query.has("orphanDependents") { given["orphanDependents"] = .bool(query.flag("orphanDependents")) }
            if query.has("propagationPolicy") {
                given["propagationPolicy"] = query["propagationPolicy"].map { .string($0) }
            }
            given["dryRun"] = .array(query.all("dryRun").map { .string($0) })
        }
        return try Self.deleteOptions(given)
    }

    static func deleteOptions(_ given: [String: JSONValue]) throws(APIStatus) -> DeleteOptions {
        let dryRun = (given["dryRun"]?.array ?? []).compactMap(\.string)
        try checkDryRun(dryRun, kind: "DeleteOptions")
        var options = DeleteOptions(
            gracePeriodSeconds: given["gracePeriodSeconds"]?.integer, uid: given["preconditions"]?["uid"]?.string,
            isDryRun: !dryRun.isEmpty)
        if let seconds = options.gracePeriodSeconds, seconds < 0 {
            throw invalid(
                "DeleteOptions",
                [.invalid("gracePeriodSeconds", .integer(seconds), "must be greater than or equal to 0")])
        }
        if let word = given["propagationPolicy"]?.string {
            guard let known = DeleteOptions.Propagation(rawValue: word) else {
                throw invalid(
                    "DeleteOptions",
                    [.notSupported("propagationPolicy", .string(word), ["Background", "Foreground", "Orphan"])])
            }
            options.propagation = known
        } else if given["orphanDependents"]?.bool == true {
            options.propagation = .orphan
        }
        if let version = given["preconditions"]?["resourceVersion"]?.string {
            guard let version = UInt64(version) else {
                throw .badRequest("the precondition's resourceVersion is no whole number")
            }
            options.resourceVersion = version
        }
        return options
    }

    /// That something was done (meta/v1 Status).
    static func success(_ key: ObjectKey, uid: String) -> JSONValue {
        var details: [String: JSONValue] = ["name": .string(key.name), "kind": .string(key.type.plural)]
        if !key.type.group.isEmpty { details["group"] = .string(key.type.group) }
        if !uid.isEmpty { details["uid"] = .string(uid) }
        return [
            "kind": "Status", "apiVersion": "v1", "metadata": [:], "status": "Success", "details": .object(details),
        ]
    }
}
