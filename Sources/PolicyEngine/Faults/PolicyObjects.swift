import KubernetesModel

/// Editing of policies as the API has them.
extension APIObject {
    /// The object with another spec.
    func with(spec: [String: JSONValue]) -> APIObject { with("spec", spec) }

    func with(_ field: String, _ fields: [String: JSONValue]) -> APIObject {
        var object = value.object ?? [:]
        object[field] = .object(fields)
        return APIObject(.object(object))
    }

    var spec: [String: JSONValue] { value["spec"]?.object ?? [:] }

    /// A policy with other rules. The edit is given the name of the field that holds the peers.
    func editingRules(_ edit: ([JSONValue], String) -> [JSONValue]) -> APIObject {
        var spec = spec
        for (field, peers) in [("ingress", "from"), ("egress", "to")] {
            if let rules = spec[field]?.array { spec[field] = .array(edit(rules, peers)) }
        }
        return with(spec: spec)
    }

    /// A policy with other peers. Where none is left, nobody is meant.
    func editingPeers(_ edit: ([JSONValue]) -> [JSONValue]) -> APIObject {
        editingLists(edit) { $0 }
    }

    /// A policy with other ports. Where none is left, none is open.
    func editingPorts(_ edit: ([JSONValue]) -> [JSONValue]) -> APIObject {
        editingLists(edit) { _ in "ports" }
    }

    private func editingLists(
        _ edit: ([JSONValue]) -> [JSONValue], _ field: (String) -> String
    ) -> APIObject {
        editingRules { rules, peers in
            rules.map { rule in
                var fields = rule.object ?? [:]
                guard let list = fields[field(peers)]?.array, !list.isEmpty else { return rule }
                let edited = edit(list)
                fields[field(peers)] = .array(edited.isEmpty ? [.nothing] : edited)
                return .object(fields)
            }
        }
    }

    /// A policy with all its selectors edited.
    func editingSelectors(_ edit: ([String: JSONValue]) -> [String: JSONValue]) -> APIObject {
        let policy = editingPeers { peers in
            peers.map { peer in
                var fields = peer.object ?? [:]
                for key in ["podSelector", "namespaceSelector"] {
                    if let selector = fields[key]?.object { fields[key] = .object(edit(selector)) }
                }
                return .object(fields)
            }
        }
        var spec = policy.spec
        spec["podSelector"] = .object(edit(spec["podSelector"]?.object ?? [:]))
        return policy.with(spec: spec)
    }

    /// A policy with all its conditions on labels edited.
    func editingExpressions(_ comparison: String, _ edit: ([String: JSONValue]) -> [[String: JSONValue]]) -> APIObject {
        editingSelectors { selector in
            var selector = selector
            guard let list = selector["matchExpressions"]?.array else { return selector }
            selector["matchExpressions"] = .array(
                list.flatMap { expression -> [JSONValue] in
                    guard let fields = expression.object, fields["operator"]?.string == comparison else {
                        return [expression]
                    }
                    return edit(fields).map { .object($0) }
                })
            return selector
        }
    }
}

extension JSONValue {
    /// A peer that is nobody, and a port that is none.
    static let nothing: JSONValue = ["protocol": "none"]

    /// The object with one field set, or removed.
    func setting(_ field: String, _ value: JSONValue?) -> JSONValue {
        var fields = object ?? [:]
        fields[field] = value
        return .object(fields)
    }
}
