import Addressing
public import KubernetesModel

extension Registry {
    /// Applies objects as one: server-side apply of each, all or none. Namespaces among them count for those behind.
    ///
    /// - Parameter force: whether fields are taken from other managers instead of being refused.
    /// - Throws: `ApplyError` with every object that is refused.
    public func apply(
        _ objects: [APIObject], _ options: WriteOptions, force: Bool = true
    ) throws(ApplyError) -> [WriteResult] {
        var transaction = begin()
        transaction.reserve(Self.claims(of: objects))
        var staged: [Staged] = []
        var refusals: [(index: Int, status: APIStatus)] = []
        for (index, object) in objects.enumerated() {
            do throws(APIStatus) {
                staged.append(try stageApply(object, options, force: force, &transaction))
            } catch { refusals.append((index, error)) }
        }
        guard refusals.isEmpty else { throw ApplyError(refusals: refusals) }
        do { return try finish(transaction, staged, options.isDryRun) } catch {
            throw ApplyError(refusals: [(0, error)])
        }
    }

    private func stageApply(
        _ object: APIObject, _ options: WriteOptions, force: Bool, _ transaction: inout Transaction
    ) throws(APIStatus) -> Staged {
        guard let type = ResourceType.of(apiVersion: object.apiVersion, kind: object.kind) else {
            throw APIStatus(
                code: 404, reason: "NotFound",
                message: "no matches for kind \"\(object.kind)\" in version \"\(object.apiVersion)\"")
        }
        var object = object
        if type.isNamespaced, object.namespace.isEmpty { object.namespace = "default" }
        guard !object.name.isEmpty else {
            let detail = object["metadata", "generateName"] == nil ? "" : "cannot use generate name with apply"
            guard detail.isEmpty else { throw .badRequest(detail) }
            throw .invalid(type, name: "", [.required("metadata.name", "name or generateName is required")])
        }
        return try stageApply(ObjectKey(type, object), object, nil, options, force: force, &transaction)
    }

    /// The addresses and ports that Services ask for by name: whoever takes any is not to get them.
    private static func claims(of objects: [APIObject]) -> HeldResources {
        var claims = HeldResources()
        for object in objects where object.kind == "Service" {
            var spec = ServiceSpec(object)
            spec.complete(from: nil)
            let held = HeldResources(of: spec.object)
            claims.addresses.formUnion(held.addresses)
            claims.ports.formUnion(held.ports)
        }
        return claims
    }
}

/// Why objects cannot be applied; nothing was changed.
public struct ApplyError: Error, Sendable {
    /// The place of each refused object in the list, and why it is refused.
    public let refusals: [(index: Int, status: APIStatus)]

    init(refusals: [(index: Int, status: APIStatus)]) {
        self.refusals = refusals
    }
}
