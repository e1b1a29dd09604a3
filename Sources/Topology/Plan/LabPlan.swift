internal import Addressing
internal import Netlink

/// The namespaces of a lab and what each holds, in the order in which they can be built.
///
///     ┌ lab.underlay ──────────────── underlay0 ───────────────┐
///     │          │                        │                    │
///     │  lab.node1  eth0          lab.node2  eth0      lab.host.client  eth0
///     │       vxlan.1, cni0            vxlan.1, cni0
///     │          │
///     │  lab.default.pod-a  eth0
///
/// Everything follows from the spec: the same spec gives the same plan, down to Ethernet addresses.
public struct LabPlan: Hashable, Sendable {
    /// What the plan was made from.
    public let spec: LabSpec
    /// The underlay, the nodes, the hosts, the pods.
    public private(set) var namespaces: [NamespacePlan] = []

    /// A node with more pods than this leaves it to ARP and neighbour discovery how its pods find each other: entries
    /// for every pair would grow with the square.
    static let largestFullMesh = 256
    static let vxlanPort: UInt16 = 8472
    static let vxlanIdentifier: UInt32 = 1

    /// The pods with a network of their own, by node.
    let podsByNode: [String: [PodSpec]]
    private var takenNames: Set<String> = []

    /// Plans a lab.
    public init(_ spec: LabSpec) {
        self.spec = spec
        podsByNode = Dictionary(grouping: spec.pods.filter { !$0.hostNetwork }, by: \.node)
        namespaces.append(underlay())
        if !spec.underlay.controlPlane.isEmpty { namespaces.append(controlPlane()) }
        for node in spec.nodes { namespaces.append(plan(node)) }
        for host in spec.hosts { namespaces.append(plan(host)) }
        for pod in spec.pods { namespaces.append(plan(pod)) }
    }

    /// The plan of one namespace.
    public subscript(_ name: String) -> NamespacePlan? {
        namespaces.first { $0.name == name }
    }

    /// The largest packet that pods can send to each other.
    public var podMTU: Int {
        switch spec.components.podNetwork {
        case .hostGateway: spec.underlay.mtu
        case .vxlan: spec.underlay.mtu - (outerFamily == .ipv4 ? 50 : 70)
        }
    }

    /// The family that carries VXLAN between nodes.
    var outerFamily: AddressFamily { spec.underlay.cidr.first?.family ?? .ipv4 }

    /// Joins a namespace to a bridge.
    mutating func uplink(
        of namespace: String, to ownerNamespace: String, bridge: String, station: MACAddress, mtu: Int,
        isHairpin: Bool = false
    ) -> UplinkPlan {
        let port = InterfaceName.veth(for: namespace, taken: &takenNames)
        return UplinkPlan(
            owner: ownerNamespace, bridge: bridge, port: port, portStation: Station.port(port),
            alternativeName: InterfaceName.alternative(for: namespace, lab: spec.name), interface: InterfaceName.uplink,
            station: station, mtu: mtu, isHairpin: isHairpin)
    }

    private func underlay() -> NamespacePlan {
        var plan = NamespacePlan(name: RuntimeName.underlay(lab: spec.name), role: .underlay)
        // Frames pass here, packets do not: the underlay has no addresses, and says nothing of its own.
        plan.sysctls = [SysctlSetting("net/ipv6/conf/default/disable_ipv6", "1", isOptional: true)]
        plan.bridges = [
            BridgePlan(
                name: InterfaceName.underlayBridge, station: Station.port(plan.name), mtu: spec.underlay.mtu)
        ]
        return plan
    }

    /// Where the API server listens: on the underlay, with routes to the pods through their nodes.
    private mutating func controlPlane() -> NamespacePlan {
        var plan = NamespacePlan(name: RuntimeName.controlPlane(lab: spec.name), role: .controlPlane)
        plan.sysctls = Sysctls.endpoint(families: spec.underlay.cidr.map(\.family))
        join(&plan, addresses: spec.underlay.controlPlane)
        for node in spec.nodes {
            for block in node.podCIDR {
                guard let gateway = node.address.first(where: { $0.family == block.family }) else { continue }
                plan.routes.append(
                    RoutePlan(destination: block, gateway: gateway, link: InterfaceName.uplink, isOnLink: false))
            }
        }
        return plan
    }

    private mutating func plan(_ host: HostSpec) -> NamespacePlan {
        var plan = NamespacePlan(name: RuntimeName.host(host.name, lab: spec.name), role: .host(host.name))
        plan.sysctls = Sysctls.endpoint(families: spec.underlay.cidr.map(\.family))
        join(&plan, addresses: host.address)
        return plan
    }

    /// Puts a node or host on the underlay: veth, addresses, and its neighbours there.
    mutating func join(_ plan: inout NamespacePlan, addresses: [IPAddress]) {
        guard let primary = addresses.first else { return }
        plan.uplink = uplink(
            of: plan.name, to: RuntimeName.underlay(lab: spec.name), bridge: InterfaceName.underlayBridge,
            station: Station.interface(primary), mtu: spec.underlay.mtu)
        for address in addresses {
            guard let block = spec.underlay.cidr.first(where: { $0.contains(address) }) else { continue }
            plan.addresses.append(
                AddressPlan(link: InterfaceName.uplink, address: InterfaceAddress(address, in: block)))
        }
        let others = spec.nodes.map(\.address) + spec.hosts.map(\.address) + [spec.underlay.controlPlane]
        for other in others where other != addresses {
            guard let primary = other.first else { continue }
            plan.neighbors += other.map {
                NeighborPlan(link: InterfaceName.uplink, address: $0, station: Station.interface(primary))
            }
        }
    }
}
