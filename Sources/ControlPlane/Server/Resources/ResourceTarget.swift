internal import KubernetesModel

/// What a path of the API means: a collection, an object, or a part of one.
struct ResourceTarget: Sendable, Hashable {
    /// The kind.
    let type: ResourceType
    /// The namespace, or nil for all and for kinds without one.
    let namespace: String?
    /// The object, or nil for the collection.
    let name: String?
    /// The part, such as `status`, or nil for the object itself.
    let subresource: String?

    /// Reads a path below `/api` and `/apis`; nil where it names no resource, which may be discovery's.
    ///
    /// - Throws: `APIStatus` (404) where nothing is there.
    init?(_ path: [String]) throws(APIStatus) {
        let isCore = path.first == "api"
        let apiVersion = path.dropFirst().prefix(isCore ? 1 : 2).joined(separator: "/")
        var parts = path.dropFirst(isCore ? 2 : 3)
        guard let first = parts.first else { return nil }
        if parts.count > 5 { throw .unknownPath }
        if first == "namespaces", parts.count >= 3,
            let type = ResourceType.of(apiVersion: apiVersion, plural: parts[parts.startIndex + 2]), type.isNamespaced
        {
            namespace = parts[parts.startIndex + 1]
            parts = parts.dropFirst(2)
            self.type = type
        } else if let type = ResourceType.of(apiVersion: apiVersion, plural: first) {
            // A namespaced object cannot be named without its namespace.
            if type.isNamespaced, parts.count > 1 { throw .unknownPath }
            namespace = nil
            self.type = type
        } else {
            return nil
        }
        let rest = Array(parts.dropFirst())
        guard rest.count <= 2 else { throw .unknownPath }
        name = rest.first
        subresource = rest.count > 1 ? rest[1] : nil
        if let subresource, !type.subresources.contains(subresource) { throw .unknownPath }
    }

    /// The object's key, or nil for a collection.
    var key: ObjectKey? { name.map { ObjectKey(type, namespace: namespace ?? "", name: $0) } }
}
