extension Faults {
    mutating func ingress(_ ingress: JSONValue) {
        let spec = ingress["spec"] ?? [:]
        let rules = spec.elements("rules")
        if rules.isEmpty, spec["defaultBackend"] == nil {
            invalid("spec", .array(rules), "either `defaultBackend` or `rules` must be specified")
        }
        if let backend = spec["defaultBackend"] { ingressBackend("spec.defaultBackend", backend) }
        for (index, rule) in rules.enumerated() { ingressRule("spec.rules[\(index)]", rule) }
        for (index, tls) in spec.elements("tls").enumerated() {
            for (place, host) in tls.elements("hosts").enumerated() {
                if let host = host.string { ingressHost("spec.tls[\(index)].hosts[\(place)]", host) }
            }
            if let name = tls.text("secretName") {
                invalid("spec.tls[\(index)].secretName", name, Naming.subdomainFaults(name))
            }
        }
        if let name = spec["ingressClassName"]?.string {
            invalid("spec.ingressClassName", name, Naming.subdomainFaults(name))
            let annotation = ingress[path: ["metadata", "annotations", "kubernetes.io/ingress.class"]]?.string
            if let annotation, annotation != name {
                invalid(
                    "annotations.kubernetes.io/ingress.class", annotation,
                    ["must match `ingressClassName` when both are specified"])
            }
        }
        let status = ingress[path: ["status", "loadBalancer"]]?.elements("ingress") ?? []
        for (index, entry) in status.enumerated() {
            loadBalancerIngress("status.loadBalancer.ingress[\(index)]", entry)
        }
    }

    private mutating func ingressHost(_ path: String, _ host: String) {
        invalid(
            path, host, host.contains("*") ? Naming.wildcardFaults(host) : Naming.subdomainFaults(host))
    }

    private mutating func ingressRule(_ path: String, _ rule: JSONValue) {
        if let host = rule.text("host") {
            if Self.isAddress(host) {
                invalid("\(path).host", host, ["must be a DNS name, not an IP address"])
            }
            ingressHost("\(path).host", host)
        }
        guard let http = rule["http"] else { return }
        let paths = http.elements("paths")
        if paths.isEmpty { required("\(path).http.paths") }
        for (index, value) in paths.enumerated() { ingressPath("\(path).http.paths[\(index)]", value) }
    }

    private mutating func ingressPath(_ path: String, _ value: JSONValue) {
        guard let type = value["pathType"]?.string else {
            return required("\(path).pathType", "pathType must be specified")
        }
        let text = value["path"]?.string ?? ""
        switch type {
        case "Exact", "Prefix":
            if !text.hasPrefix("/") { invalid("\(path).path", text, ["must be an absolute path"]) }
            for sequence in ["//", "/./", "/../", "%2f", "%2F"] where Words.range(of: sequence, in: text) != nil {
                invalid("\(path).path", text, ["must not contain '\(sequence)'"])
            }
            for suffix in ["/..", "/."] where text.hasSuffix(suffix) {
                invalid("\(path).path", text, ["cannot end with '\(suffix)'"])
            }
        case "ImplementationSpecific":
            if !text.isEmpty, !text.hasPrefix("/") { invalid("\(path).path", text, ["must be an absolute path"]) }
        default: supported("\(path).pathType", type, ["Exact", "ImplementationSpecific", "Prefix"])
        }
        ingressBackend("\(path).backend", value["backend"] ?? [:])
    }

    private mutating func ingressBackend(_ path: String, _ backend: JSONValue) {
        switch (backend["resource"], backend["service"]) {
        case (.some, .some): invalid(path, "", ["cannot set both resource and service backends"])
        case (let resource?, nil):
            if let group = resource["apiGroup"]?.string {
                invalid("\(path).resource.apiGroup", group, Naming.subdomainFaults(group))
            }
            for field in ["kind", "name"] where resource.isUnset(field) { required("\(path).resource.\(field)") }
        case (nil, let service?): serviceBackend(path, service)
        case (nil, nil): invalid(path, "", ["resource or service backend is required"])
        }
    }

    private mutating func serviceBackend(_ path: String, _ service: JSONValue) {
        if let name = service.text("name") {
            invalid("\(path).service.name", name, Naming.serviceNameFaults(name))
        } else {
            required("\(path).service.name")
        }
        let name = service["port"]?.text("name")
        let number = service["port"]?["number"]?.integer ?? 0
        switch (name, number) {
        case (.some, let number) where number != 0: invalid(path, "", ["cannot set both port name & port number"])
        case (let name?, _): invalid("\(path).service.port.name", name, Naming.portNameFaults(name))
        case (nil, 0): required(path, "port name or number is required")
        case (nil, let number): port("\(path).service.port.number", number)
        }
    }

    // MARK: IngressClass

    mutating func ingressClass(_ ingressClass: JSONValue) {
        let spec = ingressClass["spec"] ?? [:]
        if let controller = spec.text("controller") {
            self.controller("spec.controller", controller)
        } else {
            required("spec.controller")
        }
        guard let parameters = spec["parameters"] else { return }
        let path = "spec.parameters"
        for field in ["kind", "name"] where parameters.isUnset(field) { required("\(path).\(field)") }
        requiredAndSupported("\(path).scope", parameters.text("scope"), ["Cluster", "Namespace"])
        switch (parameters["scope"], parameters["namespace"]?.string) {
        case ("Namespace", nil): required("\(path).namespace", "`parameters.scope` is set to 'Namespace'")
        case ("Namespace", let name?): invalid("\(path).namespace", name, Naming.labelFaults(name))
        case ("Cluster", .some): forbidden("\(path).namespace", "`parameters.scope` is set to 'Cluster'")
        default: break
        }
    }

    /// A domain and a path, which name who serves the Ingresses of a class.
    private mutating func controller(_ path: String, _ controller: String) {
        if controller.utf8.count > 250 { tooLong(path, 250) }
        let parts = controller.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty }) else {
            return invalid(path, controller, ["must be a domain-prefixed path (such as \"acme.io/foo\")"])
        }
        invalid(path, parts[0], Naming.subdomainFaults(parts[0]))
        let signs = Set("/-._~%!$&'()*+,;=:".utf8)
        if !parts[1].utf8.allSatisfy({ Words.isNameByte($0) || signs.contains($0) }) {
            invalid(
                path, parts[1],
                ["Invalid path (regex used for validation is '[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+')"])
        }
    }
}
