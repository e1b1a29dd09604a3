internal import KubernetesModel
internal import NIOHTTP1

extension RequestService {
    /// Creates an object (POST on a collection).
    func create(_ request: APIRequest, _ target: ResourceTarget) async throws(APIStatus) -> Answer {
        if target.type.isNamespaced, target.namespace == nil { throw .methodNotAllowed }
        let form = try ObjectForm(request, target.type)
        let object = try object(in: request, target)
        let options = try writeOptions(request, kind: "CreateOptions")
        let result = try await registry.create(object, in: target.type, options)
        return .json(form.whole(result.object), .created).with(warnings: result.warnings)
    }

    /// Replaces an object or its status (PUT).
    func update(
        _ request: APIRequest, _ target: ResourceTarget, _ subresource: Subresource?
    ) async throws(APIStatus) -> Answer {
        let form = try ObjectForm(request, target.type)
        let object = try object(in: request, target)
        let options = try writeOptions(request, kind: "UpdateOptions")
        let result = try await registry.update(object, in: target.type, subresource, options)
        return .json(form.whole(result.object), result.outcome == .created ? .created : .ok)
            .with(warnings: result.warnings)
    }

    /// Changes an object, its status or its scale (PATCH).
    func patch(
        _ request: APIRequest, _ target: ResourceTarget, _ key: ObjectKey, _ subresource: Subresource?
    ) async throws(APIStatus) -> Answer {
        let form = try ObjectForm(request, target.type)
        let patch = try patch(in: request)
        let options = try writeOptions(request, kind: "PatchOptions")
        let result = try await registry.patch(key, patch, subresource, options)
        let shown = subresource == .scale ? result.object.value : form.whole(result.object)
        return .json(shown, result.outcome == .created ? .created : .ok).with(warnings: result.warnings)
    }

    private func patch(in request: APIRequest) throws(APIStatus) -> Patch {
        let isApply = request.contentType == "application/apply-patch+yaml"
        if !isApply, request.query.flag("force") {
            throw Self.invalid("PatchOptions", [.forbidden("force", "may not be specified for non-apply patch")])
        }
        switch request.contentType {
        case "application/json-patch+json": return .json(try json(request.body))
        case "application/merge-patch+json": return .merge(try json(request.body))
        case "application/strategic-merge-patch+json": return .strategicMerge(try json(request.body))
        case "application/apply-patch+yaml":
            guard request.query.has("fieldManager") else {
                throw Self.invalid("PatchOptions", [.required("fieldManager", "is required for apply patch")])
            }
            return .apply(try tree(request.body), force: request.query.flag("force"))
        default:
            throw .unsupportedMediaType(
                "the body of the request was in an unknown format - accepted media types include: "
                    + "application/json-patch+json, application/merge-patch+json, "
                    + "application/strategic-merge-patch+json, application/apply-patch+yaml")
        }
    }
}
