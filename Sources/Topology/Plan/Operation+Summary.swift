extension Operation {
    /// What the operation does, as words behind "cannot": `add the address 10.244.1.5/24 to eth0 in two-node.default.pod-a`.
    public var summary: String {
        switch self {
        case .createNamespace(let name, _): "create the network namespace \(name)"
        case .shareNamespace(let name, let other): "give the network namespace \(other) the further name \(name)"
        case .removeNamespace(let name): "remove the network namespace \(name)"
        case .writeSysctl(let name, let setting): "set \(setting.name) to \(setting.value) in \(name)"
        case .addBridge(let name, let bridge): "create the bridge \(bridge.name) in \(name)"
        case .addVXLAN(let name, let vxlan): "create the VXLAN device \(vxlan.name) in \(name)"
        case .addUplink(let name, let uplink):
            "create the veth pair from \(uplink.interface) in \(name) to \(uplink.bridge) in \(uplink.owner)"
        case .removeLink(let name, let link): "remove the interface \(link) in \(name)"
        case .setUp(let name, let link): "bring up \(link) in \(name)"
        case .setMaster(let name, let link, let bridge): "make \(link) a port of \(bridge) in \(name)"
        case .disableChecksumOffload(let name, let link): "turn off the checksum offload of \(link) in \(name)"
        case .addAddress(let name, let plan): "add the address \(plan.address) to \(plan.link) in \(name)"
        case .removeAddress(let name, let plan): "remove the address \(plan.address) from \(plan.link) in \(name)"
        case .replaceRoute(let name, let route): "add the route to \(route) in \(name)"
        case .removeRoute(let name, let route):
            "remove the route to \(route) in \(name)"
        case .replaceNeighbor(let name, let plan): "add the neighbour \(plan.address) of \(plan.link) in \(name)"
        case .removeNeighbor(let name, let plan): "remove the neighbour \(plan.address) of \(plan.link) in \(name)"
        case .replaceForwarding(let name, let plan):
            "add the forwarding entry to \(plan.remote) of \(plan.link) in \(name)"
        case .removeForwarding(let name, let plan):
            "remove the forwarding entry to \(plan.remote) of \(plan.link) in \(name)"
        case .replaceHostPorts(let name, let mappings): "program \(mappings.count) hostPorts in \(name)"
        }
    }
}
