extension Description {
    mutating func describeNetworkPolicy() {
        let spec = object["spec"] ?? [:]
        nameAndNamespace()
        let created = object.creationTimestamp.flatMap { Timestamp(parsing: $0) }?.description ?? "<unknown>"
        let words = created.split(whereSeparator: { "TZ".contains($0) }).joined(separator: " ")
        line("Created on", "\(words) +0000 UTC")
        labelsAndAnnotations()
        out.add(0, "Spec:")
        let selector = Labels.selectorText(spec["podSelector"])
        let everybody = " (Allowing the specific traffic to all pods in this namespace)"
        out.add(1, "PodSelector:     \(selector)\(selector == Labels.none ? everybody : "")")
        let types = spec.elements(at: "policyTypes").compactMap(\.string)
        for (type, word, peers) in [("Ingress", "ingress", "from"), ("Egress", "egress", "to")] {
            guard types.contains(type) else {
                out.add(1, "Not affecting \(word) traffic")
                continue
            }
            out.add(1, "Allowing \(word) traffic:")
            let rules = spec.elements(at: word)
            if rules.isEmpty { out.add(2, "\(Labels.none) (Selected pods are isolated for \(word) connectivity)") }
            for (index, rule) in rules.enumerated() {
                if index > 0 { out.add(2, "----------") }
                ports(rule.elements(at: "ports"))
                self.peers(rule.elements(at: peers), isIngress: type == "Ingress")
            }
        }
        out.add(1, "Policy Types: \(types.joined(separator: ", "))")
    }

    private mutating func ports(_ ports: [JSONValue]) {
        if ports.isEmpty { out.add(2, "To Port: <any> (traffic allowed to all ports)") }
        for port in ports {
            let number = port["port"]?.plainText ?? "<nil>"
            let transport = port.text(at: "protocol").or("TCP")
            if let end = port["endPort"]?.integer {
                out.add(2, "To Port Range: \(number)-\(end)/\(transport)")
            } else {
                out.add(2, "To Port: \(number)/\(transport)")
            }
        }
    }

    private mutating func peers(_ peers: [JSONValue], isIngress: Bool) {
        let direction = isIngress ? "From" : "To"
        if peers.isEmpty {
            out.add(2, "\(direction): <any> (traffic not restricted by \(isIngress ? "source" : "destination"))")
        }
        for peer in peers {
            out.add(2, "\(direction):")
            if let block = peer["ipBlock"], block.object != nil {
                let exceptions = block.elements(at: "except").compactMap(\.string).joined(separator: ", ")
                out.add(3, "IPBlock:\n  CIDR: \(block.text(at: "cidr"))\n  Except: \(exceptions)")
            }
            for (key, field) in [("NamespaceSelector", "namespaceSelector"), ("PodSelector", "podSelector")] {
                guard let selector = peer[field], selector.object != nil else { continue }
                out.add(3, "\(key): \(Labels.selectorText(selector))")
            }
        }
    }
}
