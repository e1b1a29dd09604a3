import KubernetesModel

extension FaultSample {
    static let metadata = [
        FaultSample(
            .services, [("metadata/name", "Web")],
            "metadata.name: Invalid value: \"Web\": a DNS-1035 label must consist of lower case alphanumeric characters or "
                + "'-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or "
                + "'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')"),
        FaultSample(.pods, [("metadata/name", nil)], "metadata.name: Required value: name or generateName is required"),
        FaultSample(.pods, [("metadata/name", "a_b")], "metadata.name: Invalid value: \"a_b\": \(subdomain)"),
        FaultSample(
            .namespaces, [("metadata/name", .string(String(repeating: "a", count: 64)))],
            "metadata.name: Invalid value: \"\(String(repeating: "a", count: 64))\": must be no more than 63 characters",
            "metadata.labels: Invalid value: \"\(String(repeating: "a", count: 64))\": must be no more than 63 characters"
        ),
        FaultSample(
            .namespaces, [("metadata/namespace", "a")], "metadata.namespace: Forbidden: not allowed on this type"),
        FaultSample(.pods, [("metadata/namespace", nil)], "metadata.namespace: Required value"),
        FaultSample(
            .pods, [("metadata/labels", ["a b": "c d"])],
            "metadata.labels: Invalid value: \"a b\": name part must consist of alphanumeric characters, '-', '_' or '.', "
                + "and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', "
                + "regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
            "metadata.labels: Invalid value: \"c d\": a valid label must be an empty string or consist of alphanumeric "
                + "characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or "
                + "'my_value',  or '12345', regex used for validation is "
                + "'(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"),
        FaultSample(
            .configMaps,
            [("metadata/annotations", ["A": .string(String(repeating: "a", count: 262_144))])],
            "metadata.annotations: Too long: may not be more than 262144 bytes"),
        FaultSample(
            .pods, [("metadata/finalizers", ["mine", "example.com/mine"])],
            "metadata.finalizers[0]: Invalid value: \"mine\": name is neither a standard finalizer name nor is it fully "
                + "qualified"),
        FaultSample(
            .pods, [("metadata/ownerReferences", [["apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "r"]])],
            "metadata.ownerReferences.uid: Invalid value: \"\": must not be empty"),
    ]
}
