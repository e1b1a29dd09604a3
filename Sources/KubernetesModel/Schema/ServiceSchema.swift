extension ObjectSchema {
    /// core/v1 Service.
    static let service = kind("Service", ["spec": .object(.serviceSpec), "status": .object(.serviceStatus)])

    private static let serviceSpec = ObjectSchema(
        "ServiceSpec",
        [
            "ports": .objects(servicePort, keys: ["port", "protocol"], mergeKey: "port"), "selector": .stringMap,
            "clusterIP": .string, "clusterIPs": .strings, "type": .string, "externalIPs": .strings,
            "sessionAffinity": .string, "loadBalancerIP": .string, "loadBalancerSourceRanges": .strings,
            "externalName": .string, "externalTrafficPolicy": .string, "healthCheckNodePort": .int32,
            "publishNotReadyAddresses": .boolean, "sessionAffinityConfig": .object(sessionAffinityConfig),
            "ipFamilies": .strings, "ipFamilyPolicy": .string, "allocateLoadBalancerNodePorts": .boolean,
            "loadBalancerClass": .string, "internalTrafficPolicy": .string, "trafficDistribution": .string,
        ])

    private static let servicePort = ObjectSchema(
        "ServicePort",
        [
            "name": .string, "protocol": .string, "appProtocol": .string, "port": .int32,
            "targetPort": .integerOrString, "nodePort": .int32,
        ])

    private static let sessionAffinityConfig = ObjectSchema(
        "SessionAffinityConfig", ["clientIP": .object(ObjectSchema("ClientIPConfig", ["timeoutSeconds": .int32]))])

    private static let serviceStatus = ObjectSchema(
        "ServiceStatus",
        [
            "loadBalancer": .object(
                ObjectSchema("LoadBalancerStatus", ["ingress": .objects(loadBalancerIngress)])),
            "conditions": .objects(.condition, by: "type"),
        ])

    private static let loadBalancerIngress = ObjectSchema(
        "LoadBalancerIngress",
        ["ip": .string, "hostname": .string, "ipMode": .string, "ports": .objects(portStatus)])

    static let portStatus = ObjectSchema("PortStatus", ["port": .int32, "protocol": .string, "error": .string])
}
