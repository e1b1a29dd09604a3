extension Faults {
    mutating func tolerations(_ path: String, _ tolerations: [JSONValue]) {
        for (index, toleration) in tolerations.enumerated() {
            let path = "\(path)[\(index)]"
            let comparison = toleration["operator"] ?? ""
            let value = toleration["value"]?.string ?? ""
            if let key = toleration.text("key") {
                invalid("\(path).key", key, Naming.qualifiedNameFaults(key))
            } else if comparison != "Exists" {
                invalid(
                    "\(path).operator", comparison,
                    "operator must be Exists when `key` is empty, which means \"match all values and all keys\"")
            }
            if toleration["tolerationSeconds"] != nil, toleration["effect"] != "NoExecute" {
                invalid(
                    "\(path).effect", toleration["effect"] ?? "",
                    "effect must be 'NoExecute' when `tolerationSeconds` is set")
            }
            switch comparison {
            case "", "Equal": joined("\(path).operator", value, Naming.labelValueFaults(value))
            case "Exists":
                if !value.isEmpty {
                    invalid("\(path).operator", value, ["value must be empty when `operator` is 'Exists'"])
                }
            default: supported("\(path).operator", comparison.string ?? "", ["Equal", "Exists"])
            }
            if let effect = toleration.text("effect") { supported("\(path).effect", effect, Self.taintEffects) }
        }
    }

    mutating func topologySpread(_ path: String, _ constraints: [JSONValue]) {
        for (index, constraint) in constraints.enumerated() {
            let path = "\(path)[\(index)]"
            let skew = constraint["maxSkew"] ?? 0
            if (skew.integer ?? 0) <= 0 { invalid("\(path).maxSkew", skew, "must be greater than zero") }
            if constraint.isUnset("topologyKey") { required("\(path).topologyKey", "can not be empty") }
            supported(
                "\(path).whenUnsatisfiable", constraint["whenUnsatisfiable"]?.string ?? "",
                ["DoNotSchedule", "ScheduleAnyway"])
            labelSelector("\(path).labelSelector", constraint["labelSelector"])
        }
    }

    private static let hard = "requiredDuringSchedulingIgnoredDuringExecution"
    private static let soft = "preferredDuringSchedulingIgnoredDuringExecution"

    mutating func affinity(_ path: String, _ affinity: JSONValue?) {
        guard let affinity else { return }
        if let node = affinity["nodeAffinity"] { nodeAffinity("\(path).nodeAffinity", node) }
        for kind in ["podAffinity", "podAntiAffinity"] {
            let path = "\(path).\(kind)"
            guard let rules = affinity[kind] else { continue }
            for (index, term) in rules.elements(Self.hard).enumerated() {
                podAffinityTerm("\(path).\(Self.hard)[\(index)]", term)
            }
            for (index, weighted) in rules.elements(Self.soft).enumerated() {
                let path = "\(path).\(Self.soft)[\(index)]"
                weight(path, weighted)
                podAffinityTerm("\(path).podAffinityTerm", weighted["podAffinityTerm"] ?? [:])
            }
        }
    }

    private mutating func weight(_ path: String, _ weighted: JSONValue) {
        let weight = weighted["weight"]?.integer ?? 0
        if !(1...100).contains(weight) {
            invalid("\(path).weight", .integer(weight), "must be in the range 1-100")
        }
    }

    private mutating func podAffinityTerm(_ path: String, _ term: JSONValue) {
        labelSelector("\(path).labelSelector", term["labelSelector"])
        labelSelector("\(path).namespaceSelector", term["namespaceSelector"])
        let key = term["topologyKey"]?.string ?? ""
        if key.isEmpty { required("\(path).topologyKey", "can not be empty") }
        invalid("\(path).topologyKey", key, Naming.qualifiedNameFaults(key))
    }

    private mutating func nodeAffinity(_ path: String, _ affinity: JSONValue) {
        if let selector = affinity[Self.hard] {
            let path = "\(path).\(Self.hard).nodeSelectorTerms"
            let terms = selector.elements("nodeSelectorTerms")
            if terms.isEmpty { required(path, "must have at least one node selector term") }
            for (index, term) in terms.enumerated() { nodeSelectorTerm("\(path)[\(index)]", term) }
        }
        for (index, weighted) in affinity.elements(Self.soft).enumerated() {
            let path = "\(path).\(Self.soft)[\(index)]"
            weight(path, weighted)
            nodeSelectorTerm("\(path).preference", weighted["preference"] ?? [:])
        }
    }

    private mutating func nodeSelectorTerm(_ path: String, _ term: JSONValue) {
        for (index, expression) in term.elements("matchExpressions").enumerated() {
            let path = "\(path).matchExpressions[\(index)]"
            let values = expression.elements("values")
            let comparison = expression["operator"]?.string ?? ""
            switch comparison {
            case "In", "NotIn":
                if values.isEmpty {
                    required("\(path).values", "must be specified when `operator` is 'In' or 'NotIn'")
                }
            case "Exists", "DoesNotExist":
                if !values.isEmpty {
                    forbidden("\(path).values", "may not be specified when `operator` is 'Exists' or 'DoesNotExist'")
                }
            case "Gt", "Lt":
                if values.count != 1 {
                    required("\(path).values", "must be specified single value when `operator` is 'Lt' or 'Gt'")
                }
            default: invalid("\(path).operator", comparison, ["not a valid selector operator"])
            }
            let key = expression["key"]?.string ?? ""
            invalid("\(path).key", key, Naming.qualifiedNameFaults(key))
        }
    }
}
