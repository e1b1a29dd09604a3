internal import Addressing
internal import Nftables

extension LabPlan {
    /// The operations for pods that come and go in a lab that is as an earlier plan says, worked out without a look at
    /// the kernel: a pod among a thousand is a matter of a millisecond.
    ///
    /// - Returns: nil where the plans differ in more than their pods.
    public func increment(from old: LabPlan) -> [Operation]? {
        let before = Dictionary(old.namespaces.map { ($0.name, $0) }) { first, _ in first }
        let after = Set(namespaces.map(\.name))
        var removals: [Operation] = []
        var changes: [Operation] = []
        var creations: [Operation] = []
        var replaced: [NamespacePlan] = []
        for namespace in namespaces {
            guard let earlier = before[namespace.name] else {
                guard case .pod = namespace.role else { return nil }
                creations += creation(of: namespace)
                continue
            }
            guard earlier != namespace else { continue }
            if earlier.hasSameLinks(as: namespace) {
                changes += namespace.tableChanges(from: earlier)
            } else {
                guard case .pod = namespace.role else { return nil }
                replaced.append(earlier)
                creations += creation(of: namespace)
            }
        }
        let gone = old.namespaces.filter { !after.contains($0.name) }
        let ports = Set(namespaces.compactMap(\.uplink?.port))
        for namespace in gone + replaced {
            guard case .pod = namespace.role else { return nil }
            // The kernel takes a namespace's links down some time later; a successor needs the name now.
            if let uplink = namespace.uplink, ports.contains(uplink.port) {
                removals.append(.removeLink(in: uplink.owner, link: uplink.port))
            }
            removals.append(.removeNamespace(namespace.name))
        }
        return removals + changes + creations
    }
}

extension NamespacePlan {
    /// Whether two plans of a namespace differ in tables only, which can be changed entry by entry.
    fileprivate func hasSameLinks(as other: NamespacePlan) -> Bool {
        sharedWith == other.sharedWith && sysctls == other.sysctls && bridges == other.bridges && vxlan == other.vxlan
            && uplink == other.uplink && addresses == other.addresses && routes == other.routes
    }

    fileprivate func tableChanges(from old: NamespacePlan) -> [Operation] {
        var operations: [Operation] = []
        let (forwardingBefore, forwardingNow) = (Set(old.forwarding), Set(forwarding))
        let (neighborsBefore, neighborsNow) = (Set(old.neighbors), Set(neighbors))
        for entry in old.forwarding where !forwardingNow.contains(entry) {
            operations.append(.removeForwarding(in: name, entry))
        }
        for entry in old.neighbors where !neighborsNow.contains(entry) {
            operations.append(.removeNeighbor(in: name, entry))
        }
        for entry in neighbors where !neighborsBefore.contains(entry) {
            operations.append(.replaceNeighbor(in: name, entry))
        }
        for entry in forwarding where !forwardingBefore.contains(entry) {
            operations.append(.replaceForwarding(in: name, entry))
        }
        if hostPorts != old.hostPorts { operations.append(.replaceHostPorts(in: name, hostPorts)) }
        return operations
    }
}
