internal import KubernetesModel

extension RequestService {
    /// Tells what is served.
    func discovery(_ request: APIRequest) throws(APIStatus) -> Answer {
        guard request.method == .GET || request.method == .HEAD else {
            throw .methodNotSupported("the server does not allow this method on the requested resource")
        }
        let path = request.path
        switch (path.first, path.count) {
        case ("api", 1):
            if let version = AggregatedDiscovery.version(accept: request.headers["accept"]) {
                return AggregatedDiscovery.answer(version: version, groups: [""])
            }
            return .bytes(documents.coreVersions)
        case ("apis", 1):
            if let version = AggregatedDiscovery.version(accept: request.headers["accept"]) {
                return AggregatedDiscovery.answer(version: version, groups: Documents.namedGroups)
            }
            return .bytes(documents.groups)
        case ("apis", 2):
            guard let group = documents.group[path[1]] else { throw .unknownPath }
            return .bytes(group)
        case ("api", 2), ("apis", 3):
            guard let list = documents.resources[path.dropFirst().joined(separator: "/")] else { throw .unknownPath }
            return .bytes(list)
        default: throw .unknownPath
        }
    }
}
