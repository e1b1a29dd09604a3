extension SpecValidation {
    /// Node names that would take the place of a lab's own namespaces.
    private static let reservedNodeNames = ["underlay", "host", "control-plane"]

    mutating func checkNames() {
        check(spec.name, .label, "the lab's name", at: .root["name"])
        check(spec.cluster.domain, .subdomain, "the cluster's domain", at: .root["cluster"]["domain"])
        checkStations()
        var seen: [String: Int] = [:]
        for (index, pod) in spec.pods.enumerated() {
            let path = FieldPath.root["pod"][index]
            check(pod.name, .subdomain, "the pod's name", at: path["name"])
            checkNamespace(of: pod, at: path)
            for (key, name) in [("hostname", pod.naming?.hostname), ("subdomain", pod.naming?.subdomain)] {
                if let name { check(name, .label, "the pod's \(key)", at: path[key]) }
            }
            check(pod.labels, at: path["labels"])
            guard let first = seen.updateValue(index, forKey: pod.qualifiedName), !pod.name.isEmpty else { continue }
            refuse(
                path["name"],
                "the name \(Shown.quoted(pod.name)) is taken by pod[\(first)] of the namespace "
                    + Shown.quoted(pod.namespace), remedy: "give each pod of a namespace its own name")
        }
    }

    private mutating func checkStations() {
        if spec.nodes.isEmpty {
            refuse(.root["node"], "the lab has no node", remedy: "add a [[node]] table with a name")
        }
        var seen: [String: String] = [:]
        for (index, node) in spec.nodes.enumerated() {
            let path = FieldPath.root["node"][index]
            check(node.name, .label, "the node's name", at: path["name"])
            check(node.labels, at: path["labels"])
            if Self.reservedNodeNames.contains(node.name) {
                refuse(
                    path["name"], "the name \"\(node.name)\" is reserved: a namespace of the lab itself has it",
                    remedy: "use another name, such as \"node\(index + 1)\"")
            }
            checkUnique(node.name, &seen, at: path)
        }
        for (index, host) in spec.hosts.enumerated() {
            let path = FieldPath.root["host"][index]
            check(host.name, .label, "the host's name", at: path["name"])
            checkUnique(host.name, &seen, at: path)
        }
    }

    private mutating func checkUnique(_ name: String, _ seen: inout [String: String], at path: FieldPath) {
        guard !name.isEmpty else { return }
        if let first = seen[name] {
            refuse(
                path["name"], "the name \(Shown.quoted(name)) is taken by \(first)",
                remedy: "give each node and each host its own name")
        } else {
            seen[name] = path.description
        }
    }

    private mutating func checkNamespace(of pod: PodSpec, at path: FieldPath) {
        check(pod.namespace, .label, "the pod's namespace", at: path["namespace"])
        if pod.namespace == "host" {
            refuse(
                path["namespace"], "the namespace \"host\" is reserved: the hosts outside the cluster have it",
                remedy: "use another namespace")
        }
        // <lab>.<namespace>.<pod> becomes a file under /run/netns.
        let length = spec.name.utf8.count + pod.namespace.utf8.count + pod.name.utf8.count + 2
        if length > 255, NameRule.subdomain.fault(in: pod.name) == nil {
            refuse(
                path["name"], "the network namespace <lab>.<namespace>.<pod> would have a name of \(length) bytes",
                remedy: "shorten the names to 255 bytes together, dots included")
        }
    }

    private mutating func check(_ labels: [String: String], at path: FieldPath) {
        for (key, value) in labels.sorted(by: { $0.key < $1.key }) {
            check(key, .labelKey, "the label's key", at: path[key])
            check(value, .labelValue, "the label's value", at: path[key])
        }
    }

    mutating func check(_ name: String, _ rule: NameRule, _ what: String, at path: FieldPath) {
        guard let fault = rule.fault(in: name) else { return }
        let lowered = name.lowercased()
        let hint = lowered != name && rule.fault(in: lowered) == nil ? ", such as \"\(lowered)\"" : ""
        refuse(path, "\(what) \(Shown.quoted(name)) is refused: \(fault)", remedy: rule.requirement + hint)
    }
}
