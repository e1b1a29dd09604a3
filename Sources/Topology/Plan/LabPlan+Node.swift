internal import Addressing
internal import Netlink
internal import Nftables

extension LabPlan {
    /// A node: its place on the underlay, the bridge of its pods, and the way to the other nodes' pods.
    mutating func plan(_ node: NodeSpec) -> NamespacePlan {
        var plan = NamespacePlan(name: RuntimeName.node(node.name, lab: spec.name), role: .node(node.name))
        let families = Set(spec.underlay.cidr.map(\.family) + node.podCIDR.map(\.family))
        plan.sysctls = Sysctls.node(families: AddressFamily.allCases.filter(families.contains))
        join(&plan, addresses: node.address)
        addPodBridge(to: &plan, node)
        switch spec.components.podNetwork {
        case .hostGateway: addHostGatewayRoutes(to: &plan, node)
        case .vxlan: addVXLAN(to: &plan, node)
        }
        if spec.components.serviceProxy != nil { addDefaultRoutes(to: &plan, node) }
        plan.hostPorts = hostPorts(on: node)
        return plan
    }

    /// What a node itself sends to a Service's address has to be routed somewhere before a proxy rewrites it. Nothing is
    /// there but the underlay.
    private func addDefaultRoutes(to plan: inout NamespacePlan, _ node: NodeSpec) {
        for address in node.address {
            guard let everywhere = CIDR(containing: .unspecified(address.family), prefixLength: 0) else { continue }
            plan.routes.append(RoutePlan(destination: everywhere, gateway: nil, link: InterfaceName.uplink))
        }
    }

    private func addPodBridge(to plan: inout NamespacePlan, _ node: NodeSpec) {
        guard let gateway = node.podCIDR.first?.address(at: 1) else { return }
        plan.bridges = [
            BridgePlan(name: InterfaceName.podBridge, station: Station.interface(gateway), mtu: podMTU)
        ]
        for block in node.podCIDR {
            guard let gateway = block.address(at: 1) else { continue }
            plan.addresses.append(
                AddressPlan(link: InterfaceName.podBridge, address: InterfaceAddress(gateway, in: block)))
        }
        for pod in podsByNode[node.name] ?? [] {
            plan.neighbors += podNeighbors(pod, link: InterfaceName.podBridge)
        }
    }

    /// The other nodes' pod ranges, each through that node's underlay address of the same family.
    private func addHostGatewayRoutes(to plan: inout NamespacePlan, _ node: NodeSpec) {
        for other in spec.nodes where other.name != node.name {
            for block in other.podCIDR {
                guard let gateway = other.address.first(where: { $0.family == block.family }) else { continue }
                plan.routes.append(
                    RoutePlan(destination: block, gateway: gateway, link: InterfaceName.uplink, isOnLink: false))
            }
        }
    }

    /// As Flannel lays it out: the device owns the first address of the node's range, and for each other node there is
    /// a route through that node's first address, a neighbour entry for it and a forwarding entry to its underlay address.
    private func addVXLAN(to plan: inout NamespacePlan, _ node: NodeSpec) {
        guard let local = outerAddress(of: node) else { return }
        plan.vxlan = VXLANPlan(
            name: InterfaceName.vxlan, station: Station.vxlan(local), mtu: podMTU,
            settings: VXLANSettings(identifier: Self.vxlanIdentifier, local: local, port: Self.vxlanPort))
        plan.addresses += node.podCIDR.map {
            AddressPlan(link: InterfaceName.vxlan, address: InterfaceAddress(host: $0.network))
        }
        for other in spec.nodes where other.name != node.name {
            guard let remote = outerAddress(of: other) else { continue }
            let station = Station.vxlan(remote)
            plan.forwarding.append(ForwardingPlan(link: InterfaceName.vxlan, station: station, remote: remote))
            for block in other.podCIDR {
                plan.neighbors.append(NeighborPlan(link: InterfaceName.vxlan, address: block.network, station: station))
                plan.routes.append(
                    RoutePlan(destination: block, gateway: block.network, link: InterfaceName.vxlan, isOnLink: true))
            }
        }
    }

    private func outerAddress(of node: NodeSpec) -> IPAddress? {
        node.address.first { $0.family == outerFamily }
    }

    private func hostPorts(on node: NodeSpec) -> [HostPortMapping] {
        var mappings: [HostPortMapping] = []
        for pod in podsByNode[node.name] ?? [] {
            for port in pod.containers.flatMap(\.ports) {
                guard let hostPort = port.hostPort else { continue }
                for address in pod.address where port.hostIP.map({ $0.family == address.family }) ?? true {
                    mappings.append(
                        HostPortMapping(
                            hostIP: port.hostIP, hostPort: hostPort, protocolNumber: port.transport.protocolNumber,
                            podAddress: address, podPort: port.containerPort, comment: pod.qualifiedName))
                }
            }
        }
        return mappings
    }
}

extension Transport {
    /// The number in the IP header (IANA protocol numbers).
    public var protocolNumber: UInt8 {
        switch self {
        case .tcp: 6
        case .udp: 17
        case .sctp: 132
        }
    }
}
