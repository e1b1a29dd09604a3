extension ResourceType {
    /// Fills in what the API server fills in where an object of this kind is silent. What allocators decide (addresses,
    /// node ports, address families) is left to them. Doing it again changes nothing.
    public func applyDefaults(to object: inout APIObject) {
        guard object.value.object != nil else { return }
        Self.defaults[self]?(&object.value)
    }

    /// Fills in the same where an object is to replace another one, which has its defaults: what has not changed has them
    /// too.
    public func applyDefaults(to object: inout APIObject, replacing old: APIObject) {
        if self == .pods, let spec = old["spec"], object["spec"] == spec {
            Defaults.podStatus(&object.value)
        } else {
            applyDefaults(to: &object)
        }
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
