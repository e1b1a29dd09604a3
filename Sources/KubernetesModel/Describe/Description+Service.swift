extension Description {
    mutating func describeService() {
        let spec = object["spec"] ?? [:]
        nameAndNamespace()
        labelsAndAnnotations()
        line("Selector", Labels.text(spec["selector"]))
        line("Type", spec.text(at: "type"))
        lineIfAny("IP Family Policy", spec.text(at: "ipFamilyPolicy"))
        line("IP Families", Self.joined(spec, "ipFamilies").or(Labels.none))
        line("IP", spec.text(at: "clusterIP"))
        line("IPs", Self.joined(spec, "clusterIPs").or(Labels.none))
        lineIfAny("External IPs", Self.joined(spec, "externalIPs"))
        lineIfAny("Desired LoadBalancer IP", spec.text(at: "loadBalancerIP"))
        lineIfAny("External Name", spec.text(at: "externalName"))
        let ingress = object.elements(at: "status", "loadBalancer", "ingress").map { ingress in
            let mode = ingress.text(at: "ipMode")
            return ingress.text(at: "ip").or(ingress.text(at: "hostname")) + (mode.isEmpty ? "" : " (\(mode))")
        }
        lineIfAny("LoadBalancer Ingress", ingress.joined(separator: ", "))
        for port in spec.elements(at: "ports") { self.port(port) }
        line("Session Affinity", spec.text(at: "sessionAffinity"))
        lineIfAny("External Traffic Policy", spec.text(at: "externalTrafficPolicy"))
        lineIfAny("Internal Traffic Policy", spec.text(at: "internalTrafficPolicy"))
        lineIfAny("Traffic Distribution", spec.text(at: "trafficDistribution"))
        if spec.number(at: "healthCheckNodePort") > 0 {
            line("HealthCheck NodePort", String(spec.number(at: "healthCheckNodePort")))
        }
        lineIfAny("LoadBalancer Source Ranges", Self.joined(spec, "loadBalancerSourceRanges"))
        eventTable()
    }

    private static func joined(_ spec: JSONValue, _ field: String) -> String {
        spec.elements(at: field).compactMap(\.string).joined(separator: ",")
    }

    private mutating func port(_ port: JSONValue) {
        let name = port.text(at: "name").or("<unset>")
        let transport = port.text(at: "protocol").or("TCP")
        line("Port", "\(name)\t\(port.number(at: "port"))/\(transport)")
        line("TargetPort", "\(port["targetPort"]?.plainText ?? "0")/\(transport)")
        if port.number(at: "nodePort") != 0 { line("NodePort", "\(name)\t\(port.number(at: "nodePort"))/\(transport)") }
        line("Endpoints", endpointsText(related(.endpointSlices), portName: port.text(at: "name")))
    }

    /// The addresses that take connections to a port, three of them.
    func endpointsText(_ slices: [APIObject], portName: String) -> String {
        var addresses: [String] = []
        for slice in slices {
            let ready = slice.elements(at: "endpoints").filter { $0[path: ["conditions", "ready"]]?.bool ?? true }
            let hosts = ready.compactMap { $0.elements(at: "addresses").first?.string }
            for port in slice.elements(at: "ports") where port.text(at: "name") == portName {
                addresses += hosts.map { EndpointsSummary.joined($0, port.number(at: "port")) }
            }
        }
        return EndpointsSummary.shortened(addresses)
    }
}
