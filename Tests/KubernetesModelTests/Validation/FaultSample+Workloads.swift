import KubernetesModel

extension FaultSample {
    static let workloads = [
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
            .pods,
            [
                ("spec/containers/0/lifecycle/preStop/sleep/seconds", 31),
                ("spec/containers/0/volumeMounts/0/subPath", "../a"),
                ("spec/containers/0/env/1/valueFrom", ["fieldRef": ["fieldPath": "metadata.labels['a b']"]]),
                ("spec/containers/0/env/0", ["name": "A", "valueFrom": ["resourceFieldRef": ["resource": "cpu"]]]),
                ("spec/ephemeralContainers", [["name": "e", "image": "a", "targetContainerName": "x"]]),
            ],
            "spec.containers[0].env[0].valueFrom.resourceFieldRef.resource: Unsupported value: \"cpu\": supported values: "
                + "\"limits.cpu\", \"limits.ephemeral-storage\", \"limits.memory\", \"requests.cpu\", "
                + "\"requests.ephemeral-storage\", \"requests.memory\"",
            "spec.containers[0].env[1].valueFrom.fieldRef: Invalid value: \"a b\": name part must consist of alphanumeric "
                + "characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  "
                + "or 'my.name',  or '123-abc', regex used for validation is "
                + "'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
            "spec.containers[0].volumeMounts.subPath: Invalid value: \"../a\": must not contain '..'",
            "spec.containers[0].lifecycle.preStop.sleep: Invalid value: 31: must be non-negative and less than "
                + "terminationGracePeriodSeconds (30)",
            "spec.ephemeralContainers[0].targetContainerName: Not found: \"x\""),
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
            "spec.containers[0].envFrom: Invalid value: \"\": must specify one of: `configMapRef` or `secretRef`"),
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

    static let others = [
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
