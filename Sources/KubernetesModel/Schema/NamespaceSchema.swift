extension ObjectSchema {
    /// core/v1 Namespace.
    static let namespace = kind(
        "Namespace",
        [
            "spec": .object(ObjectSchema("NamespaceSpec", ["finalizers": .strings])),
            "status": .object(
                ObjectSchema(
                    "NamespaceStatus", ["phase": .string, "conditions": .objects(.namespaceCondition, by: "type")])),
        ])

    private static let namespaceCondition = ObjectSchema(
        "NamespaceCondition",
        [
            "type": .string, "status": .string, "lastTransitionTime": .time, "reason": .string, "message": .string,
        ])
}
