import Addressing

extension Faults {
    mutating func networkPolicy(_ policy: JSONValue) {
        let spec = policy["spec"] ?? [:]
        labelSelector("spec.podSelector", spec["podSelector"])
        for (direction, peers) in [("ingress", "from"), ("egress", "to")] {
            for (index, rule) in spec.elements(direction).enumerated() {
                let path = "spec.\(direction)[\(index)]"
                for (index, port) in rule.elements("ports").enumerated() {
                    policyPort("\(path).ports[\(index)]", port)
                }
                for (index, peer) in rule.elements(peers).enumerated() {
                    policyPeer("\(path).\(peers)[\(index)]", peer)
                }
            }
        }
        let types = spec.elements("policyTypes")
        if types.count > 2 {
            return invalid("spec.policyTypes", .array(types), "may not specify more than two policyTypes")
        }
        for (index, type) in types.enumerated() {
            supported("spec.policyTypes[\(index)]", type.string ?? "", ["Ingress", "Egress"])
        }
    }

    private mutating func policyPort(_ path: String, _ port: JSONValue) {
        if let name = port["protocol"]?.string { supported("\(path).protocol", name, ["TCP", "UDP", "SCTP"]) }
        let end = port["endPort"]?.integer
        switch port["port"] {
        case .integer(let number):
            self.port("\(path).port", number)
            guard let end else { return }
            if end < number {
                invalid("\(path).endPort", .integer(end), "must be greater than or equal to `port`")
            }
            self.port("\(path).endPort", end)
        case .string(let name):
            if let end {
                invalid("\(path).endPort", .integer(end), "may not be specified when `port` is non-numeric")
            }
            invalid("\(path).port", name, Naming.portNameFaults(name))
        default:
            if let end {
                invalid("\(path).endPort", .integer(end), "may not be specified when `port` is not specified")
            }
        }
    }

    private mutating func policyPeer(_ path: String, _ peer: JSONValue) {
        labelSelector("\(path).podSelector", peer["podSelector"])
        labelSelector("\(path).namespaceSelector", peer["namespaceSelector"])
        if let block = peer["ipBlock"] { addressBlock("\(path).ipBlock", block) }
        let count = ["podSelector", "namespaceSelector", "ipBlock"].count { peer[$0] != nil }
        if count == 0 {
            required(path, "must specify a peer")
        } else if count > 1, peer["ipBlock"] != nil {
            forbidden(path, "may not specify both ipBlock and another peer")
        }
    }

    private mutating func addressBlock(_ path: String, _ value: JSONValue) {
        guard let text = value.text("cidr") else { return required("\(path).cidr") }
        guard let whole = block("\(path).cidr", text) else { return }
        for (index, exception) in value.elements("except").enumerated() {
            let path = "\(path).except[\(index)]"
            guard let text = exception.string, let part = block(path, text) else { continue }
            if !whole.contains(part) || whole.prefixLength >= part.prefixLength {
                invalid(path, text, ["must be a strict subset of `cidr`"])
            }
        }
    }
}
