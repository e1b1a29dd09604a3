import KubernetesModel

extension FaultSample {
    static let policies = [
        FaultSample(
            .networkPolicies, [("spec/ingress/0/from/0/ipBlock/cidr", "10.0.0.0/8/8")],
            "spec.ingress[0].from[0].ipBlock.cidr: Invalid value: \"10.0.0.0/8/8\": must be a valid CIDR value, (e.g. "
                + "10.9.8.0/24 or 2001:db8::/64)"),
        FaultSample(
            .networkPolicies,
            [
                ("spec/ingress/0/from/0/ipBlock/cidr", "010.0.0.1/08"),
                ("spec/ingress/0/from/0/ipBlock/except", ["010.001.000.000/16"]),
            ]),
        FaultSample(
            .networkPolicies, [("spec/ingress/0/from/0/ipBlock/cidr", " 10.0.0.0/8")],
            "spec.ingress[0].from[0].ipBlock.cidr: Invalid value: \" 10.0.0.0/8\": must be a valid CIDR value, (e.g. "
                + "10.9.8.0/24 or 2001:db8::/64)"),
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

    static let ingresses = [
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
            .serviceCIDRs, [("spec/cidrs", ["10.096.0.0/12"])],
            "spec.cidrs[0]: Invalid value: \"10.096.0.0/12\": must not have leading 0s in IP or prefix length"),
        FaultSample(
            .serviceCIDRs, [("spec/cidrs", ["10.96.0.1/12"])],
            "spec.cidrs[0]: Invalid value: \"10.96.0.1/12\": must not have bits set beyond the prefix length"),
        FaultSample(
            .serviceCIDRs, [("spec/cidrs", ["10.96.0.0/12", "10.97.0.0/16"])],
            "spec.cidrs: Invalid value: [\"10.96.0.0/12\",\"10.97.0.0/16\"]: may specify no more than one IP for each IP "
                + "family, i.e 192.168.0.0/24 and 2001:db8::/96"),
    ]
}
