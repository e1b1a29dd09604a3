import KubernetesModel

extension FaultSample {
    static let services = [
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
            .services, [("spec/clusterIP", "10.96.0.256"), ("spec/externalIPs", ["0127.0.0.01", "x"])],
            "spec.clusterIPs[0]: Invalid value: \"10.96.0.256\": must be a valid IP address, (e.g. 10.9.8.7 or "
                + "2001:db8::ffff)",
            "spec.externalIPs[0]: Invalid value: \"0127.0.0.01\": may not be in the loopback range (127.0.0.0/8, ::1/128)",
            "spec.externalIPs[1]: Invalid value: \"x\": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"),
        FaultSample(
            .services,
            [
                ("spec/clusterIP", "010.096.000.005"), ("spec/externalIPs", ["203.000.113.008"]),
                ("spec/type", "LoadBalancer"), ("spec/allocateLoadBalancerNodePorts", true),
                ("spec/loadBalancerSourceRanges", ["010.0.0.1/08"]),
                ("status", ["loadBalancer": ["ingress": [["ip": "198.051.100.007", "ipMode": "VIP"]]]]),
            ]),
        FaultSample(
            .services, [("spec/externalIPs", ["::ffff:203.0.113.8"])],
            "spec.externalIPs[0]: Invalid value: \"::ffff:203.0.113.8\": must not be an IPv4-mapped IPv6 address"),
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

    static let endpoints = [
        FaultSample(
            .endpoints, [("subsets/0/addresses", [])],
            "subsets[0]: Required value: must specify `addresses` or `notReadyAddresses`"),
        FaultSample(
            .endpoints, [("subsets/0/addresses/0/ip", "169.254.1.1"), ("subsets/0/ports/0/port", 65536)],
            "subsets[0].addresses[0].ip: Invalid value: \"169.254.1.1\": may not be in the link-local range "
                + "(169.254.0.0/16, fe80::/10)",
            "subsets[0].ports[0].port: Invalid value: 65536: must be between 1 and 65535, inclusive"),
        FaultSample(.endpoints, [("subsets/0/addresses/0/ip", "010.244.001.002")]),
        FaultSample(.endpointSlices, [("endpoints/0/addresses", ["010.244.001.002"])]),
        FaultSample(
            .endpointSlices, [("endpoints/0/addresses", ["0127.0.0.1"])],
            "endpoints[0].addresses[0]: Invalid value: \"0127.0.0.1\": may not be in the loopback range (127.0.0.0/8, "
                + "::1/128)"),
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
}
