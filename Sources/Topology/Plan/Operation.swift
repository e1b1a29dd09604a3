public import Nftables

/// One change to the kernel on the way from what is to what the plan says. Namespaces and interfaces are named; who
/// carries an operation out knows their descriptors and indexes.
public enum Operation: Hashable, Sendable {
    /// Makes an empty network namespace under a name and writes its settings.
    case createNamespace(String, sysctls: [SysctlSetting])
    /// Gives an existing namespace a second name.
    case shareNamespace(String, of: String)
    /// Removes a name, and with its last name the namespace and all that is in it.
    case removeNamespace(String)
    case writeSysctl(in: String, SysctlSetting)
    case addBridge(in: String, BridgePlan)
    case addVXLAN(in: String, VXLANPlan)
    /// Makes both ends of a veth pair, the near one as a port of its bridge, with its name for people.
    ///
    /// It is several times as large as the others, of which a plan has thousands.
    indirect case addUplink(of: String, UplinkPlan)
    case removeLink(in: String, link: String)
    case setUp(in: String, link: String)
    case setMaster(in: String, link: String, bridge: String)
    case disableChecksumOffload(in: String, link: String)
    case addAddress(in: String, AddressPlan)
    case removeAddress(in: String, AddressPlan)
    case replaceRoute(in: String, RoutePlan)
    case removeRoute(in: String, RoutePlan)
    case replaceNeighbor(in: String, NeighborPlan)
    case removeNeighbor(in: String, NeighborPlan)
    case replaceForwarding(in: String, ForwardingPlan)
    case removeForwarding(in: String, ForwardingPlan)
    /// Makes the node's hostPort tables hold exactly these mappings.
    case replaceHostPorts(in: String, [HostPortMapping])
}

extension Operation {
    /// The namespace whose network the operation changes; of a veth pair, the bridge's.
    public var namespace: String {
        switch self {
        case .createNamespace(let name, _), .shareNamespace(let name, _), .removeNamespace(let name): name
        case .addUplink(_, let uplink): uplink.owner
        case .writeSysctl(let name, _), .addBridge(let name, _), .addVXLAN(let name, _), .removeLink(let name, _),
            .setUp(let name, _), .setMaster(let name, _, _), .disableChecksumOffload(let name, _),
            .addAddress(let name, _), .removeAddress(let name, _), .replaceRoute(let name, _),
            .removeRoute(let name, _),
            .replaceNeighbor(let name, _), .removeNeighbor(let name, _), .replaceForwarding(let name, _),
            .removeForwarding(let name, _), .replaceHostPorts(let name, _):
            name
        }
    }

    /// What undoes an operation that has made something, or nil where nothing was made. Removing is not undone.
    public var inverse: Operation? {
        switch self {
        case .createNamespace(let name, _), .shareNamespace(let name, _): .removeNamespace(name)
        case .addBridge(let name, let bridge): .removeLink(in: name, link: bridge.name)
        case .addVXLAN(let name, let vxlan): .removeLink(in: name, link: vxlan.name)
        case .addUplink(_, let uplink): .removeLink(in: uplink.owner, link: uplink.port)
        case .addAddress(let name, let address): .removeAddress(in: name, address)
        case .replaceRoute(let name, let route): .removeRoute(in: name, route)
        case .replaceNeighbor(let name, let neighbor): .removeNeighbor(in: name, neighbor)
        case .replaceForwarding(let name, let entry): .removeForwarding(in: name, entry)
        default: nil
        }
    }
}
