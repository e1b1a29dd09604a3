extension ObjectSchema {
    /// core/v1 Affinity.
    static let affinity = ObjectSchema(
        "Affinity",
        [
            "nodeAffinity": .object(nodeAffinity),
            "podAffinity": .object(ObjectSchema("PodAffinity", podAffinityFields)),
            "podAntiAffinity": .object(ObjectSchema("PodAntiAffinity", podAffinityFields)),
        ])

    private static let nodeAffinity = ObjectSchema(
        "NodeAffinity",
        [
            "requiredDuringSchedulingIgnoredDuringExecution": .object(
                ObjectSchema("NodeSelector", isAtomic: true, ["nodeSelectorTerms": .objects(nodeSelectorTerm)])),
            "preferredDuringSchedulingIgnoredDuringExecution": .objects(
                ObjectSchema("PreferredSchedulingTerm", ["weight": .int32, "preference": .object(nodeSelectorTerm)])),
        ])

    private static let nodeSelectorTerm = ObjectSchema(
        "NodeSelectorTerm", isAtomic: true,
        [
            "matchExpressions": .objects(nodeSelectorRequirement), "matchFields": .objects(nodeSelectorRequirement),
        ])

    private static let nodeSelectorRequirement = ObjectSchema(
        "NodeSelectorRequirement", ["key": .string, "operator": .string, "values": .strings])

    private static let podAffinityFields: [String: Schema] = [
        "requiredDuringSchedulingIgnoredDuringExecution": .objects(podAffinityTerm),
        "preferredDuringSchedulingIgnoredDuringExecution": .objects(
            ObjectSchema(
                "WeightedPodAffinityTerm", ["weight": .int32, "podAffinityTerm": .object(podAffinityTerm)])),
    ]

    private static let podAffinityTerm = ObjectSchema(
        "PodAffinityTerm",
        [
            "labelSelector": .object(.labelSelector), "namespaces": .strings, "topologyKey": .string,
            "namespaceSelector": .object(.labelSelector), "matchLabelKeys": .strings, "mismatchLabelKeys": .strings,
        ])

    /// core/v1 Toleration.
    static let toleration = ObjectSchema(
        "Toleration",
        [
            "key": .string, "operator": .string, "value": .string, "effect": .string, "tolerationSeconds": .int64,
        ])

    /// core/v1 TopologySpreadConstraint.
    static let topologySpreadConstraint = ObjectSchema(
        "TopologySpreadConstraint",
        [
            "maxSkew": .int32, "topologyKey": .string, "whenUnsatisfiable": .string,
            "labelSelector": .object(.labelSelector), "minDomains": .int32, "nodeAffinityPolicy": .string,
            "nodeTaintsPolicy": .string, "matchLabelKeys": .strings,
        ])
}
