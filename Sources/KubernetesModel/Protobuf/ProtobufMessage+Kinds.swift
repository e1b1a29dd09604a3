// Field numbers: the generated.proto of meta/v1, core/v1, apps/v1 and networking/v1.

extension ProtobufMessage {
    /// The message of a kind, for those that `kubectl create` makes.
    static func of(_ type: ResourceType) -> ProtobufMessage? {
        switch type {
        case .namespaces: object(spec: ProtobufMessage([1: ("finalizers", .texts)]))
        case .services: object(spec: serviceSpec)
        case .deployments: object(spec: deploymentSpec)
        case .ingresses: object(spec: ingressSpec)
        case .configMaps:
            ProtobufMessage([
                1: ("metadata", .message(metadata)), 2: ("data", .map), 3: ("binaryData", .dataMap),
                4: ("immutable", .setFlag),
            ])
        case .secrets:
            ProtobufMessage([
                1: ("metadata", .message(metadata)), 2: ("data", .dataMap), 3: ("type", .text), 4: ("stringData", .map),
                5: ("immutable", .setFlag),
            ])
        case .serviceAccounts:
            ProtobufMessage([
                1: ("metadata", .message(metadata)), 4: ("automountServiceAccountToken", .setFlag),
            ])
        default: nil
        }
    }

    private static func object(spec: ProtobufMessage) -> ProtobufMessage {
        ProtobufMessage([1: ("metadata", .message(metadata)), 2: ("spec", .message(spec)), 3: ("status", .ignored)])
    }

    private static let metadata = ProtobufMessage([
        1: ("name", .text), 2: ("generateName", .text), 3: ("namespace", .text), 4: ("selfLink", .ignored),
        5: ("uid", .text), 6: ("resourceVersion", .text), 7: ("generation", .ignored),
        8: ("creationTimestamp", .ignored), 11: ("labels", .map), 12: ("annotations", .map), 14: ("finalizers", .texts),
    ])

    private static let serviceSpec = ProtobufMessage([
        1: ("ports", .messages(servicePort)), 2: ("selector", .map), 3: ("clusterIP", .text), 4: ("type", .text),
        5: ("externalIPs", .texts), 7: ("sessionAffinity", .text), 8: ("loadBalancerIP", .text),
        9: ("loadBalancerSourceRanges", .texts), 10: ("externalName", .text), 11: ("externalTrafficPolicy", .text),
        12: ("healthCheckNodePort", .number), 13: ("publishNotReadyAddresses", .flag), 17: ("ipFamilyPolicy", .text),
        18: ("clusterIPs", .texts), 19: ("ipFamilies", .texts), 20: ("allocateLoadBalancerNodePorts", .setFlag),
        21: ("loadBalancerClass", .text), 22: ("internalTrafficPolicy", .text), 23: ("trafficDistribution", .text),
    ])

    private static let servicePort = ProtobufMessage([
        1: ("name", .text), 2: ("protocol", .text), 3: ("port", .setNumber), 4: ("targetPort", .numberOrText),
        5: ("nodePort", .number), 6: ("appProtocol", .text),
    ])

    private static let deploymentSpec = ProtobufMessage([
        1: ("replicas", .setNumber), 2: ("selector", .message(labelSelector)), 3: ("template", .message(podTemplate)),
        4: ("strategy", .message(deploymentStrategy)), 5: ("minReadySeconds", .number),
        6: ("revisionHistoryLimit", .setNumber), 7: ("paused", .flag), 9: ("progressDeadlineSeconds", .setNumber),
    ])

    private static let deploymentStrategy = ProtobufMessage([
        1: ("type", .text),
        2: (
            "rollingUpdate",
            .message(ProtobufMessage([1: ("maxUnavailable", .numberOrText), 2: ("maxSurge", .numberOrText)]))
        ),
    ])

    private static let labelSelector = ProtobufMessage([
        1: ("matchLabels", .map),
        2: (
            "matchExpressions",
            .messages(ProtobufMessage([1: ("key", .text), 2: ("operator", .text), 3: ("values", .texts)]))
        ),
    ])

    private static let podTemplate = ProtobufMessage([
        1: ("metadata", .message(metadata)), 2: ("spec", .message(podSpec)),
    ])

    private static let podSpec = ProtobufMessage([
        2: ("containers", .messages(container)), 3: ("restartPolicy", .text),
        4: ("terminationGracePeriodSeconds", .setNumber), 6: ("dnsPolicy", .text), 7: ("nodeSelector", .map),
        8: ("serviceAccountName", .text), 9: ("serviceAccount", .text), 10: ("nodeName", .text),
        11: ("hostNetwork", .flag), 12: ("hostPID", .flag), 13: ("hostIPC", .flag), 16: ("hostname", .text),
        17: ("subdomain", .text), 19: ("schedulerName", .text), 20: ("initContainers", .messages(container)),
        24: ("priorityClassName", .text),
    ])

    private static let container = ProtobufMessage([
        1: ("name", .text), 2: ("image", .text), 3: ("command", .texts), 4: ("args", .texts), 5: ("workingDir", .text),
        6: (
            "ports",
            .messages(
                ProtobufMessage([
                    1: ("name", .text), 2: ("hostPort", .number), 3: ("containerPort", .setNumber),
                    4: ("protocol", .text), 5: ("hostIP", .text),
                ]))
        ),
        7: ("env", .messages(ProtobufMessage([1: ("name", .text), 2: ("value", .text)]))),
        8: ("resources", .message(ProtobufMessage([:]))), 13: ("terminationMessagePath", .text),
        14: ("imagePullPolicy", .text), 16: ("stdin", .flag), 17: ("stdinOnce", .flag), 18: ("tty", .flag),
        20: ("terminationMessagePolicy", .text),
    ])

    private static let ingressSpec = ProtobufMessage([
        1: ("defaultBackend", .message(ingressBackend)),
        2: ("tls", .messages(ProtobufMessage([1: ("hosts", .texts), 2: ("secretName", .text)]))),
        3: (
            "rules",
            .messages(ProtobufMessage([1: ("host", .text), 2: ("", .inlined(ingressRuleValue))]))
        ),
        4: ("ingressClassName", .text),
    ])

    private static let ingressRuleValue = ProtobufMessage([
        1: ("http", .message(ProtobufMessage([1: ("paths", .messages(ingressPath))])))
    ])

    private static let ingressPath = ProtobufMessage([
        1: ("path", .text), 2: ("backend", .message(ingressBackend)), 3: ("pathType", .text),
    ])

    private static let ingressBackend = ProtobufMessage([
        4: (
            "service",
            .message(
                ProtobufMessage([
                    1: ("name", .text),
                    2: ("port", .message(ProtobufMessage([1: ("name", .text), 2: ("number", .number)]))),
                ]))
        )
    ])
}
