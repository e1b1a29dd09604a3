import KubernetesModel
import Testing

@Suite("Validation")
struct ValidationTests {
    @Test("a good object of every kind has no faults", arguments: ResourceType.all.map(\.kind))
    func good(kind: String) throws {
        let type = try #require(ResourceType.all.first { $0.kind == kind })
        let object = try SampleObjects.object(type)
        #expect(type.faults(of: object).map(\.description) == [])
        #expect(type.faults(of: object, replacing: object).map(\.description) == [])
        let text = try #require(SampleObjects.texts.first { $0.type == type }).text
        #expect(try type.decode(JSONValue(parsing: text)).unknownFields == [])
    }

    @Test("a faulty object is refused in the API server's words", arguments: FaultSample.all)
    func faults(sample: FaultSample) throws {
        let object = try SampleObjects.object(sample.type, changes: sample.changes)
        let faults = sample.type.faults(of: object).map(\.description)
        #expect(faults == sample.faults, "\(faults.joined(separator: "\n"))")
    }

    @Test("a change of what may not change is refused", arguments: ChangeSample.all)
    func changes(sample: ChangeSample) throws {
        let old = try SampleObjects.object(sample.type, changes: sample.before)
        let new = try SampleObjects.object(sample.type, changes: sample.before + sample.changes)
        let faults = sample.type.faults(of: new, replacing: old).map(\.description)
        #expect(faults == sample.faults, "\(faults.joined(separator: "\n"))")
    }

    @Test("a name that is to be made longer may end in a hyphen")
    func generatedNames() {
        #expect(ResourceType.pods.nameFaults("web-", isPrefix: true) == [])
        #expect(ResourceType.pods.nameFaults("web-").count == 1)
        #expect(ResourceType.services.nameFaults("1a").count == 1)
        #expect(ResourceType.pods.nameFaults("1a.b") == [])
        #expect(ResourceType.namespaces.nameFaults("a.b").count == 1)
    }

    @Test("no more than 200 faults of an object are told")
    func bound() throws {
        let peers = JSONValue.array(Array(repeating: [:], count: 5000))
        let object = try SampleObjects.object(.networkPolicies, changes: [("spec/ingress/0/from", peers)])
        #expect(ResourceType.networkPolicies.faults(of: object).count == 200)
    }
}

/// A good object with changes that make it faulty, and the faults.
struct FaultSample: Sendable, CustomTestStringConvertible {
    let type: ResourceType
    let changes: [(path: String, value: JSONValue?)]
    let faults: [String]

    init(_ type: ResourceType, _ changes: [(path: String, value: JSONValue?)], _ faults: String...) {
        self.type = type
        self.changes = changes
        self.faults = faults
    }

    var testDescription: String {
        "\(type.kind) " + changes.map { "\($0.path)=\($0.value?.text ?? "nothing")" }.joined(separator: ", ")
    }

    static let all = metadata + services + endpoints + policies + ingresses + workloads + others

    private static let label =
        "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with "
        + "an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is "
        + "'[a-z0-9]([-a-z0-9]*[a-z0-9])?')"

    private static let subdomain =
        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and "
        + "end with an alphanumeric character (e.g. 'example.com', regex used for validation is "
        + "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"

    private static let metadata = [
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

    private static let services = [
        FaultSample(.services, [("spec/ports", [])], "spec.ports: Required value"),
        FaultSample(.services, [("spec", ["clusterIP": "None"])]),
        FaultSample(
            .services, [("spec/clusterIP", "None")],
            "spec.clusterIPs[0]: Invalid value: \"None\": may not be set to 'None' for NodePort services"),
        FaultSample(
            .services, [("spec/ports/0/port", 0), ("spec/ports/1/targetPort", 70000)],
            "spec.ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive",
            "spec.ports[1].targetPort: Invalid value: 70000: must be between 1 and 65535, inclusive"),
        FaultSample(
            .services, [("spec/ports/0/protocol", "ICMP"), ("spec/ports/1/name", nil)],
            "spec.ports[0].protocol: Unsupported value: \"ICMP\": supported values: \"SCTP\", \"TCP\", \"UDP\"",
            "spec.ports[1].name: Required value"),
        FaultSample(
            .services, [("spec/ports/1", ["name": "http", "port": 80])],
            "spec.ports[1].name: Duplicate value: \"http\"",
            "spec.ports[1]: Duplicate value: {\"port\":80,\"protocol\":\"TCP\"}"),
        FaultSample(
            .services, [("spec/ports/0/targetPort", "a--b_c")],
            "spec.ports[0].targetPort: Invalid value: \"a--b_c\": must contain only alpha-numeric characters (a-z, 0-9), "
                + "and hyphens (-)",
            "spec.ports[0].targetPort: Invalid value: \"a--b_c\": must not contain consecutive hyphens"),
        FaultSample(
            .services, [("spec/type", "ClusterIP"), ("spec/externalTrafficPolicy", "Local")],
            "spec.ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'",
            "spec.externalTrafficPolicy: Invalid value: \"Local\": may only be set for externally-accessible services"),
        FaultSample(
            .services, [("spec/type", "Cluster"), ("spec/sessionAffinity", "IP")],
            "spec.sessionAffinity: Unsupported value: \"IP\": supported values: \"ClientIP\", \"None\"",
            "spec.type: Unsupported value: \"Cluster\": supported values: \"ClusterIP\", \"ExternalName\", "
                + "\"LoadBalancer\", \"NodePort\""),
        FaultSample(
            .services,
            [
                ("spec/sessionAffinity", "ClientIP"),
                ("spec/sessionAffinityConfig", ["clientIP": ["timeoutSeconds": 86401]]),
            ],
            "spec.sessionAffinityConfig.clientIP.timeoutSeconds: Invalid value: 86401: must be greater than 0 and less "
                + "than 86400"),
        FaultSample(
            .services, [("spec", ["type": "ExternalName", "clusterIP": "10.96.0.1", "externalName": "a_b"])],
            "spec.clusterIPs: Forbidden: may not be set for ExternalName services",
            "spec.externalName: Invalid value: \"a_b\": \(subdomain)"),
        FaultSample(.services, [("spec", ["type": "ExternalName"])], "spec.externalName: Required value"),
        FaultSample(
            .services, [("spec/clusterIP", "10.96.0.01"), ("spec/externalIPs", ["127.0.0.1", "x"])],
            "spec.clusterIPs[0]: Invalid value: \"10.96.0.01\": must not have leading 0s",
            "spec.externalIPs[0]: Invalid value: \"127.0.0.1\": may not be in the loopback range (127.0.0.0/8, ::1/128)",
            "spec.externalIPs[1]: Invalid value: \"x\": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"),
        FaultSample(
            .services,
            [
                ("spec/clusterIP", "10.96.0.1"), ("spec/clusterIPs", ["10.96.0.1", "10.96.0.2"]),
                ("spec/ipFamilies", ["IPv6", "IPv4"]), ("spec/ipFamilyPolicy", "Dual"),
            ],
            "spec.ipFamilyPolicy: Unsupported value: \"Dual\": supported values: \"PreferDualStack\", "
                + "\"RequireDualStack\", \"SingleStack\"",
            "spec.clusterIPs: Invalid value: [\"10.96.0.1\",\"10.96.0.2\"]: may specify no more than one IP for each IP "
                + "family",
            "spec.clusterIPs[0]: Invalid value: \"10.96.0.1\": expected an IPv6 value as indicated by `ipFamilies[0]`"),
        FaultSample(
            .services,
            [
                ("spec/loadBalancerSourceRanges", ["10.0.0.0/33"]), ("spec/loadBalancerClass", "a/b"),
                ("spec/allocateLoadBalancerNodePorts", true),
            ],
            "spec.LoadBalancerSourceRanges: Forbidden: may only be used when `type` is 'LoadBalancer'",
            "spec.LoadBalancerSourceRanges[0]: Invalid value: \"10.0.0.0/33\": must be a valid CIDR value, (e.g. "
                + "10.9.8.0/24 or 2001:db8::/64)",
            "spec.allocateLoadBalancerNodePorts: Forbidden: may only be used when `type` is 'LoadBalancer'",
            "spec.loadBalancerClass: Forbidden: may only be used when `type` is 'LoadBalancer'"),
        FaultSample(
            .services, [("spec/healthCheckNodePort", 31000), ("spec/internalTrafficPolicy", "Zone")],
            "spec.healthCheckNodePort: Invalid value: 31000: may only be set when `type` is 'LoadBalancer' and "
                + "`externalTrafficPolicy` is 'Local'",
            "spec.internalTrafficPolicy: Unsupported value: \"Zone\": supported values: \"Cluster\", \"Local\""),
    ]

    private static let endpoints = [
        FaultSample(
            .endpoints, [("subsets/0/addresses", [])],
            "subsets[0]: Required value: must specify `addresses` or `notReadyAddresses`"),
        FaultSample(
            .endpoints, [("subsets/0/addresses/0/ip", "169.254.1.1"), ("subsets/0/ports/0/port", 65536)],
            "subsets[0].addresses[0].ip: Invalid value: \"169.254.1.1\": may not be in the link-local range "
                + "(169.254.0.0/16, fe80::/10)",
            "subsets[0].ports[0].port: Invalid value: 65536: must be between 1 and 65535, inclusive"),
        FaultSample(
            .endpointSlices, [("addressType", "IPv6")],
            "endpoints[0].addresses[0]: Invalid value: \"10.244.1.2\": must be a valid IPv6 address"),
        FaultSample(
            .endpointSlices, [("addressType", nil), ("endpoints/0/addresses", [])], "addressType: Required value",
            "endpoints[0].addresses: Required value: must contain at least 1 address"),
        FaultSample(
            .endpointSlices, [("ports/1", ["name": "http", "port": 81, "protocol": "X"])],
            "ports[1].name: Duplicate value: \"http\"",
            "ports[1].protocol: Unsupported value: \"X\": supported values: \"SCTP\", \"TCP\", \"UDP\""),
        FaultSample(
            .endpointSlices, [("endpoints", .array(Array(repeating: ["addresses": ["10.0.0.1"]], count: 1001)))],
            "endpoints: Too many: 1001: must have at most 1000 items"),
    ]

    private static let policies = [
        FaultSample(
            .networkPolicies, [("spec/ingress/0/from/0/ipBlock/cidr", "10.0.0.0/8/8")],
            "spec.ingress[0].from[0].ipBlock.cidr: Invalid value: \"10.0.0.0/8/8\": must be a valid CIDR value, (e.g. "
                + "10.9.8.0/24 or 2001:db8::/64)"),
        FaultSample(
            .networkPolicies, [("spec/ingress/0/from/0/ipBlock/cidr", "10.0.0.1/8")],
            "spec.ingress[0].from[0].ipBlock.cidr: Invalid value: \"10.0.0.1/8\": must not have bits set beyond the prefix "
                + "length"),
        FaultSample(
            .networkPolicies, [("spec/ingress/0/from/0/ipBlock/except", ["10.0.0.0/8", "11.0.0.0/16", "fd00::/64"])],
            "spec.ingress[0].from[0].ipBlock.except[0]: Invalid value: \"10.0.0.0/8\": must be a strict subset of `cidr`",
            "spec.ingress[0].from[0].ipBlock.except[1]: Invalid value: \"11.0.0.0/16\": must be a strict subset of `cidr`",
            "spec.ingress[0].from[0].ipBlock.except[2]: Invalid value: \"fd00::/64\": must be a strict subset of `cidr`"
        ),
        FaultSample(
            .networkPolicies, [("spec/ingress/0/from/0/podSelector", [:]), ("spec/egress/0/to/0", [:])],
            "spec.ingress[0].from[0]: Forbidden: may not specify both ipBlock and another peer",
            "spec.egress[0].to[0]: Required value: must specify a peer"),
        FaultSample(
            .networkPolicies,
            [
                ("spec/ingress/0/ports/0/endPort", 79), ("spec/ingress/0/ports/1/endPort", 81),
                ("spec/egress/0/ports/0", ["endPort": 5, "protocol": "ICMP"]),
            ],
            "spec.ingress[0].ports[0].endPort: Invalid value: 79: must be greater than or equal to `port`",
            "spec.ingress[0].ports[1].endPort: Invalid value: 81: may not be specified when `port` is non-numeric",
            "spec.egress[0].ports[0].protocol: Unsupported value: \"ICMP\": supported values: \"TCP\", \"UDP\", \"SCTP\"",
            "spec.egress[0].ports[0].endPort: Invalid value: 5: may not be specified when `port` is not specified"),
        FaultSample(
            .networkPolicies, [("spec/policyTypes", ["ingress"])],
            "spec.policyTypes[0]: Unsupported value: \"ingress\": supported values: \"Ingress\", \"Egress\""),
        FaultSample(
            .networkPolicies, [("spec/policyTypes", ["Ingress", "Egress", "Ingress"])],
            "spec.policyTypes: Invalid value: [\"Ingress\",\"Egress\",\"Ingress\"]: may not specify more than two "
                + "policyTypes"),
        FaultSample(
            .networkPolicies,
            [
                (
                    "spec/podSelector/matchExpressions",
                    [
                        ["key": "a", "operator": "In"], ["key": "a", "operator": "Exists", "values": ["b"]],
                        ["key": "a", "operator": "Is"],
                    ]
                )
            ],
            "spec.podSelector.matchExpressions[0].values: Required value: must be specified when `operator` is 'In' or "
                + "'NotIn'",
            "spec.podSelector.matchExpressions[1].values: Forbidden: may not be specified when `operator` is 'Exists' or "
                + "'DoesNotExist'",
            "spec.podSelector.matchExpressions[2].operator: Invalid value: \"Is\": not a valid selector operator"),
    ]

    private static let ingresses = [
        FaultSample(
            .ingresses, [("spec/rules", nil)],
            "spec: Invalid value: []: either `defaultBackend` or `rules` must be specified"),
        FaultSample(
            .ingresses, [("spec/rules/0/http/paths/0/pathType", nil)],
            "spec.rules[0].http.paths[0].pathType: Required value: pathType must be specified"),
        FaultSample(
            .ingresses, [("spec/rules/0/http/paths/0/path", "a//b/..")],
            "spec.rules[0].http.paths[0].path: Invalid value: \"a//b/..\": must be an absolute path",
            "spec.rules[0].http.paths[0].path: Invalid value: \"a//b/..\": must not contain '//'",
            "spec.rules[0].http.paths[0].path: Invalid value: \"a//b/..\": cannot end with '/..'"),
        FaultSample(
            .ingresses,
            [
                ("spec/rules/0/host", "10.0.0.1"), ("spec/rules/0/http/paths/0/backend", [:]),
                ("spec/defaultBackend", ["service": ["name": "web", "port": [:]]]),
            ],
            "spec.defaultBackend: Required value: port name or number is required",
            "spec.rules[0].host: Invalid value: \"10.0.0.1\": must be a DNS name, not an IP address",
            "spec.rules[0].http.paths[0].backend: Invalid value: \"\": resource or service backend is required"),
        FaultSample(
            .ingresses, [("spec/rules/0/host", "*.*.a")],
            "spec.rules[0].host: Invalid value: \"*.*.a\": a wildcard DNS-1123 subdomain must start with '*.', followed by "
                + "a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end "
                + "with an alphanumeric character (e.g. '*.example.com', regex used for validation is "
                + "'\\*\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"),
        FaultSample(
            .ingresses,
            [("spec/rules/0/http/paths/0/backend/service/port", ["name": "http", "number": 80])],
            "spec.rules[0].http.paths[0].backend: Invalid value: \"\": cannot set both port name & port number"),
        FaultSample(
            .ingressClasses, [("spec/controller", "lab")],
            "spec.controller: Invalid value: \"lab\": must be a domain-prefixed path (such as \"acme.io/foo\")"),
        FaultSample(
            .serviceCIDRs, [("spec/cidrs", ["10.96.0.0/12", "10.97.0.0/16"])],
            "spec.cidrs: Invalid value: [\"10.96.0.0/12\",\"10.97.0.0/16\"]: may specify no more than one IP for each IP "
                + "family, i.e 192.168.0.0/24 and 2001:db8::/96"),
    ]

    private static let workloads = [
        FaultSample(.pods, [("spec/containers", [])], "spec.containers: Required value"),
        FaultSample(
            .pods,
            [
                ("spec/hostname", "a.b"), ("spec/dnsConfig/searches", [".", "_tcp.a_b.c.", "A"]),
                ("spec/securityContext", ["runAsUser": -1, "sysctls": [["name": "net.ipv4..x"], ["name": "a/b.c"]]]),
                ("spec/containers/0/image", " a"),
            ],
            "spec.securityContext.runAsUser: Invalid value: -1: must be between 0 and 4294967295, inclusive",
            "spec.securityContext.sysctls[0].name: Invalid value: \"net.ipv4..x\": must have at most 253 characters and "
                + "match regex ^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$",
            "spec.dnsConfig.searches[2]: Invalid value: \"A\": a lowercase RFC 1123 subdomain must consist of lower case "
                + "alphanumeric characters, '_', '-' or '.', and must start and end with an alphanumeric character (e.g. "
                + "'example.com', regex used for validation is "
                + "'_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?(\\._?[a-z0-9]([-_a-z0-9]*[a-z0-9])?)*')",
            "spec.hostname: Invalid value: \"a.b\": must not contain dots",
            "spec.containers[0].image: Invalid value: \" a\": must not have leading or trailing whitespace"),
        FaultSample(
            .pods, [("spec/containers/0/name", "C"), ("spec/containers/0/image", nil)],
            "spec.containers[0].name: Invalid value: \"C\": \(label)", "spec.containers[0].image: Required value"),
        FaultSample(
            .pods,
            [("spec/containers/1", ["name": "c", "image": "a", "ports": [["containerPort": 1, "hostPort": 8080]]])],
            "spec.containers[1].name: Duplicate value: \"c\"",
            "spec.containers[1].ports[0].hostPort: Duplicate value: \"TCP//8080\""),
        FaultSample(
            .pods,
            [
                ("spec/containers/0/ports/0", ["name": "a-name-far-too-long", "containerPort": 0]),
                ("spec/containers/0/ports/1", ["containerPort": 65536, "protocol": "tcp"]),
            ],
            "spec.containers[0].ports[0].name: Invalid value: \"a-name-far-too-long\": must be no more than 15 characters",
            "spec.containers[0].ports[0].containerPort: Required value",
            "spec.containers[0].ports[1].containerPort: Invalid value: 65536: must be between 1 and 65535, inclusive",
            "spec.containers[0].ports[1].protocol: Unsupported value: \"tcp\": supported values: \"SCTP\", \"TCP\", "
                + "\"UDP\""),
        FaultSample(
            .pods, [("spec/hostNetwork", true)],
            "spec.containers[0].ports[0].hostPort: Invalid value: 8080: must match `containerPort` when `hostNetwork` is "
                + "true"),
        FaultSample(
            .pods,
            [
                ("spec/containers/0/env/0/name", "A=B"),
                ("spec/containers/0/env/1/valueFrom", ["fieldRef": ["fieldPath": "spec.x"]]),
                ("spec/containers/0/envFrom/0", [:]),
            ],
            "spec.containers[0].env[0].name: Invalid value: \"A=B\": a valid environment variable name must consist only of "
                + "printable ASCII characters other than '='",
            "spec.containers[0].env[1].valueFrom.fieldRef.fieldPath: Invalid value: \"spec.x\": error converting "
                + "fieldPath: field label not supported: spec.x",
            "spec.containers[0].envFrom[0]: Invalid value: \"\": must specify one of: `configMapRef` or `secretRef`"),
        FaultSample(
            .pods, [("spec/volumes/0/name", "w"), ("spec/volumes/1/hostPath", ["path": "/a/../b"])],
            "spec.volumes[1].hostPath: Forbidden: may not specify more than 1 volume type",
            "spec.volumes[1].hostPath.path: Invalid value: \"/a/../b\": must not contain '..'",
            "spec.containers[0].volumeMounts[0].name: Not found: \"v\""),
        FaultSample(
            .pods,
            [
                ("spec/containers/0/resources", ["requests": ["cpu": 2], "limits": ["cpu": "1", "disk": "1"]])
            ],
            "spec.containers[0].resources.limits[disk]: Invalid value: \"disk\": must be a standard resource type or fully "
                + "qualified",
            "spec.containers[0].resources.limits[disk]: Invalid value: \"disk\": must be a standard resource for containers",
            "spec.containers[0].resources.requests[disk]: Invalid value: \"disk\": must be a standard resource type or "
                + "fully qualified",
            "spec.containers[0].resources.requests[disk]: Invalid value: \"disk\": must be a standard resource for "
                + "containers",
            "spec.containers[0].resources.requests: Invalid value: \"2\": must be less than or equal to cpu limit of 1"),
        FaultSample(
            .pods,
            [
                ("spec/containers/0/readinessProbe", ["tcpSocket": ["port": 0], "exec": ["command": ["a"]]]),
                ("spec/containers/0/livenessProbe", ["successThreshold": 2, "periodSeconds": -1]),
            ],
            "spec.containers[0].livenessProbe: Required value: must specify a handler type",
            "spec.containers[0].livenessProbe.periodSeconds: Invalid value: -1: must be greater than or equal to 0",
            "spec.containers[0].livenessProbe.successThreshold: Invalid value: 2: must be 1",
            "spec.containers[0].readinessProbe.tcpSocket: Forbidden: may not specify more than 1 handler type"),
        FaultSample(
            .pods,
            [
                ("spec/restartPolicy", "Sometimes"), ("spec/dnsPolicy", "None"), ("spec/dnsConfig", nil),
                ("spec/activeDeadlineSeconds", 0), ("spec/tolerations/0", ["operator": "Equal"]),
            ],
            "spec.restartPolicy: Unsupported value: \"Sometimes\": supported values: \"Always\", \"OnFailure\", \"Never\"",
            "spec.dnsConfig: Required value: must provide `dnsConfig` when `dnsPolicy` is None",
            "spec.activeDeadlineSeconds: Invalid value: 0: must be between 1 and 2147483647, inclusive",
            "spec.tolerations[0].operator: Invalid value: \"Equal\": operator must be Exists when `key` is empty, which "
                + "means \"match all values and all keys\""),
        FaultSample(
            .deployments, [("spec/template/metadata/labels", ["app": "db"])],
            "spec.template.metadata.labels: Invalid value: {\"app\":\"db\"}: `selector` does not match template `labels`"
        ),
        FaultSample(
            .deployments, [("spec/selector", nil), ("spec/replicas", -1)],
            "spec.replicas: Invalid value: -1: must be greater than or equal to 0", "spec.selector: Required value"),
        FaultSample(
            .deployments, [("spec/selector", [:])],
            "spec.selector: Invalid value: {}: empty selector is invalid for deployment"),
        FaultSample(
            .deployments,
            [
                ("spec/template/spec/restartPolicy", "Never"),
                ("spec/strategy", ["rollingUpdate": ["maxSurge": 0, "maxUnavailable": "0%"]]),
                ("spec/progressDeadlineSeconds", 5), ("spec/minReadySeconds", 5),
            ],
            "spec.template.spec.restartPolicy: Unsupported value: \"Never\": supported values: \"Always\"",
            "spec.strategy.rollingUpdate.maxUnavailable: Invalid value: \"0%\": may not be 0 when `maxSurge` is 0",
            "spec.progressDeadlineSeconds: Invalid value: 5: must be greater than minReadySeconds"),
        FaultSample(
            .deployments, [("spec/strategy", ["type": "Recreate", "rollingUpdate": [:]])],
            "spec.strategy.rollingUpdate: Forbidden: may not be specified when strategy `type` is 'Recreate'"),
        FaultSample(
            .replicaSets, [("spec/template/spec/containers/0/restartPolicy", "Always")],
            "spec.template.spec.containers[0].restartPolicy: Forbidden: may not be set for non-init containers"),
    ]

    private static let others = [
        FaultSample(
            .configMaps, [("data", ["a b": "", "..": ""])],
            "data[..]: Invalid value: \"..\": must not be '..'",
            "data[a b]: Invalid value: \"a b\": a valid config key must consist of alphanumeric characters, '-', '_' or "
                + "'.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is "
                + "'[-._a-zA-Z0-9]+')"),
        FaultSample(
            .configMaps, [("data/a", .string(String(repeating: "a", count: 1 << 20)))],
            "[]: Too long: may not be more than 1048576 bytes"),
        FaultSample(.secrets, [("stringData", ["tls.crt": "a"])], "data[tls.key]: Required value"),
        FaultSample(
            .nodes,
            [
                ("spec/podCIDR", nil), ("spec/podCIDRs", ["10.0.0.0/24", "10.0.1.0/24"]),
                ("spec/taints/0/effect", "No"),
            ],
            "metadata.taints[0].effect: Unsupported value: \"No\": supported values: \"NoSchedule\", "
                + "\"PreferNoSchedule\", \"NoExecute\"",
            "spec.podCIDRs: Invalid value: [\"10.0.0.0/24\",\"10.0.1.0/24\"]: may specify no more than one CIDR for each "
                + "IP family"),
        FaultSample(
            .events, [("involvedObject/namespace", "other")],
            "involvedObject.namespace: Invalid value: \"other\": does not match event.namespace"),
        FaultSample(
            .leases, [("spec/leaseDurationSeconds", 0)],
            "spec.leaseDurationSeconds: Invalid value: 0: must be greater than 0"),
    ]
}
