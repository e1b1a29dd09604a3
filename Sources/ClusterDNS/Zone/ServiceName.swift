internal import KubernetesModel

/// What tells a Service, a slice or a pod from others of its kind.
struct ServiceName: Hashable, Sendable {
    let namespace: String
    let name: String
}

extension ServiceName {
    init(_ key: ObjectKey) {
        self.init(namespace: key.namespace, name: key.name)
    }
}
