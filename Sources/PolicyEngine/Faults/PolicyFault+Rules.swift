import KubernetesModel

extension PolicyFault {
    /// A policy whose rules are read wrongly.
    func rules(_ policy: APIObject) -> APIObject {
        switch self {
        case .firstRuleOnly: policy.editingRules { rules, _ in Array(rules.prefix(1)) }
        case .lastRuleOnly: policy.editingRules { rules, _ in Array(rules.suffix(1)) }
        case .portsIgnored: policy.editingRules { rules, _ in rules.map { $0.setting("ports", nil) } }
        case .peersIgnored: policy.editingRules { rules, peers in rules.map { $0.setting(peers, nil) } }
        case .ruleWithoutPeersDenies:
            policy.editingRules { rules, peers in rules.filter { !Self.isEmpty($0, peers) } }
        case .ruleWithoutPortsDenies:
            policy.editingRules { rules, _ in rules.filter { !Self.isEmpty($0, "ports") } }
        case .peersOrPorts:
            policy.editingRules { rules, peers in
                rules.flatMap { rule in
                    Self.isEmpty(rule, peers) || Self.isEmpty(rule, "ports")
                        ? [rule] : [rule.setting(peers, nil), rule.setting("ports", nil)]
                }
            }
        case .peersOfAllRules:
            policy.editingRules { rules, peers in
                rules.flatMap { rule in rules.map { rule.setting(peers, $0[peers]) } }
            }
        case .emptyRuleDenies:
            policy.editingRules { rules, peers in
                rules.filter { !Self.isEmpty($0, peers) || !Self.isEmpty($0, "ports") }
            }
        default: policy
        }
    }

    private static func isEmpty(_ rule: JSONValue, _ field: String) -> Bool { (rule[field]?.array ?? []).isEmpty }

    /// A policy that is taken to be about other pods or directions.
    func subjects(_ policy: APIObject) -> APIObject {
        var spec = policy.spec
        let types = spec["policyTypes"]?.array ?? []
        switch self {
        case .subjectSelectorIgnored: spec["podSelector"] = [:]
        case .emptySelectorSelectsNothing:
            if LabelSelector(spec["podSelector"] ?? .null).isEmpty { spec["podSelector"] = Self.nobody }
        case .emptyRulesAllow:
            for field in ["ingress", "egress"] where (spec[field]?.array ?? []).isEmpty && Self.isolates(policy, field)
            {
                spec[field] = [[:]]
            }
        case .typesAlwaysBoth: if types.isEmpty { spec["policyTypes"] = ["Ingress", "Egress"] }
        case .typesAlwaysIngress: if types.isEmpty { spec["policyTypes"] = ["Ingress"] }
        case .typesOnlyOfRules:
            if types.isEmpty, spec["ingress"] == nil, spec["egress"]?.array?.isEmpty == false {
                spec["policyTypes"] = ["Egress"]
            }
        case .egressTypeIsolatesIngress: if types == ["Egress"] { spec["policyTypes"] = ["Ingress", "Egress"] }
        case .typesIgnored: spec["policyTypes"] = nil
        case .egressIgnored: Self.ignore("egress", policy, &spec)
        case .ingressIgnored: Self.ignore("ingress", policy, &spec)
        case .directionsSwapped: Self.swap(policy, &spec)
        default: break
        }
        return policy.with(spec: spec)
    }

    /// A selector that no labels meet.
    private static let nobody: JSONValue = ["matchExpressions": [["key": "none", "operator": "In", "values": []]]]

    private static func isolates(_ policy: APIObject, _ field: String) -> Bool {
        NetworkPolicy(policy).directions.contains(field == "ingress" ? .ingress : .egress)
    }

    private static func ignore(_ field: String, _ policy: APIObject, _ spec: inout [String: JSONValue]) {
        let other = field == "ingress" ? "egress" : "ingress"
        if isolates(policy, other) {
            spec["policyTypes"] = other == "ingress" ? ["Ingress"] : ["Egress"]
        } else {
            spec["podSelector"] = nobody
        }
    }

    private static func swap(_ policy: APIObject, _ spec: inout [String: JSONValue]) {
        let directions = NetworkPolicy(policy).directions
        spec["policyTypes"] = .array(directions.map { $0 == .ingress ? "Egress" : "Ingress" })
        func renamed(_ rules: JSONValue?, _ old: String, _ new: String) -> JSONValue {
            .array((rules?.array ?? []).map { $0.setting(new, $0[old]).setting(old, nil) })
        }
        let (ingress, egress) = (spec["ingress"], spec["egress"])
        spec["ingress"] = renamed(egress, "to", "from")
        spec["egress"] = renamed(ingress, "from", "to")
    }
}
