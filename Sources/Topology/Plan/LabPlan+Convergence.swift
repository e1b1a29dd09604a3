internal import Addressing
internal import Nftables

extension LabPlan {
    /// The operations that lead from what is there to this plan, in an order that works.
    ///
    /// - Parameters:
    ///   - previous: plans that were carried out before, wholly or in part. What one of them made and this one does not
    ///     know is removed; what nobody planned is left alone.
    ///   - observed: what each namespace of the lab holds now; a namespace that is missing here does not exist.
    public func operations(
        after previous: [LabPlan] = [], observed: [String: NamespaceState] = [:]
    ) -> [Operation] {
        var convergence = Convergence(plan: self, previous: previous, observed: observed)
        return convergence.operations()
    }

    /// The operations that make a namespace of the plan which is not there; what it is joined to is.
    func creation(of namespace: NamespacePlan) -> [Operation] {
        var convergence = Convergence(plan: self, previous: [], observed: [:])
        return convergence.creation(of: namespace)
    }
}

/// Works out the operations between two states of a lab.
private struct Convergence {
    let plan: LabPlan
    var observed: [String: NamespaceState]
    /// Every earlier plan of a namespace, by its name.
    private var earlier: [String: [NamespacePlan]] = [:]
    private var result: [Operation] = []

    init(plan: LabPlan, previous: [LabPlan], observed: [String: NamespaceState]) {
        self.plan = plan
        self.observed = observed
        for namespace in previous.flatMap(\.namespaces) { earlier[namespace.name, default: []].append(namespace) }
    }

    mutating func operations() -> [Operation] {
        // A new lab has all of these, and a dozen more a namespace.
        if observed.isEmpty { result.reserveCapacity(plan.namespaces.reduce(0) { $0 + $1.neighbors.count + 12 }) }
        removeNamespaces()
        for namespace in plan.namespaces { converge(namespace) }
        return result
    }

    mutating func creation(of namespace: NamespacePlan) -> [Operation] {
        converge(namespace)
        return result
    }

    /// Namespaces that are no longer planned, and pods that are to be other ones under the same name.
    private mutating func removeNamespaces() {
        let planned = Dictionary(uniqueKeysWithValues: plan.namespaces.map { ($0.name, $0) })
        let ports = Set(plan.namespaces.compactMap(\.uplink?.port))
        for name in earlier.keys.sorted() where observed[name] != nil {
            let wanted = planned[name]
            if let wanted, !isReplaced(wanted) { continue }
            for node in earlier[name, default: []].compactMap(\.sharedWith) where observed[node] == nil {
                removeLinks(ofOrphan: node)
            }
            for uplink in earlier[name, default: []].compactMap(\.uplink)
            where observed[uplink.owner]?.interfaces[uplink.port] != nil {
                // The kernel takes a namespace's links down some time later; a successor needs the name now.
                if ports.contains(uplink.port) { result.append(.removeLink(in: uplink.owner, link: uplink.port)) }
                observed[uplink.owner]?.remove(link: uplink.port)
            }
            result.append(.removeNamespace(name))
            observed[name] = nil
        }
    }

    /// The links of a node whose name somebody has removed, and which lives on as its hostNetwork pods only. They go
    /// while it is certain that they are there: with the last pod the kernel takes them some time later.
    private mutating func removeLinks(ofOrphan node: String) {
        for (name, plans) in earlier.sorted(by: { $0.key < $1.key }) {
            for uplink in plans.compactMap(\.uplink) {
                let end: (namespace: String, link: String)
                if name == node {
                    end = (uplink.owner, uplink.port)
                } else if uplink.owner == node {
                    end = (name, uplink.interface)
                } else {
                    continue
                }
                guard observed[end.namespace]?.interfaces[end.link] != nil else { continue }
                result.append(.removeLink(in: end.namespace, link: end.link))
                observed[end.namespace]?.remove(link: end.link)
            }
        }
    }

    private func isReplaced(_ wanted: NamespacePlan) -> Bool {
        if let node = wanted.sharedWith {
            return observed[wanted.name]?.inode != observed[node]?.inode
        }
        guard case .pod = wanted.role else { return false }
        return earlier[wanted.name, default: []].contains {
            $0.sharedWith != nil || $0.addresses != wanted.addresses || $0.uplink?.owner != wanted.uplink?.owner
        }
    }

    private mutating func converge(_ wanted: NamespacePlan) {
        if let other = wanted.sharedWith {
            if observed[wanted.name] == nil { result.append(.shareNamespace(wanted.name, of: other)) }
            return
        }
        var state: NamespaceState
        if let existing = observed[wanted.name] {
            state = existing
            for setting in wanted.sysctls
            where state.sysctls[setting.name].map({ $0 != setting.value }) ?? !setting.isOptional {
                result.append(.writeSysctl(in: wanted.name, setting))
            }
        } else {
            result.append(.createNamespace(wanted.name, sysctls: wanted.sysctls))
            state = NamespaceState()
        }
        removeLinks(wanted, &state)
        addLinks(wanted, &state)
        convergeTables(wanted, state)
        observed[wanted.name] = state
    }

    /// Links that an earlier plan made and this one does not want, or wants otherwise.
    private mutating func removeLinks(_ wanted: NamespacePlan, _ state: inout NamespaceState) {
        var unwanted: Set<String> = []
        for old in earlier[wanted.name, default: []] {
            unwanted.formUnion(old.bridges.map(\.name) + [old.vxlan?.name].compactMap { $0 })
        }
        if !hasOtherSettings(wanted) { keepMatching(wanted, state, &unwanted) }
        for link in unwanted.sorted() where state.interfaces[link] != nil {
            result.append(.removeLink(in: wanted.name, link: link))
            state.remove(link: link)
        }
    }

    /// Whether the namespace's links were made under other settings: they have inherited those, as when a lab is to
    /// speak IPv6 that did not.
    private func hasOtherSettings(_ wanted: NamespacePlan) -> Bool {
        earlier[wanted.name, default: []].contains { $0.sysctls != wanted.sysctls }
    }

    private func keepMatching(_ wanted: NamespacePlan, _ state: NamespaceState, _ unwanted: inout Set<String>) {
        unwanted.subtract(wanted.bridges.filter { $0.matches(state.interfaces[$0.name]) }.map(\.name))
        if let vxlan = wanted.vxlan, vxlan.matches(state.interfaces[vxlan.name]) { unwanted.remove(vxlan.name) }
    }

    private mutating func addLinks(_ wanted: NamespacePlan, _ state: inout NamespaceState) {
        for bridge in wanted.bridges where state.interfaces[bridge.name] == nil {
            result.append(.addBridge(in: wanted.name, bridge))
        }
        if let vxlan = wanted.vxlan, state.interfaces[vxlan.name] == nil {
            result.append(.addVXLAN(in: wanted.name, vxlan))
        }
        if let uplink = wanted.uplink { addUplink(uplink, of: wanted, &state) }
        let own =
            [InterfaceName.loopback] + wanted.bridges.map(\.name)
            + [wanted.vxlan?.name, wanted.uplink?.interface].compactMap { $0 }
        for link in own where !(state.interfaces[link]?.link.isUp ?? isBornUp(link, wanted)) {
            result.append(.setUp(in: wanted.name, link: link))
        }
    }

    /// Bridges and VXLAN devices are created up; a veth's far end and the loopback are not.
    private func isBornUp(_ link: String, _ wanted: NamespacePlan) -> Bool {
        link != InterfaceName.loopback && link != wanted.uplink?.interface
    }

    private mutating func addUplink(_ uplink: UplinkPlan, of wanted: NamespacePlan, _ state: inout NamespaceState) {
        let namespace = wanted.name
        let near = observed[uplink.owner]?.interfaces[uplink.port]
        let far = state.interfaces[uplink.interface]
        if !hasOtherSettings(wanted), uplink.matches(near: near, far: far), let near, let far {
            if near.bridge != uplink.bridge {
                result.append(.setMaster(in: uplink.owner, link: uplink.port, bridge: uplink.bridge))
            }
            if !near.link.isUp { result.append(.setUp(in: uplink.owner, link: uplink.port)) }
            if near.hasChecksumOffload { result.append(.disableChecksumOffload(in: uplink.owner, link: uplink.port)) }
            if far.hasChecksumOffload { result.append(.disableChecksumOffload(in: namespace, link: uplink.interface)) }
            return
        }
        if near != nil { result.append(.removeLink(in: uplink.owner, link: uplink.port)) }
        // The near end's removal has taken its peer along, unless this is the end of another pair.
        if let far, near?.link.peerIndex != far.link.index {
            result.append(.removeLink(in: namespace, link: uplink.interface))
        }
        state.remove(link: uplink.interface)
        result.append(.addUplink(of: namespace, uplink))
        result.append(.disableChecksumOffload(in: uplink.owner, link: uplink.port))
        result.append(.disableChecksumOffload(in: namespace, link: uplink.interface))
    }

    private mutating func convergeTables(_ wanted: NamespacePlan, _ state: NamespaceState) {
        let name = wanted.name
        let old = earlier[name, default: []]
        // Removal goes backwards: the kernel takes along what depends on an address.
        for entry in unwanted(old.flatMap(\.forwarding), wanted.forwarding, state.forwarding) {
            result.append(.removeForwarding(in: name, entry))
        }
        for neighbor in unwanted(old.flatMap(\.neighbors), wanted.neighbors, state.neighbors) {
            result.append(.removeNeighbor(in: name, neighbor))
        }
        for route in unwanted(old.flatMap(\.routes), wanted.routes, state.routes) {
            result.append(.removeRoute(in: name, route))
        }
        var routes = state.routes
        for address in unwanted(old.flatMap(\.addresses), wanted.addresses, state.addresses) {
            result.append(.removeAddress(in: name, address))
            // With an interface's last IPv4 address go all of its IPv4 routes; replacing one that stayed does no harm.
            let family = address.address.address.family
            routes = routes.filter { $0.link != address.link || $0.destination.family != family }
        }
        for address in wanted.addresses where !state.addresses.contains(address) {
            result.append(.addAddress(in: name, address))
        }
        for route in wanted.routes where !routes.contains(route) { result.append(.replaceRoute(in: name, route)) }
        for neighbor in wanted.neighbors where !state.neighbors.contains(neighbor) {
            result.append(.replaceNeighbor(in: name, neighbor))
        }
        for entry in wanted.forwarding where !state.forwarding.contains(entry) {
            result.append(.replaceForwarding(in: name, entry))
        }
        let hadHostPorts = old.contains { !$0.hostPorts.isEmpty }
        let families = Set(wanted.hostPorts.map(\.podAddress.family))
        let isCurrent =
            state.hostPortFamilies.isSuperset(of: families) && !old.isEmpty
            && old.allSatisfy { $0.hostPorts == wanted.hostPorts }
        if wanted.hostPorts.isEmpty ? hadHostPorts && !state.hostPortFamilies.isEmpty : !isCurrent {
            result.append(.replaceHostPorts(in: name, wanted.hostPorts))
        }
    }

    /// What was planned earlier, is no longer, and is there, each once.
    private func unwanted<Element: Hashable>(
        _ earlier: [Element], _ wanted: [Element], _ present: Set<Element>
    ) -> [Element] {
        guard !present.isEmpty else { return [] }
        var kept = Set(wanted)
        return earlier.filter { present.contains($0) && kept.insert($0).inserted }
    }
}

extension BridgePlan {
    fileprivate func matches(_ interface: NamespaceState.Interface?) -> Bool {
        guard let link = interface?.link else { return true }
        return link.kind == "bridge" && link.address == station && link.mtu == mtu
    }
}

extension VXLANPlan {
    fileprivate func matches(_ interface: NamespaceState.Interface?) -> Bool {
        guard let link = interface?.link else { return true }
        return link.kind == "vxlan" && link.address == station && link.mtu == mtu && link.vxlan == settings
    }
}

extension UplinkPlan {
    fileprivate func matches(near: NamespaceState.Interface?, far: NamespaceState.Interface?) -> Bool {
        guard let near = near?.link, let far = far?.link else { return false }
        return near.kind == "veth" && far.kind == "veth" && near.peerIndex == far.index && far.peerIndex == near.index
            && far.address == station && near.mtu == mtu && far.mtu == mtu && near.isHairpin == isHairpin
    }
}
