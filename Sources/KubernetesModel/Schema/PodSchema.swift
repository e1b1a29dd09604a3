extension ObjectSchema {
    /// core/v1 Pod.
    static let pod = kind("Pod", ["spec": .object(.podSpec), "status": .object(.podStatus)])

    static let podSpec = ObjectSchema(
        "PodSpec",
        [
            "volumes": .objects(.volume, by: "name"), "initContainers": .objects(.container, by: "name"),
            "containers": .objects(.container, by: "name"),
            "ephemeralContainers": .objects(.ephemeralContainer, by: "name"), "restartPolicy": .string,
            "terminationGracePeriodSeconds": .int64, "activeDeadlineSeconds": .int64, "dnsPolicy": .string,
            "nodeSelector": .stringMap, "serviceAccountName": .string, "serviceAccount": .string,
            "automountServiceAccountToken": .boolean, "nodeName": .string, "hostNetwork": .boolean,
            "hostPID": .boolean, "hostIPC": .boolean, "shareProcessNamespace": .boolean,
            "securityContext": .object(.podSecurityContext),
            "imagePullSecrets": .objects(.localObjectReference, by: "name"), "hostname": .string,
            "subdomain": .string, "affinity": .object(.affinity), "schedulerName": .string,
            "tolerations": .objects(.toleration),
            "hostAliases": .objects(
                ObjectSchema("HostAlias", ["ip": .string, "hostnames": .strings]), by: "ip"),
            "priorityClassName": .string, "priority": .int32, "dnsConfig": .object(podDNSConfig),
            "readinessGates": .objects(ObjectSchema("PodReadinessGate", ["conditionType": .string])),
            "runtimeClassName": .string, "enableServiceLinks": .boolean, "preemptionPolicy": .string,
            "overhead": .resourceList,
            "topologySpreadConstraints": .objects(
                .topologySpreadConstraint, keys: ["topologyKey", "whenUnsatisfiable"], mergeKey: "topologyKey"),
            "setHostnameAsFQDN": .boolean, "os": .object(ObjectSchema("PodOS", ["name": .string])),
            "hostUsers": .boolean,
            "schedulingGates": .objects(ObjectSchema("PodSchedulingGate", ["name": .string]), by: "name"),
            "resourceClaims": .objects(podResourceClaim, by: "name"),
            "resources": .object(.resourceRequirements), "hostnameOverride": .string,
        ])

    private static let podDNSConfig = ObjectSchema(
        "PodDNSConfig",
        [
            "nameservers": .strings, "searches": .strings,
            "options": .objects(ObjectSchema("PodDNSConfigOption", ["name": .string, "value": .string])),
        ])

    private static let podResourceClaim = ObjectSchema(
        "PodResourceClaim",
        ["name": .string, "resourceClaimName": .string, "resourceClaimTemplateName": .string])

    private static let podStatus = ObjectSchema(
        "PodStatus",
        [
            "observedGeneration": .int64, "phase": .string, "conditions": .objects(podCondition, by: "type"),
            "message": .string, "reason": .string, "nominatedNodeName": .string, "hostIP": .string,
            "hostIPs": .list(.object(ObjectSchema("HostIP", ["ip": .string])), .atomic), "podIP": .string,
            "podIPs": .objects(ObjectSchema("PodIP", ["ip": .string]), by: "ip"), "startTime": .time,
            "initContainerStatuses": .objects(.containerStatus), "containerStatuses": .objects(.containerStatus),
            "qosClass": .string, "ephemeralContainerStatuses": .objects(.containerStatus), "resize": .string,
            "resourceClaimStatuses": .any,
        ])

    private static let podCondition = ObjectSchema(
        "PodCondition",
        [
            "type": .string, "observedGeneration": .int64, "status": .string, "lastProbeTime": .time,
            "lastTransitionTime": .time, "reason": .string, "message": .string,
        ])
}
