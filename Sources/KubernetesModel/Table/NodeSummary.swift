/// What `kubectl get nodes` says of a node.
struct NodeSummary {
    private let node: APIObject

    init(_ node: APIObject) { self.node = node }

    /// `Ready`, `NotReady` or `Unknown`, and `SchedulingDisabled`.
    var status: String {
        let ready = node.elements(at: "status", "conditions").last { $0.text(at: "type") == "Ready" }
        var words = [ready.map { $0.text(at: "status") == "True" ? "Ready" : "NotReady" } ?? "Unknown"]
        if node["spec", "unschedulable"]?.bool == true { words.append("SchedulingDisabled") }
        return words.joined(separator: ",")
    }

    /// The roles that labels tell, or `<none>`.
    var roles: String {
        let prefix = "node-role.kubernetes.io/"
        var roles: Set<String> = []
        for (key, value) in node.labels {
            if key.hasPrefix(prefix), key.count > prefix.count { roles.insert(String(key.dropFirst(prefix.count))) }
            if key == "kubernetes.io/role", !value.isEmpty { roles.insert(value) }
        }
        return roles.sorted().joined(separator: ",").or(Labels.none)
    }

    private func address(_ type: String) -> String {
        let address = node.elements(at: "status", "addresses").first { $0.text(at: "type") == type }
        return (address?.text(at: "address") ?? "").or(Labels.none)
    }

    private func information(_ field: String) -> String { node.text(at: "status", "nodeInfo", field) }

    func cells(now: Int64) -> [JSONValue] {
        [
            node.name, status, roles, Age.text(since: node.creationTimestamp, now: now),
            information("kubeletVersion"), address("InternalIP"), address("ExternalIP"),
            information("osImage").or("<unknown>"), information("kernelVersion").or("<unknown>"),
            information("containerRuntimeVersion").or("<unknown>"),
        ].map { .string($0) }
    }
}
