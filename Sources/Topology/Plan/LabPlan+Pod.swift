internal import Addressing

extension LabPlan {
    /// A pod: a veth into its node's bridge, or a second name for its node's namespace.
    mutating func plan(_ pod: PodSpec) -> NamespacePlan {
        var plan = NamespacePlan(
            name: RuntimeName.pod(namespace: pod.namespace, name: pod.name, lab: spec.name),
            role: .pod(namespace: pod.namespace, name: pod.name))
        let nodeNamespace = RuntimeName.node(pod.node, lab: spec.name)
        guard !pod.hostNetwork else {
            plan.sharedWith = nodeNamespace
            return plan
        }
        guard let primary = pod.address.first, let node = spec.nodes.first(where: { $0.name == pod.node }) else {
            return plan
        }
        plan.sysctls = Sysctls.endpoint(families: pod.address.map(\.family))
        plan.uplink = uplink(
            of: plan.name, to: nodeNamespace, bridge: InterfaceName.podBridge,
            station: Station.interface(primary), mtu: podMTU, isHairpin: spec.components.serviceProxy != nil)
        for address in pod.address {
            guard let block = node.podCIDR.first(where: { $0.contains(address) }), let gateway = block.address(at: 1),
                let everywhere = CIDR(containing: .unspecified(block.family), prefixLength: 0)
            else { continue }
            plan.addresses.append(
                AddressPlan(link: InterfaceName.uplink, address: InterfaceAddress(address, in: block)))
            plan.routes.append(
                RoutePlan(destination: everywhere, gateway: gateway, link: InterfaceName.uplink, isOnLink: false))
        }
        plan.neighbors = neighbors(of: pod, on: node)
        return plan
    }

    /// The gateway, and the pods on the same node.
    private func neighbors(of pod: PodSpec, on node: NodeSpec) -> [NeighborPlan] {
        var neighbors: [NeighborPlan] = []
        let gateways = node.podCIDR.compactMap { $0.address(at: 1) }
        if let primary = gateways.first {
            neighbors += gateways.map {
                NeighborPlan(link: InterfaceName.uplink, address: $0, station: Station.interface(primary))
            }
        }
        let siblings = podsByNode[node.name] ?? []
        guard siblings.count <= Self.largestFullMesh else { return neighbors }
        for sibling in siblings where sibling.address != pod.address {
            neighbors += podNeighbors(sibling, link: InterfaceName.uplink)
        }
        return neighbors
    }

    /// The entries by which others on its link know a pod.
    func podNeighbors(_ pod: PodSpec, link: String) -> [NeighborPlan] {
        guard let primary = pod.address.first else { return [] }
        let station = Station.interface(primary)
        return pod.address.map { NeighborPlan(link: link, address: $0, station: station) }
    }
}
