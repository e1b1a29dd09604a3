import KubernetesModel

extension ServiceSpec {
    /// Makes clusterIP and clusterIPs agree where the client speaks of one of them only, and keeps what was allocated
    /// before where the client leaves it out: the manifest that made a Service can be sent again.
    ///
    /// - Parameter old: the Service as it is stored, or nil on creation.
    mutating func complete(from old: ServiceSpec?) {
        guard let old else {
            if !clusterIP.isEmpty, clusterIPs.isEmpty { clusterIPs = [clusterIP] }
            return
        }
        if needsClusterIP, old.needsClusterIP {
            if clusterIP.isEmpty { clusterIP = old.clusterIP }
            if clusterIPs.isEmpty, clusterIP == old.clusterIP { clusterIPs = old.clusterIPs }
        }
        if clusterIP != old.clusterIP, clusterIPs == old.clusterIPs {
            clusterIPs = clusterIP.isEmpty ? [] : [clusterIP]
        }
        if needsNodePorts, old.needsNodePorts { keepNodePorts(of: old) }
        if needsHealthCheckNodePort, old.needsHealthCheckNodePort, healthCheckNodePort == 0 {
            healthCheckNodePort = old.healthCheckNodePort
        }
        dropFields(of: old)
    }

    /// Gives entries without a node port the one that the entry of their name had.
    private mutating func keepNodePorts(of old: ServiceSpec) {
        let before = old.ports
        let named = Set(ports.map(\.nodePort))
        var given: [String: UInt16] = [:]
        for entry in before where entry.nodePort != 0 && !named.contains(entry.nodePort) {
            given[entry.name] = entry.nodePort
        }
        for (index, entry) in ports.enumerated() where entry.nodePort == 0 {
            if let port = given.removeValue(forKey: entry.name) { setNodePort(port, at: index) }
        }
    }

    /// Removes what does not go with a new type, unless the client has changed it with the type: validation speaks then.
    private mutating func dropFields(of old: ServiceSpec) {
        if old.needsClusterIP, !needsClusterIP {
            if clusterIP == old.clusterIP, clusterIPs == old.clusterIPs {
                clusterIP = ""
                clusterIPs = []
            }
            if ipFamilies == old.ipFamilies { ipFamilies = [] }
            if ipFamilyPolicy == old.ipFamilyPolicy { ipFamilyPolicy = nil }
        }
        let before = Set(old.ports.map(\.nodePort))
        if old.needsNodePorts, !needsNodePorts, ports.allSatisfy({ $0.nodePort == 0 || before.contains($0.nodePort) }) {
            for index in ports.indices { setNodePort(0, at: index) }
        }
        if old.needsHealthCheckNodePort, !needsHealthCheckNodePort, healthCheckNodePort == old.healthCheckNodePort {
            healthCheckNodePort = 0
        }
        func drop(_ field: String) {
            if object["spec", field] == old.object["spec", field] { object["spec", field] = nil }
        }
        if old.type == "LoadBalancer", type != "LoadBalancer" {
            drop("allocateLoadBalancerNodePorts")
            drop("loadBalancerClass")
        }
        let hasExternalIPs = type == "ClusterIP" && object["spec", "externalIPs"]?.array?.isEmpty == false
        if old.needsNodePorts, !needsNodePorts, !hasExternalIPs { drop("externalTrafficPolicy") }
        if type != "LoadBalancer", object["status", "loadBalancer"] != nil { object["status", "loadBalancer"] = [:] }
    }
}
