extension Description {
    mutating func describeIngress() {
        name()
        list("Labels", Self.pairs(object["metadata", "labels"]))
        line("Namespace", object.namespace)
        line("Address", ServiceSummary.loadBalancerAddresses(of: object).joined(separator: ","))
        line("Ingress Class", object["spec", "ingressClassName"]?.string ?? Labels.none)
        let byDefault = object["spec", "defaultBackend"]
        line("Default backend", byDefault.map(text(ofBackend:)) ?? "<default>")
        let tls = object.elements(at: "spec", "tls")
        if !tls.isEmpty { out.add(0, "TLS:") }
        for entry in tls {
            let hosts = entry.elements(at: "hosts").compactMap(\.string).joined(separator: ",")
            let secret = entry.text(at: "secretName")
            out.add(1, secret.isEmpty ? "SNI routes \(hosts)" : "\(secret) terminates \(hosts)")
        }
        out.add(0, "Rules:\n  Host\tPath\tBackends\n  ----\t----\t--------")
        let rules = object.elements(at: "spec", "rules").filter { $0["http"]?.object != nil }
        for rule in rules {
            out.add(1, "\(rule.text(at: "host").or("*"))\t")
            for path in rule.elements(at: "http", "paths") {
                out.add(2, "\t\(path.text(at: "path")) \t\(text(ofBackend: path["backend"] ?? [:]))")
            }
        }
        if rules.isEmpty { out.add(1, "*\t*\t\(byDefault.map(text(ofBackend:)) ?? "<default>")") }
        annotations("Annotations", object["metadata", "annotations"])
        eventTable()
    }

    /// A Service's backend with its endpoints, or a resource.
    private func text(ofBackend backend: JSONValue) -> String {
        guard let service = backend["service"], service.object != nil else {
            let resource = backend["resource"] ?? [:]
            return "APIGroup: \(resource.text(at: "apiGroup").or("<nil>")), Kind: \(resource.text(at: "kind")), "
                + "Name: \(resource.text(at: "name"))"
        }
        let name = service.text(at: "name")
        let number = service.number(at: "port", "number")
        let portName = service.text(at: "port", "name")
        let shown = "\(name):\(number != 0 ? String(number) : portName)"
        guard let found = related(.services).first(where: { $0.name == name && $0.namespace == object.namespace })
        else { return "\(shown) (<error: services \"\(name)\" not found>)" }
        let port = found.elements(at: "spec", "ports").first {
            number != 0 ? $0.number(at: "port") == number : $0.text(at: "name") == portName
        }
        let slices = related(.endpointSlices).filter { $0.labels["kubernetes.io/service-name"] == name }
        return "\(shown) (\(endpointsText(slices, portName: port?.text(at: "name") ?? portName)))"
    }

    mutating func describeIngressClass() {
        name()
        labelsAndAnnotations()
        line("Controller", object.text(at: "spec", "controller"))
        if let parameters = object["spec", "parameters"], parameters.object != nil {
            out.add(0, "Parameters:")
            for (key, field) in [("APIGroup", "apiGroup"), ("Kind", "kind"), ("Name", "name")]
            where !parameters.text(at: field).isEmpty {
                out.add(1, "\(key):\t\(parameters.text(at: field))")
            }
        }
        eventTable()
    }
}
