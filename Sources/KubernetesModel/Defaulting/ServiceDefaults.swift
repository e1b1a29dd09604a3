extension Defaults {
    @Sendable static func service(_ service: inout JSONValue) {
        service.changeOrMake("spec") { spec in
            spec.setDefault("type", "ClusterIP")
            sessionAffinity(&spec)
            spec.changeEach("ports") { port in
                port.setDefault("protocol", "TCP")
                if port.isUnset("targetPort") || port["targetPort"] == 0 { port["targetPort"] = port["port"] }
            }
            trafficPolicies(&spec)
        }
        let isLoadBalancer = service["spec"]?["type"] == "LoadBalancer"
        service.changeOrMake("status") { status in
            status.changeOrMake("loadBalancer") { balancer in
                guard isLoadBalancer else { return }
                balancer.changeEach("ingress") { ingress in
                    if !ingress.isUnset("ip") { ingress.setDefault("ipMode", "VIP") }
                }
            }
        }
    }

    private static func sessionAffinity(_ spec: inout JSONValue) {
        spec.setDefault("sessionAffinity", "None")
        switch spec["sessionAffinity"] {
        case "None": spec["sessionAffinityConfig"] = nil
        case "ClientIP":
            if spec[path: ["sessionAffinityConfig", "clientIP", "timeoutSeconds"]] == nil {
                spec[path: ["sessionAffinityConfig", "clientIP", "timeoutSeconds"]] = 10800
            }
        default: break
        }
    }

    /// Both policies are set only where they mean something: the one from outside for Services that can be reached from
    /// there, the one from inside for those with a ClusterIP.
    private static func trafficPolicies(_ spec: inout JSONValue) {
        let type = spec.text("type") ?? ""
        if ["NodePort", "LoadBalancer"].contains(type)
            || (type == "ClusterIP" && !spec.elements("externalIPs").isEmpty)
        {
            spec.setDefault("externalTrafficPolicy", "Cluster")
        }
        if ["ClusterIP", "NodePort", "LoadBalancer"].contains(type) {
            spec.setDefault("internalTrafficPolicy", "Cluster")
        }
        if type == "LoadBalancer" { spec.setDefault("allocateLoadBalancerNodePorts", true) }
    }
}
