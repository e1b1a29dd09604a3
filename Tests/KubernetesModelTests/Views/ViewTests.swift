import Addressing
import KubernetesModel
import TestSupport
import Testing

@Suite("Views")
struct ViewTests {
    private func object(_ text: String) throws -> APIObject { APIObject(try JSONValue(parsing: text)) }

    @Test("a Service that says nothing has the API's defaults")
    func bareService() throws {
        let service = Service(try object(#"{"kind":"Service","spec":{"ports":[{"port":80}]}}"#))
        #expect(service.type == .clusterIP)
        #expect(service.selector == nil)
        #expect(service.affinityTimeoutSeconds == nil)
        #expect(service.externalTrafficPolicy == .cluster)
        #expect(service.allocatesLoadBalancerNodePorts)
        #expect(!service.isHeadless)
        let port = try #require(service.ports.first)
        #expect(port.targetPort == .integer(80))
        #expect(port.transport == .tcp)
        #expect(port.name.isEmpty)
    }

    @Test("a Service's fields are read as what they mean")
    func fullService() throws {
        let service = Service(
            try object(
                #"""
                {"metadata":{"name":"web","namespace":"shop"},"spec":{"type":"LoadBalancer",
                "clusterIPs":["10.96.0.1","fd00::1"],"ipFamilies":["IPv4","IPv6"],"selector":{"app":"web"},
                "sessionAffinity":"ClientIP","externalTrafficPolicy":"Local","healthCheckNodePort":30001,
                "loadBalancerSourceRanges":["10.0.0.0/8","nonsense"],"externalIPs":["192.0.2.1"],
                "allocateLoadBalancerNodePorts":false,"publishNotReadyAddresses":true,
                "ports":[{"name":"http","port":80,"targetPort":"web","protocol":"SCTP","nodePort":30080,
                "appProtocol":"h2c"}]},
                "status":{"loadBalancer":{"ingress":[{"ip":"192.0.2.9"},{"ip":"192.0.2.8","ipMode":"Proxy"}]}}}
                """#))
        #expect(service.clusterIPs.map(\.description) == ["10.96.0.1", "fd00::1"])
        #expect(service.ipFamilies == [.ipv4, .ipv6])
        #expect(service.affinityTimeoutSeconds == 10_800)
        #expect(service.externalTrafficPolicy == .local)
        #expect(service.healthCheckNodePort == 30001)
        #expect(service.loadBalancerSourceRanges.map(\.description) == ["10.0.0.0/8"])
        #expect(service.loadBalancerIngress.map(\.isVIP) == [true, false])
        #expect(service.publishesNotReadyAddresses && !service.allocatesLoadBalancerNodePorts)
        #expect(service.ports.first?.targetPort == .string("web"))
        #expect(service.ports.first?.transport == .sctp)
        #expect(service.ports.first?.nodePort == 30080)
    }

    @Test("clusterIP None is headless, and an empty selector is none")
    func headless() throws {
        let service = Service(try object(#"{"spec":{"clusterIP":"None","selector":{}}}"#))
        #expect(service.isHeadless && service.clusterIPs.isEmpty && service.selector == nil)
    }

    @Test("a pod's named port is found by name and protocol, in sidecars too, and nowhere else")
    func namedPorts() throws {
        let pod = Pod(
            try object(
                #"""
                {"spec":{"initContainers":[{"name":"i","ports":[{"name":"once","containerPort":1}]},
                {"name":"s","restartPolicy":"Always","ports":[{"name":"side","containerPort":2}]}],
                "containers":[{"name":"c","ports":[{"name":"dns","containerPort":53,"protocol":"UDP"},
                {"name":"dns","containerPort":54,"protocol":"TCP"},{"containerPort":70000}]}]}}
                """#))
        #expect(pod.number(of: .string("dns"), .udp) == 53)
        #expect(pod.number(of: .string("dns"), .tcp) == 54)
        #expect(pod.number(of: .string("side"), .tcp) == 2)
        #expect(pod.number(of: .string("once"), .tcp) == nil)
        #expect(pod.number(of: .string("dns"), .sctp) == nil)
        #expect(pod.number(of: .integer(8080), .tcp) == 8080)
    }

    @Test("a pod is available once it has been ready for minReadySeconds")
    func availability() throws {
        let pod = Pod(
            try object(
                #"{"status":{"conditions":[{"type":"Ready","status":"True","lastTransitionTime":"2026-01-01T00:00:00Z"}]}}"#
            ))
        let now = try #require(Timestamp(parsing: "2026-01-01T00:00:09Z"))
        #expect(pod.isAvailable(after: 9, at: now))
        #expect(!pod.isAvailable(after: 10, at: now))
    }

    @Test(
        "objects of any shape are read without harm",
        arguments: [
            "null", "[]", "{}", #"{"metadata":1,"spec":[],"status":"x"}"#,
            #"{"spec":{"ports":[1,{"port":"80"},{"port":-1}],"containers":{"a":1},"selector":[1],"clusterIPs":[7]}}"#,
            #"{"status":{"podIPs":[{"ip":"no"}],"conditions":[3]},"endpoints":[{"conditions":4,"hints":[]}],"ports":[null]}"#,
        ])
    func nonsense(text: String) throws {
        let object = try object(text)
        #expect(Service(object).ports.isEmpty)
        #expect(Pod(object).podIPs.isEmpty)
        #expect(EndpointSlice(object).serviceName == nil)
        #expect(Deployment(object).replicas == 1)
        #expect(ReplicaSet(object).replicas == 1)
        #expect(Node(object).zone == nil)
    }

    @Test("an endpoint survives being written and read")
    func endpointRoundTrip() throws {
        var endpoint = EndpointSlice.Endpoint(addresses: ["10.0.0.1"], ready: false, serving: true, terminating: true)
        endpoint.nodeName = "n1"
        endpoint.zone = "a"
        endpoint.hostname = "db-0"
        endpoint.zoneHints = ["a", "b"]
        let object = APIObject(.endpointSlices, name: "x", ["endpoints": [endpoint.value], "addressType": "IPv4"])
        #expect(EndpointSlice(object).endpoints == [endpoint])
        #expect(EndpointSlice(object).family == .ipv4)
    }

    @Test(
        "a surge rounds up, what may be missing rounds down, and not both are 0",
        arguments: [
            (3, "25%", "25%", 1, 0), (10, "25%", "25%", 3, 2), (1, "0%", "25%", 0, 1), (4, "100%", "50%", 4, 2),
            (0, "25%", "25%", 0, 1), (2, "0%", "100%", 0, 2),
        ])
    func allowance(replicas: Int, maxSurge: String, maxUnavailable: String, surge: Int, unavailable: Int) {
        let deployment = Deployment(
            APIObject(
                .deployments, name: "d",
                [
                    "spec": [
                        "replicas": .integer(Int64(replicas)),
                        "strategy": [
                            "rollingUpdate": [
                                "maxSurge": .string(maxSurge), "maxUnavailable": .string(maxUnavailable),
                            ]
                        ],
                    ]
                ]))
        #expect(deployment.allowance == (surge, unavailable))
    }
}
