import KubernetesModel

/// Smaller and smaller sets of policies, to find the smallest one that still shows something.
enum PolicyReduction {
    /// The set without one of its policies, rules, peers, ports or exceptions: the larger cuts first.
    static func smaller(_ policies: [APIObject]) -> [[APIObject]] {
        policies.indices.map { place in
            var fewer = policies
            fewer.remove(at: place)
            return fewer
        }
            + policies.indices.flatMap { place in
                smaller(policies[place]).map { policy in
                    var changed = policies
                    changed[place] = policy
                    return changed
                }
            }
    }

    private static func smaller(_ policy: APIObject) -> [APIObject] {
        let directions = [("ingress", "from"), ("egress", "to")]
        var found: [APIObject] = []
        for (field, _) in directions {
            found += without(policy, ["spec", field])
        }
        for (field, peers) in directions {
            for rule in (policy["spec", field]?.array ?? []).indices {
                for list in [peers, "ports"] {
                    found += inRule(policy, field, rule) { shorter($0, list) }
                }
                found += inRule(policy, field, rule) { rule in
                    (rule[peers]?.array ?? []).indices.flatMap { peer -> [JSONValue] in
                        guard rule[peers]?.array?[peer]["ipBlock"]?["except"] != nil else { return [] }
                        var list = rule[peers]?.array ?? []
                        var block = list[peer]["ipBlock"]?.object ?? [:]
                        block["except"] = nil
                        list[peer] = ["ipBlock": .object(block)]
                        return [setting(rule, peers, list)]
                    }
                }
            }
        }
        return found
    }

    /// The object without one of the elements of a list.
    private static func without(_ policy: APIObject, _ path: [String]) -> [APIObject] {
        guard path.count == 2, let list = policy[path[0], path[1]]?.array else { return [] }
        return list.indices.map { place in
            var (changed, fewer) = (policy, list)
            fewer.remove(at: place)
            changed[path[0], path[1]] = .array(fewer)
            return changed
        }
    }

    private static func inRule(
        _ policy: APIObject, _ field: String, _ place: Int, _ variants: (JSONValue) -> [JSONValue]
    ) -> [APIObject] {
        guard let rules = policy["spec", field]?.array, rules.indices.contains(place) else { return [] }
        return variants(rules[place]).map { rule in
            var (changed, list) = (policy, rules)
            list[place] = rule
            changed["spec", field] = .array(list)
            return changed
        }
    }

    /// A rule with one element of a list less. The last one stays: a rule without peers, or without ports, means all.
    private static func shorter(_ rule: JSONValue, _ field: String) -> [JSONValue] {
        guard let list = rule[field]?.array, list.count > 1 else { return [] }
        return list.indices.map { place in
            var fewer = list
            fewer.remove(at: place)
            return setting(rule, field, fewer)
        }
    }

    private static func setting(_ rule: JSONValue, _ field: String, _ list: [JSONValue]) -> JSONValue {
        var fields = rule.object ?? [:]
        fields[field] = .array(list)
        return .object(fields)
    }
}
