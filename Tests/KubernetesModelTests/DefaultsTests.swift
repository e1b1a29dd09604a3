import KubernetesModel
import Testing

@Suite("Defaults")
struct DefaultsTests {
    @Test("what an object is silent about is filled in as the API server does it", arguments: DefaultsSample.all)
    func defaults(sample: DefaultsSample) throws {
        var object = APIObject(try JSONValue(parsing: sample.before))
        sample.type.applyDefaults(to: &object)
        let expected = try JSONValue(parsing: sample.after)
        #expect(object.value == expected, "\(object.value.text)")
        sample.type.applyDefaults(to: &object)
        #expect(object.value == expected)
    }
}

struct DefaultsSample: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let type: ResourceType
    let before: String
    let after: String

    init(_ description: String, _ type: ResourceType, _ before: String, _ after: String) {
        testDescription = description
        self.type = type
        self.before = before
        self.after = after
    }

    static let all = services + policies + others + workloads

    private static let services = [
        DefaultsSample(
            "a Service is a ClusterIP, its ports TCP, and targetPort is port", .services,
            #"{"spec":{"ports":[{"port":80},{"port":53,"protocol":"UDP","targetPort":"dns"},{"port":1,"targetPort":0}]}}"#,
            #"""
            {"spec":{"ports":[{"port":80,"protocol":"TCP","targetPort":80},
              {"port":53,"protocol":"UDP","targetPort":"dns"},{"port":1,"protocol":"TCP","targetPort":1}],
              "type":"ClusterIP","sessionAffinity":"None","internalTrafficPolicy":"Cluster"},
             "status":{"loadBalancer":{}}}
            """#),
        DefaultsSample(
            "session affinity lasts 10800 s, and without affinity its configuration goes", .services,
            #"{"spec":{"type":"NodePort","sessionAffinity":"ClientIP"}}"#,
            #"""
            {"spec":{"type":"NodePort","sessionAffinity":"ClientIP",
              "sessionAffinityConfig":{"clientIP":{"timeoutSeconds":10800}},
              "internalTrafficPolicy":"Cluster","externalTrafficPolicy":"Cluster"},"status":{"loadBalancer":{}}}
            """#),
        DefaultsSample(
            "an ExternalName has no traffic policies", .services,
            #"{"spec":{"type":"ExternalName","externalName":"a.b","sessionAffinityConfig":{}}}"#,
            #"""
            {"spec":{"type":"ExternalName","externalName":"a.b","sessionAffinity":"None"},
             "status":{"loadBalancer":{}}}
            """#),
        DefaultsSample(
            "a ClusterIP with external addresses can be reached from outside", .services,
            #"{"spec":{"externalIPs":["192.0.2.1"],"internalTrafficPolicy":"Local"}}"#,
            #"""
            {"spec":{"externalIPs":["192.0.2.1"],"internalTrafficPolicy":"Local","externalTrafficPolicy":"Cluster",
              "type":"ClusterIP","sessionAffinity":"None"},"status":{"loadBalancer":{}}}
            """#),
        DefaultsSample(
            "a load balancer's addresses are virtual", .services,
            #"""
            {"spec":{"type":"LoadBalancer","externalTrafficPolicy":"Local"},
             "status":{"loadBalancer":{"ingress":[{"ip":"192.0.2.9"},{"hostname":"a.example"}]}}}
            """#,
            #"""
            {"spec":{"type":"LoadBalancer","externalTrafficPolicy":"Local","internalTrafficPolicy":"Cluster",
              "sessionAffinity":"None","allocateLoadBalancerNodePorts":true},
             "status":{"loadBalancer":{"ingress":[{"ip":"192.0.2.9","ipMode":"VIP"},{"hostname":"a.example"}]}}}
            """#),
    ]

    private static let policies = [
        DefaultsSample(
            "a policy without types is about ingress", .networkPolicies, #"{"spec":{"podSelector":{},"egress":[]}}"#,
            #"{"spec":{"podSelector":{},"egress":[],"policyTypes":["Ingress"]}}"#),
        DefaultsSample(
            "a policy with egress rules and without types is about both; ports are TCP", .networkPolicies,
            #"{"spec":{"egress":[{"ports":[{"port":53},{"protocol":"UDP"}]}],"ingress":[{}]}}"#,
            #"""
            {"spec":{"podSelector":{},"policyTypes":["Ingress","Egress"],"ingress":[{}],
              "egress":[{"ports":[{"port":53,"protocol":"TCP"},{"protocol":"UDP"}]}]}}
            """#),
        DefaultsSample(
            "types that are given stay as they are", .networkPolicies,
            #"{"spec":{"podSelector":{},"policyTypes":["Egress"],"ingress":[{}]}}"#,
            #"{"spec":{"podSelector":{},"policyTypes":["Egress"],"ingress":[{}]}}"#),
    ]

    private static let others = [
        DefaultsSample(
            "ports of an EndpointSlice are TCP and have the empty name", .endpointSlices,
            #"{"ports":[{"port":80},{"name":"dns","port":53,"protocol":"UDP"}]}"#,
            #"{"ports":[{"port":80,"name":"","protocol":"TCP"},{"name":"dns","port":53,"protocol":"UDP"}]}"#),
        DefaultsSample(
            "ports of Endpoints are TCP", .endpoints, #"{"subsets":[{"ports":[{"port":80}]}]}"#,
            #"{"subsets":[{"ports":[{"port":80,"protocol":"TCP"}]}]}"#),
        DefaultsSample(
            "a namespace is labelled with its name", .namespaces,
            #"{"metadata":{"name":"a","labels":{"b":"c","kubernetes.io/metadata.name":"x"}}}"#,
            #"""
            {"metadata":{"name":"a","labels":{"b":"c","kubernetes.io/metadata.name":"a"}},
             "spec":{"finalizers":["kubernetes"]},"status":{"phase":"Active"}}
            """#),
        DefaultsSample(
            "texts of a Secret become bytes", .secrets,
            #"{"data":{"a":"eA==","b":"eA=="},"stringData":{"a":"hello","c":""}}"#,
            #"{"type":"Opaque","data":{"a":"aGVsbG8=","b":"eA==","c":""}}"#),
        DefaultsSample(
            "a path of an Ingress gets no type", .ingresses,
            #"{"spec":{"rules":[{"http":{"paths":[{"path":"/"}]}}]}}"#,
            #"{"spec":{"rules":[{"http":{"paths":[{"path":"/"}]}}]},"status":{"loadBalancer":{}}}"#),
        DefaultsSample(
            "a node's only block is also its list of blocks", .nodes,
            #"{"spec":{"podCIDR":"10.244.0.0/24"},"status":{"capacity":{"cpu":"1"}}}"#,
            #"""
            {"spec":{"podCIDR":"10.244.0.0/24","podCIDRs":["10.244.0.0/24"]},
             "status":{"capacity":{"cpu":"1"},"allocatable":{"cpu":"1"}}}
            """#),
    ]

    private static let workloads = [
        DefaultsSample(
            "a pod on the host's network has its ports on the host; probes, images and volumes have defaults", .pods,
            #"""
            {"spec":{"hostNetwork":true,"serviceAccountName":"s","volumes":[{"name":"v"},{"name":"c","configMap":{}}],
              "containers":[{"name":"c","image":"nginx","ports":[{"containerPort":80}],
              "resources":{"limits":{"cpu":"1"}},"readinessProbe":{"httpGet":{"port":80},"periodSeconds":2}}]},
             "status":{"podIPs":[{"ip":"10.0.0.1"},{"ip":"fd00::1"}]}}
            """#,
            #"""
            {"spec":{"hostNetwork":true,"serviceAccountName":"s","serviceAccount":"s","dnsPolicy":"ClusterFirst",
              "restartPolicy":"Always","securityContext":{},"terminationGracePeriodSeconds":30,
              "schedulerName":"default-scheduler","enableServiceLinks":true,
              "volumes":[{"name":"v","emptyDir":{}},{"name":"c","configMap":{"defaultMode":420}}],
              "containers":[{"name":"c","image":"nginx","imagePullPolicy":"Always",
              "ports":[{"containerPort":80,"hostPort":80,"protocol":"TCP"}],
              "resources":{"limits":{"cpu":"1"},"requests":{"cpu":"1"}},
              "terminationMessagePath":"/dev/termination-log","terminationMessagePolicy":"File",
              "readinessProbe":{"httpGet":{"port":80,"path":"/","scheme":"HTTP"},"periodSeconds":2,"timeoutSeconds":1,
              "successThreshold":1,"failureThreshold":3}}]},
             "status":{"phase":"Pending","qosClass":"Burstable","podIP":"10.0.0.1",
              "podIPs":[{"ip":"10.0.0.1"},{"ip":"fd00::1"}]}}
            """#),
        DefaultsSample(
            "a Deployment has one replica and rolls by a quarter; its template is no pod yet", .deployments,
            #"""
            {"spec":{"template":{"spec":{"hostNetwork":true,"containers":[
              {"name":"c","image":"reg:5000/a/b:1.2","ports":[{"containerPort":1}]}]}}}}
            """#,
            #"""
            {"spec":{"replicas":1,"revisionHistoryLimit":10,"progressDeadlineSeconds":600,
              "strategy":{"type":"RollingUpdate","rollingUpdate":{"maxUnavailable":"25%","maxSurge":"25%"}},
              "template":{"spec":{"hostNetwork":true,"dnsPolicy":"ClusterFirst","restartPolicy":"Always",
              "securityContext":{},"terminationGracePeriodSeconds":30,"schedulerName":"default-scheduler",
              "containers":[{"name":"c","image":"reg:5000/a/b:1.2","imagePullPolicy":"IfNotPresent","resources":{},
              "ports":[{"containerPort":1,"protocol":"TCP"}],"terminationMessagePath":"/dev/termination-log",
              "terminationMessagePolicy":"File"}]}}},"status":{}}
            """#),
        DefaultsSample(
            "no replicas stay no replicas, and Recreate has no parameters", .deployments,
            #"{"spec":{"replicas":0,"strategy":{"type":"Recreate"}}}"#,
            #"""
            {"spec":{"replicas":0,"strategy":{"type":"Recreate"},"revisionHistoryLimit":10,
              "progressDeadlineSeconds":600},"status":{}}
            """#),
    ]
}
