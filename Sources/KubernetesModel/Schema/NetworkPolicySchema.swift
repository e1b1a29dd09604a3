extension ObjectSchema {
    /// networking.k8s.io/v1 NetworkPolicy.
    static let networkPolicy = kind("NetworkPolicy", ["spec": .object(networkPolicySpec)])

    private static let networkPolicySpec = ObjectSchema(
        "NetworkPolicySpec",
        [
            "podSelector": .object(.labelSelector), "ingress": .objects(networkPolicyIngressRule),
            "egress": .objects(networkPolicyEgressRule), "policyTypes": .strings,
        ])

    private static let networkPolicyIngressRule = ObjectSchema(
        "NetworkPolicyIngressRule",
        ["ports": .objects(networkPolicyPort), "from": .objects(networkPolicyPeer)])

    private static let networkPolicyEgressRule = ObjectSchema(
        "NetworkPolicyEgressRule",
        ["ports": .objects(networkPolicyPort), "to": .objects(networkPolicyPeer)])

    private static let networkPolicyPort = ObjectSchema(
        "NetworkPolicyPort", ["protocol": .string, "port": .integerOrString, "endPort": .int32])

    private static let networkPolicyPeer = ObjectSchema(
        "NetworkPolicyPeer",
        [
            "podSelector": .object(.labelSelector), "namespaceSelector": .object(.labelSelector),
            "ipBlock": .object(ObjectSchema("IPBlock", ["cidr": .string, "except": .strings])),
        ])
}
