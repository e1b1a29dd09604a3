import KubernetesModel

/// Good objects of every kind, as people write them.
enum SampleObjects {
    static let texts: [(type: ResourceType, text: String)] = [
        (
            .services,
            #"""
            {"metadata":{"name":"web","namespace":"default","labels":{"app":"web"}},
             "spec":{"type":"NodePort","selector":{"app":"web"},"ports":[
              {"name":"http","port":80,"targetPort":"http","nodePort":30080,"appProtocol":"kubernetes.io/h2c"},
              {"name":"dns","port":53,"protocol":"UDP"}]}}
            """#
        ),
        (
            .endpoints,
            #"""
            {"metadata":{"name":"web","namespace":"default"},"subsets":[{"addresses":[{"ip":"10.244.1.2",
             "nodeName":"node1","targetRef":{"kind":"Pod","name":"p"}}],"ports":[{"name":"http","port":80}]}]}
            """#
        ),
        (
            .endpointSlices,
            #"""
            {"metadata":{"name":"web-abc","namespace":"default"},"addressType":"IPv4","endpoints":[
             {"addresses":["10.244.1.2"],"conditions":{"ready":true},"nodeName":"node1"}],
             "ports":[{"name":"http","port":80}]}
            """#
        ),
        (
            .networkPolicies,
            #"""
            {"metadata":{"name":"allow","namespace":"default"},"spec":{"podSelector":{"matchLabels":{"app":"web"}},
             "ingress":[{"from":[{"ipBlock":{"cidr":"10.0.0.0/8","except":["10.1.0.0/16"]}},
              {"podSelector":{},"namespaceSelector":{"matchExpressions":[{"key":"a","operator":"In","values":["b"]}]}}],
              "ports":[{"port":80,"endPort":90},{"port":"http"}]}],
             "egress":[{"to":[{"podSelector":{}}],"ports":[{"protocol":"UDP","port":53}]}]}}
            """#
        ),
        (
            .ingresses,
            #"""
            {"metadata":{"name":"web","namespace":"default"},"spec":{"ingressClassName":"lab",
             "tls":[{"hosts":["a.example"],"secretName":"tls"}],"rules":[{"host":"a.example","http":{"paths":[
             {"path":"/","pathType":"Prefix","backend":{"service":{"name":"web","port":{"number":80}}}}]}}]}}
            """#
        ),
        (
            .ingressClasses, #"{"metadata":{"name":"lab"},"spec":{"controller":"example.com/lab"}}"#
        ),
        (.serviceCIDRs, #"{"metadata":{"name":"kubernetes"},"spec":{"cidrs":["10.96.0.0/12","fd00::/112"]}}"#),
        (.pods, #"{"metadata":{"name":"p","namespace":"default","labels":{"app":"web"}},"spec":"# + podSpec + "}"),
        (
            .deployments,
            #"""
            {"metadata":{"name":"web","namespace":"default"},"spec":{"replicas":3,"selector":{"matchLabels":
             {"app":"web"}},"template":{"metadata":{"creationTimestamp":null,"labels":{"app":"web"}},"spec":
            """# + podSpec + "}}}"
        ),
        (
            .replicaSets,
            #"""
            {"metadata":{"name":"web-1","namespace":"default"},"spec":{"selector":{"matchLabels":{"app":"web"}},
             "template":{"metadata":{"labels":{"app":"web"}},"spec":
            """# + podSpec + "}}}"
        ),
        (
            .configMaps,
            #"{"metadata":{"name":"c","namespace":"default"},"data":{"a.conf":"x"},"binaryData":{"b":"AAE="}}"#
        ),
        (
            .secrets,
            #"""
            {"metadata":{"name":"s","namespace":"default"},"type":"kubernetes.io/tls",
             "stringData":{"tls.crt":"a","tls.key":"b"}}
            """#
        ),
        (
            .nodes,
            #"""
            {"metadata":{"name":"node1"},"spec":{"podCIDR":"10.244.1.0/24","taints":[{"key":"a","effect":"NoSchedule"}]},
             "status":{"addresses":[{"type":"InternalIP","address":"192.168.0.2"}],"capacity":{"cpu":2,"memory":"4Gi"}}}
            """#
        ),
        (.namespaces, #"{"metadata":{"name":"shop"}}"#),
        (.serviceAccounts, #"{"metadata":{"name":"default","namespace":"default"}}"#),
        (
            .events,
            #"""
            {"metadata":{"name":"e.1","namespace":"default"},"involvedObject":{"kind":"Pod","namespace":"default",
             "name":"p"},"reason":"Started","message":"m","type":"Normal","firstTimestamp":"2026-01-02T03:04:05Z",
             "eventTime":null,"count":1}
            """#
        ),
        (
            .leases,
            #"""
            {"metadata":{"name":"l","namespace":"default"},"spec":{"holderIdentity":"a","leaseDurationSeconds":15,
             "renewTime":"2026-01-02T03:04:05.123456Z"}}
            """#
        ),
    ]

    private static let podSpec = #"""
        {"nodeSelector":{"a":"b"},"tolerations":[{"key":"a","operator":"Exists"}],
         "hostAliases":[{"ip":"10.0.0.1","hostnames":["a.b"]}],"dnsConfig":{"nameservers":["10.0.0.2"]},
         "topologySpreadConstraints":[{"maxSkew":1,"topologyKey":"a","whenUnsatisfiable":"DoNotSchedule"}],
         "affinity":{"podAntiAffinity":{"preferredDuringSchedulingIgnoredDuringExecution":[{"weight":1,
          "podAffinityTerm":{"topologyKey":"kubernetes.io/hostname"}}]}},
         "volumes":[{"name":"v"},{"name":"c","configMap":{"name":"c","items":[{"key":"a","path":"a"}]}}],
         "initContainers":[{"name":"i","image":"busybox:1"}],
         "containers":[{"name":"c","image":"nginx:1.27","command":["a"],"args":["b"],
          "ports":[{"name":"http","containerPort":80,"hostPort":8080}],
          "env":[{"name":"A","value":"b"},{"name":"B","valueFrom":{"fieldRef":{"fieldPath":"status.podIP"}}}],
          "envFrom":[{"configMapRef":{"name":"c"}}],"volumeMounts":[{"name":"v","mountPath":"/v"}],
          "resources":{"requests":{"cpu":"100m"},"limits":{"cpu":1}},
          "readinessProbe":{"httpGet":{"port":"http","httpHeaders":[{"name":"X-A","value":"b"}]}},
          "livenessProbe":{"exec":{"command":["true"]}},"lifecycle":{"preStop":{"sleep":{"seconds":1}}}}]}
        """#

    /// A good object as the API server stores it: decoded, with its defaults.
    static func object(_ type: ResourceType, changes: [(path: String, value: JSONValue?)] = []) throws -> APIObject {
        guard let text = texts.first(where: { $0.type == type })?.text else { throw NoSample(type: type) }
        var value = try JSONValue(parsing: text)
        for change in changes {
            value.set(change.path.split(separator: "/")[...], change.value)
        }
        var object = try type.decode(value).object
        type.applyDefaults(to: &object)
        return object
    }

    struct NoSample: Error {
        let type: ResourceType
    }
}

extension JSONValue {
    /// Sets or removes what is at a path such as `spec/ports/0/port`.
    mutating func set(_ path: ArraySlice<Substring>, _ value: JSONValue?) {
        guard let first = path.first else { return self = value ?? .null }
        let rest = path.dropFirst()
        if var elements = array, let index = Int(first), index <= elements.count {
            if index == elements.count { elements.append([:]) }
            if rest.isEmpty, value == nil {
                elements.remove(at: index)
            } else {
                elements[index].set(rest, value)
            }
            self = .array(elements)
        } else if rest.isEmpty {
            self[String(first)] = value
        } else {
            var child = self[String(first)] ?? [:]
            child.set(rest, value)
            self[String(first)] = child
        }
    }
}
