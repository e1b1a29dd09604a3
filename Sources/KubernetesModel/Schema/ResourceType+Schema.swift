extension ResourceType {
    /// The fields of this kind's objects, as the API's OpenAPI documents have them.
    public var schema: ObjectSchema { Self.schemas[self] ?? .kind(kind, [:]) }

    private static let schemas: [ResourceType: ObjectSchema] = [
        .configMaps: .configMap, .endpoints: .endpoints, .events: .event, .namespaces: .namespace, .nodes: .node,
        .pods: .pod, .secrets: .secret, .serviceAccounts: .serviceAccount, .services: .service,
        .deployments: .deployment, .replicaSets: .replicaSet, .leases: .lease, .endpointSlices: .endpointSlice,
        .ingressClasses: .ingressClass, .ingresses: .ingress, .networkPolicies: .networkPolicy,
        .serviceCIDRs: .serviceCIDR,
    ]
}
