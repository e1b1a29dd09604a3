internal import KubernetesModel
internal import NIOHTTP1

extension RequestService {
    /// Answers a request about a resource.
    func answer(_ request: APIRequest, about target: ResourceTarget) async throws(APIStatus) -> Answer {
        if let subresource = target.subresource, let key = target.key {
            return try await answer(request, target, key, subresource)
        }
        guard let key = target.key else { return try await answer(request, collection: target) }
        switch request.method {
        case .GET, .HEAD:
            return request.query.flag("watch") ? try listOrWatch(request, target) : try get(key, request)
        case .PUT: return try await update(request, target, nil)
        case .PATCH: return try await patch(request, target, key, nil)
        case .DELETE: return try await delete(request, key)
        default: throw .methodNotAllowed
        }
    }

    private func answer(_ request: APIRequest, collection target: ResourceTarget) async throws(APIStatus) -> Answer {
        switch request.method {
        case .GET, .HEAD: return try listOrWatch(request, target)
        case .POST: return try await create(request, target)
        case .DELETE where target.type != .namespaces: return try await deleteCollection(request, target)
        default: throw .methodNotAllowed
        }
    }

    private func answer(
        _ request: APIRequest, _ target: ResourceTarget, _ key: ObjectKey, _ subresource: String
    ) async throws(APIStatus) -> Answer {
        switch (subresource, request.method) {
        case ("status", .GET): return try get(key, request)
        case ("status", .PUT): return try await update(request, target, .status)
        case ("status", .PATCH): return try await patch(request, target, key, .status)
        case ("finalize", .PUT): return try await update(request, target, nil)
        case ("scale", .GET): return .json(try registry.scale(of: key).value)
        case ("scale", .PUT): return try await putScale(request, target, key)
        case ("scale", .PATCH): return try await patch(request, target, key, .scale)
        case ("binding", .POST): return try await bind(request, key)
        case ("eviction", .POST): return try await evict(request, key)
        case ("log", .GET): return try await log(request, key)
        case ("exec", .GET), ("exec", .POST): return try await exec(request, key)
        case ("attach", .GET), ("attach", .POST): return try await attach(request, key)
        case ("portforward", .GET), ("portforward", .POST): return try await portForward(request, key)
        default: throw .methodNotAllowed
        }
    }
}

extension APIStatus {
    static let methodNotAllowed = APIStatus.methodNotSupported(
        "the server does not allow this method on the requested resource")
}
