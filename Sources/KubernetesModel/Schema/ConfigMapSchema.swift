extension ObjectSchema {
    /// core/v1 ConfigMap.
    static let configMap = kind(
        "ConfigMap", ["immutable": .boolean, "data": .stringMap, "binaryData": .map(.bytes)])

    /// core/v1 Secret.
    static let secret = kind(
        "Secret", ["immutable": .boolean, "data": .map(.bytes), "stringData": .stringMap, "type": .string])

    /// core/v1 ServiceAccount.
    static let serviceAccount = kind(
        "ServiceAccount",
        [
            "secrets": .objects(.objectReference, by: "name"),
            "imagePullSecrets": .objects(.localObjectReference), "automountServiceAccountToken": .boolean,
        ])
}
