extension Faults {
    private static let protocols = ["SCTP", "TCP", "UDP"]

    mutating func service(_ service: JSONValue) {
        let spec = service["spec"] ?? [:]
        let ports = spec.elements("ports")
        let type = spec.text("type")
        let isHeadless = Self.clusterIPs(spec).first == "None"
        if ports.isEmpty, !isHeadless, type != "ExternalName" { required("spec.ports") }
        serviceType(spec, type, isHeadless: isHeadless)
        servicePorts(ports)
        labels("spec.selector", spec["selector"])
        sessionAffinity(spec)
        if type != "ExternalName" { clusterIPs(spec, isHeadless: isHeadless) }
        for (index, text) in spec.elements("externalIPs").enumerated() {
            let path = "spec.externalIPs[\(index)]"
            if let text = text.string, address(path, text) != nil { endpointAddress(path, text) }
        }
        requiredAndSupported("spec.type", type, ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"])
        duplicatePorts(ports, isClusterIP: type == "ClusterIP")
        sourceRanges(service, spec, isLoadBalancer: type == "LoadBalancer")
        loadBalancerFields(spec, isLoadBalancer: type == "LoadBalancer")
        trafficPolicies(spec, type)
        loadBalancerStatus(service)
    }

    /// The ClusterIPs; the old field alone stands for a list of one.
    private static func clusterIPs(_ spec: JSONValue) -> [String] {
        let all = spec.elements("clusterIPs").compactMap(\.string)
        return all.isEmpty ? spec.text("clusterIP").map { [$0] } ?? [] : all
    }

    private mutating func serviceType(_ spec: JSONValue, _ type: String?, isHeadless: Bool) {
        switch type {
        case "LoadBalancer", "NodePort":
            if isHeadless {
                invalid("spec.clusterIPs[0]", "None", ["may not be set to 'None' for \(type ?? "") services"])
            }
        case "ExternalName":
            if !Self.clusterIPs(spec).isEmpty {
                forbidden("spec.clusterIPs", "may not be set for ExternalName services")
            }
            if !spec.elements("ipFamilies").isEmpty {
                forbidden("spec.ipFamilies", "may not be set for ExternalName services")
            }
            if !spec.isUnset("ipFamilyPolicy") {
                forbidden("spec.ipFamilyPolicy", "may not be set for ExternalName services")
            }
            let name = spec.text("externalName") ?? ""
            let canonical = name.hasSuffix(".") ? String(name.dropLast()) : name
            if canonical.isEmpty {
                required("spec.externalName")
            } else {
                invalid("spec.externalName", canonical, Naming.subdomainFaults(canonical))
            }
        default: break
        }
    }

    private mutating func servicePorts(_ ports: [JSONValue]) {
        var names: Set<String> = []
        for (index, port) in ports.enumerated() {
            let path = "spec.ports[\(index)]"
            if let name = port.text("name") {
                invalid("\(path).name", name, Naming.labelFaults(name))
                if !names.insert(name).inserted { duplicate("\(path).name", .string(name)) }
            } else if ports.count > 1 {
                required("\(path).name")
            }
            self.port("\(path).port", port["port"]?.integer ?? 0)
            requiredAndSupported("\(path).protocol", port.text("protocol"), Self.protocols)
            portNumberOrName("\(path).targetPort", port["targetPort"])
            if let application = port["appProtocol"]?.string {
                invalid("\(path).appProtocol", application, Naming.qualifiedNameFaults(application))
            }
        }
    }

    private mutating func duplicatePorts(_ ports: [JSONValue], isClusterIP: Bool) {
        var nodePorts: Set<[JSONValue]> = []
        var numbers: Set<[JSONValue]> = []
        for (index, port) in ports.enumerated() {
            let path = "spec.ports[\(index)]"
            let transport = port["protocol"] ?? ""
            if let number = port["nodePort"], number != 0 {
                if isClusterIP { forbidden("\(path).nodePort", "may not be used when `type` is 'ClusterIP'") }
                if !nodePorts.insert([transport, number]).inserted { duplicate("\(path).nodePort", number) }
            }
            let number = port["port"] ?? 0
            if !numbers.insert([transport, number]).inserted {
                duplicate(path, ["port": number, "protocol": transport])
            }
        }
    }

    private mutating func sessionAffinity(_ spec: JSONValue) {
        let affinity = spec.text("sessionAffinity")
        requiredAndSupported("spec.sessionAffinity", affinity, ["ClientIP", "None"])
        let path = "spec.sessionAffinityConfig"
        let configuration = spec["sessionAffinityConfig"]
        if affinity == "None", configuration != nil {
            forbidden(path, "must not be set when session affinity is None")
        }
        guard affinity == "ClientIP" else { return }
        let why = "when session affinity type is ClientIP"
        guard let configuration else { return required(path, why) }
        guard let client = configuration["clientIP"] else { return required("\(path).clientIP", why) }
        guard let seconds = client["timeoutSeconds"]?.integer else {
            return required("\(path).clientIP.timeoutSeconds", why)
        }
        if !(1...86400).contains(seconds) {
            invalid(
                "\(path).clientIP.timeoutSeconds", .integer(seconds), "must be greater than 0 and less than 86400")
        }
    }

    /// Who may come in by the load balancer; the annotation is the older form.
    private mutating func sourceRanges(_ service: JSONValue, _ spec: JSONValue, isLoadBalancer: Bool) {
        let only = "may only be used when `type` is 'LoadBalancer'"
        let ranges = spec.elements("loadBalancerSourceRanges").compactMap(\.string)
        if !ranges.isEmpty {
            if !isLoadBalancer { forbidden("spec.LoadBalancerSourceRanges", only) }
            for (index, range) in ranges.enumerated() {
                block("spec.LoadBalancerSourceRanges[\(index)]", Words.trimmed(range))
            }
            return
        }
        let name = "service.beta.kubernetes.io/load-balancer-source-ranges"
        guard let annotation = service[path: ["metadata", "annotations", name]]?.string else { return }
        let path = "metadata.annotations[\(name)]"
        if !isLoadBalancer { forbidden(path, only) }
        if Words.trimmed(annotation).isEmpty { return }
        for range in annotation.split(separator: ",", omittingEmptySubsequences: false) {
            block(path, Words.trimmed(String(range)))
        }
    }

    private mutating func loadBalancerFields(_ spec: JSONValue, isLoadBalancer: Bool) {
        let only = "may only be used when `type` is 'LoadBalancer'"
        if spec["allocateLoadBalancerNodePorts"] != nil, !isLoadBalancer {
            forbidden("spec.allocateLoadBalancerNodePorts", only)
        } else if spec["allocateLoadBalancerNodePorts"] == nil, isLoadBalancer {
            required("allocateLoadBalancerNodePorts")
        }
        guard let name = spec["loadBalancerClass"]?.string else { return }
        if isLoadBalancer {
            invalid("spec.loadBalancerClass", name, Naming.qualifiedNameFaults(name))
        } else {
            forbidden("spec.loadBalancerClass", only)
        }
    }

    private mutating func trafficPolicies(_ spec: JSONValue, _ type: String?) {
        let isAccessible =
            type == "NodePort" || type == "LoadBalancer"
            || (type == "ClusterIP" && !spec.elements("externalIPs").isEmpty)
        let external = spec.text("externalTrafficPolicy")
        if isAccessible {
            requiredAndSupported("spec.externalTrafficPolicy", external, ["Cluster", "Local"])
        } else if let external {
            invalid(
                "spec.externalTrafficPolicy", external, ["may only be set for externally-accessible services"])
        }
        if let number = spec["healthCheckNodePort"]?.integer, number != 0 {
            if type == "LoadBalancer", external == "Local" {
                port("spec.healthCheckNodePort", number)
            } else {
                invalid(
                    "spec.healthCheckNodePort", .integer(number),
                    "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'")
            }
        }
        if let policy = spec["internalTrafficPolicy"]?.string {
            supported("spec.internalTrafficPolicy", policy, ["Cluster", "Local"])
        } else if ["ClusterIP", "NodePort", "LoadBalancer"].contains(type) {
            required("spec.internalTrafficPolicy")
        }
        if let distribution = spec["trafficDistribution"]?.string {
            supported(
                "spec.trafficDistribution", distribution, ["PreferClose", "PreferSameNode", "PreferSameZone"])
        }
    }

    private mutating func loadBalancerStatus(_ service: JSONValue) {
        let ingress = service[path: ["status", "loadBalancer"]]?.elements("ingress") ?? []
        for (index, entry) in ingress.enumerated() {
            let path = "status.loadBalancer.ingress[\(index)]"
            loadBalancerIngress(path, entry)
            guard let mode = entry["ipMode"]?.string else { continue }
            if entry.isUnset("ip") {
                forbidden("\(path).ipMode", "may not be specified when `ip` is not set")
            }
            supported("\(path).ipMode", mode, ["Proxy", "VIP"])
        }
    }

    /// Where a load balancer can be reached.
    mutating func loadBalancerIngress(_ path: String, _ entry: JSONValue) {
        if let text = entry.text("ip") { address("\(path).ip", text) }
        if let name = entry.text("hostname") {
            invalid("\(path).hostname", name, Naming.subdomainFaults(name))
            if Self.isAddress(name) {
                invalid("\(path).hostname", name, ["must be a DNS name, not an IP address"])
            }
        }
    }
}
