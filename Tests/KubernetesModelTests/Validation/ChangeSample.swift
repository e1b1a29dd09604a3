import KubernetesModel
import Testing

/// A good object that is changed, and what may not change of it.
struct ChangeSample: Sendable, CustomTestStringConvertible {
    let type: ResourceType
    let before: [(path: String, value: JSONValue?)]
    let changes: [(path: String, value: JSONValue?)]
    let faults: [String]

    init(
        _ type: ResourceType, before: [(path: String, value: JSONValue?)] = [],
        _ changes: [(path: String, value: JSONValue?)], _ faults: String...
    ) {
        self.type = type
        self.before = before
        self.changes = changes
        self.faults = faults
    }

    var testDescription: String {
        "\(type.kind) " + changes.map { "\($0.path)=\($0.value?.text ?? "nothing")" }.joined(separator: ", ")
    }

    private static let podUpdate =
        "spec: Forbidden: pod updates may not change fields other than `spec.containers[*].image`,"
        + "`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing "
        + "tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)\n"

    private static let dualStack: [(path: String, value: JSONValue?)] = [
        ("spec/clusterIP", "10.96.0.1"), ("spec/clusterIPs", ["10.96.0.1", "fd00::1"]),
        ("spec/ipFamilies", ["IPv4", "IPv6"]), ("spec/ipFamilyPolicy", "RequireDualStack"),
    ]

    static let all = metadata + services + pods + others

    private static let metadata = [
        ChangeSample(
            .configMaps, before: [("metadata/uid", "1"), ("metadata/creationTimestamp", "2026-01-02T03:04:05Z")],
            [("metadata/uid", nil), ("metadata/creationTimestamp", nil), ("metadata/labels", ["a": "b"])]),
        ChangeSample(
            .configMaps, before: [("metadata/uid", "1"), ("metadata/creationTimestamp", "2026-01-02T03:04:05Z")],
            [
                ("metadata/uid", "2"), ("metadata/name", "d"), ("metadata/namespace", "other"),
                ("metadata/creationTimestamp", "2026-01-02T03:04:06Z"),
            ],
            "metadata.name: Invalid value: \"d\": field is immutable",
            "metadata.namespace: Invalid value: \"other\": field is immutable",
            "metadata.uid: Invalid value: \"2\": field is immutable",
            "metadata.creationTimestamp: Invalid value: \"2026-01-02T03:04:06Z\": field is immutable"),
        ChangeSample(
            .configMaps,
            before: [
                ("metadata/deletionTimestamp", "2026-01-02T03:04:05Z"), ("metadata/finalizers", ["a.b/c", "a.b/d"]),
            ],
            [("metadata/finalizers", ["a.b/c", "a.b/e"])],
            "metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, found new "
                + "finalizers []string{\"a.b/e\"}"),
    ]

    private static let services = [
        ChangeSample(.services, dualStack),
        ChangeSample(
            .services, before: [("spec/clusterIP", "10.96.0.1")], [("spec/clusterIP", "10.96.0.2")],
            "spec.clusterIPs[0]: Invalid value: [\"10.96.0.2\"]: may not change once set"),
        ChangeSample(
            .services, before: [("spec/clusterIP", "10.96.0.1")], [("spec/clusterIP", nil)],
            "spec.clusterIPs[0]: Invalid value: []: primary clusterIP can not be unset"),
        ChangeSample(
            .services, before: dualStack,
            [("spec/clusterIPs", ["fd00::1"]), ("spec/clusterIP", "fd00::1"), ("spec/ipFamilies", ["IPv6"])],
            "spec.clusterIPs[0]: Invalid value: [\"fd00::1\"]: may not change once set",
            "spec.ipFamilies[0]: Invalid value: [\"IPv6\"]: may not change once set"),
        ChangeSample(.services, before: dualStack, [("spec/ipFamilies", nil)]),
        ChangeSample(
            .services, before: dualStack,
            [
                ("spec/clusterIPs", ["10.96.0.1"]), ("spec/ipFamilies", ["IPv4"]),
                ("spec/ipFamilyPolicy", "SingleStack"),
            ]),
        ChangeSample(
            .services, before: [("spec/clusterIP", "10.96.0.1")],
            [("spec", ["type": "ExternalName", "externalName": "a.b"])]),
        ChangeSample(
            .services, before: [("spec/type", "LoadBalancer")], [("spec/loadBalancerClass", "a.b/c")],
            "spec.loadBalancerClass: Invalid value: \"a.b/c\": may not change once set"),
        ChangeSample(
            .endpointSlices, [("addressType", "FQDN"), ("endpoints", [])],
            "addressType: Invalid value: \"FQDN\": field is immutable"),
    ]

    private static let pods = [
        ChangeSample(
            .pods, before: [("spec/activeDeadlineSeconds", 10)],
            [
                ("spec/containers/0/image", "nginx:1.28"), ("spec/activeDeadlineSeconds", 5),
                ("spec/nodeName", "node1"),
                ("spec/tolerations/1", ["key": "b", "operator": "Exists"]), ("metadata/labels", ["a": "b"]),
                ("status/podIPs", [["ip": "10.244.0.2"]]),
            ]),
        ChangeSample(
            .pods, [("spec/hostname", "a"), ("spec/containers/0/env/0/value", "c")],
            podUpdate + "spec.containers[0].env[0].value: \"b\" -> \"c\"\nspec.hostname: unset -> \"a\""),
        ChangeSample(
            .pods, before: [("spec/nodeName", "node1")], [("spec/nodeName", "node2")],
            podUpdate + "spec.nodeName: \"node1\" -> \"node2\""),
        ChangeSample(
            .pods, [("spec/containers/1", ["name": "d", "image": "a"])],
            "spec.containers: Forbidden: pod updates may not add or remove containers"),
        ChangeSample(
            .pods, before: [("spec/activeDeadlineSeconds", 10)], [("spec/activeDeadlineSeconds", 11)],
            "spec.activeDeadlineSeconds: Invalid value: 11: must be less than or equal to previous value"),
        ChangeSample(
            .pods, [("spec/tolerations", [])],
            "spec.tolerations: Forbidden: existing toleration can not be modified except its tolerationSeconds"),
    ]

    private static let others = [
        ChangeSample(
            .deployments,
            [
                ("spec/selector/matchLabels", ["app": "db"]), ("spec/template/metadata/labels", ["app": "db"]),
            ],
            "spec.selector: Invalid value: {\"matchLabels\":{\"app\":\"db\"}}: field is immutable"),
        ChangeSample(.deployments, [("spec/selector/matchExpressions", []), ("spec/replicas", 0)]),
        ChangeSample(
            .configMaps, before: [("immutable", true)], [("immutable", nil), ("data", ["c": "d"])],
            "immutable: Forbidden: field is immutable when `immutable` is set",
            "data: Forbidden: field is immutable when `immutable` is set"),
        ChangeSample(.secrets, [("type", "Opaque")], "type: Invalid value: \"Opaque\": field is immutable"),
        ChangeSample(
            .ingressClasses, [("spec/controller", "a.b/c")],
            "spec.controller: Invalid value: \"a.b/c\": field is immutable"),
        ChangeSample(
            .serviceCIDRs, [("spec/cidrs", ["10.96.0.0/12"])],
            "spec.cidrs: Invalid value: [\"10.96.0.0/12\"]: field is immutable"),
        ChangeSample(
            .nodes, [("spec/podCIDR", "10.244.2.0/24")],
            "spec.podCIDRs: Forbidden: node updates may not change podCIDR except from \"\" to valid"),
    ]
}
