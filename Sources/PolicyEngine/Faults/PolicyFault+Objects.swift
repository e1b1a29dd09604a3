public import KubernetesModel

extension PolicyFault {
    /// The objects as an engine with this fault takes them.
    public func objects(_ objects: [APIObject]) -> [APIObject] {
        switch self {
        case .namedPortOfAnotherPod: return resolvingNamesOnce(objects)
        case .firstPolicyOnly: return onePolicyEach(objects, isBetter: <)
        case .lastPolicyOnly: return onePolicyEach(objects, isBetter: >)
        case .policiesOfOtherNamespaces: return everywhere(objects)
        case .defaultNamespaceOnly:
            return objects.filter { $0.kind != "NetworkPolicy" || $0.namespace == "default" }
        default: return objects.map { $0.kind == "NetworkPolicy" ? policy($0) : other($0) }
        }
    }

    private func policy(_ policy: APIObject) -> APIObject {
        peers(ports(selectors(subjects(rules(policy)))))
    }

    private func other(_ object: APIObject) -> APIObject {
        switch (self, object.kind) {
        case (.namespaceLabelsIgnored, "Namespace"):
            return object.with("metadata", ["name": .string(object.name)])
        case (.firstAddressOnly, "Pod"):
            var status = object.value["status"]?.object ?? [:]
            status["podIPs"] = .array(Array((status["podIPs"]?.array ?? []).prefix(1)))
            return object.with("status", status)
        case (.portsOfFirstContainer, "Pod"):
            var spec = object.spec
            spec["containers"] = .array(Array((spec["containers"]?.array ?? []).prefix(1)))
            return object.with(spec: spec)
        case (.hostNetworkPodsAsPeers, "Pod"):
            var spec = object.spec
            spec["hostNetwork"] = false
            return object.with(spec: spec)
        default: return object
        }
    }

    private func onePolicyEach(_ objects: [APIObject], isBetter: (String, String) -> Bool) -> [APIObject] {
        var best: [String: String] = [:]
        for policy in objects where policy.kind == "NetworkPolicy" {
            let before = best[policy.namespace]
            best[policy.namespace] = before.map { isBetter(policy.name, $0) ? policy.name : $0 } ?? policy.name
        }
        return objects.filter { $0.kind != "NetworkPolicy" || best[$0.namespace] == $0.name }
    }

    private func everywhere(_ objects: [APIObject]) -> [APIObject] {
        let namespaces = Set(objects.filter { $0.kind == "Namespace" }.map(\.name))
        return objects.flatMap { object -> [APIObject] in
            guard object.kind == "NetworkPolicy" else { return [object] }
            let others = namespaces.subtracting([object.namespace]).sorted()
            return [object]
                + others.map { namespace in
                    var metadata = object.value["metadata"]?.object ?? [:]
                    metadata["namespace"] = .string(namespace)
                    metadata["name"] = .string("\(object.namespace).\(object.name)")
                    return object.with("metadata", metadata)
                }
        }
    }

    private func resolvingNamesOnce(_ objects: [APIObject]) -> [APIObject] {
        let pods = objects.filter { $0.kind == "Pod" }.map { TrackedPod(Pod($0)) }
            .sorted { $0.reference < $1.reference }
        return objects.map { object in
            guard object.kind == "NetworkPolicy" else { return object }
            return object.editingPorts { ports in
                ports.map { port in
                    guard let name = port["port"]?.string else { return port }
                    let transport = TransportProtocol(port["protocol"])
                    let key = TrackedPod.NamedPort(transport: transport, name: name)
                    return pods.lazy.compactMap { $0.ports[key] }.first
                        .map { port.setting("port", .integer(Int64($0))) } ?? port
                }
            }
        }
    }
}
