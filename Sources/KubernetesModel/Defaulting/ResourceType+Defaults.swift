extension ResourceType {
    /// Fills in what the API server fills in where an object of this kind is silent. What allocators decide (addresses,
    /// node ports, address families) is left to them. Doing it again changes nothing.
    public func applyDefaults(to object: inout APIObject) {
        guard object.value.object != nil else { return }
        Self.defaults[self]?(&object.value)
    }

    private static let defaults: [ResourceType: @Sendable (inout JSONValue) -> Void] = [
        .services: Defaults.service, .endpoints: Defaults.endpoints, .endpointSlices: Defaults.endpointSlice,
        .networkPolicies: Defaults.networkPolicy, .ingresses: Defaults.ingress,
        .ingressClasses: Defaults.ingressClass, .pods: Defaults.pod, .deployments: Defaults.deployment,
        .replicaSets: Defaults.replicaSet, .namespaces: Defaults.namespace, .secrets: Defaults.secret,
        .nodes: Defaults.node,
    ]
}

/// What the API server fills in, a kind a function.
enum Defaults {}
