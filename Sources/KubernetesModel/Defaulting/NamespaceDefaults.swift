extension Defaults {
    @Sendable static func namespace(_ namespace: inout JSONValue) {
        if let name = namespace["metadata"]?.text("name") {
            namespace[path: ["metadata", "labels", "kubernetes.io/metadata.name"]] = .string(name)
        }
        // A namespace that is being deleted loses its finalizer and must not get it back.
        guard namespace[path: ["metadata", "deletionTimestamp"]] == nil else { return }
        namespace.changeOrMake("spec") { $0.setDefault("finalizers", ["kubernetes"]) }
        namespace.changeOrMake("status") { $0.setDefault("phase", "Active") }
    }
}
