public import Addressing
public import Netlink
public import Nftables

/// What one network namespace of a lab is to hold. Interfaces are named, never numbered: numbers are the kernel's.
public struct NamespacePlan: Hashable, Sendable {
    /// Whose network the namespace is.
    public enum Role: Hashable, Sendable {
        case underlay
        case controlPlane
        case node(String)
        case host(String)
        case pod(namespace: String, name: String)
    }

    /// Its name below /run/netns.
    public let name: String
    /// Whose network it is.
    public let role: Role
    /// The namespace that this name is a second one of: a hostNetwork pod's node.
    public var sharedWith: String?
    /// Settings, written before there are interfaces, so that these inherit them.
    public var sysctls: [SysctlSetting] = []
    /// The bridges that live here.
    public var bridges: [BridgePlan] = []
    /// The VXLAN device, where packets travel between nodes in VXLAN.
    public var vxlan: VXLANPlan?
    /// The veth pair to the bridge of another namespace.
    public var uplink: UplinkPlan?
    /// Addresses by interface.
    public var addresses: [AddressPlan] = []
    /// Routes beyond those that follow from the addresses.
    public var routes: [RoutePlan] = []
    /// Permanent neighbours.
    public var neighbors: [NeighborPlan] = []
    /// Permanent forwarding entries of the VXLAN device.
    public var forwarding: [ForwardingPlan] = []
    /// The hostPorts of the pods on this node.
    public var hostPorts: [HostPortMapping] = []

    init(name: String, role: Role) {
        self.name = name
        self.role = role
    }
}

/// A kernel setting, such as net/ipv4/ip_forward.
public struct SysctlSetting: Hashable, Sendable {
    /// The path below /proc/sys.
    public let name: String
    /// What is written.
    public let value: String
    /// Whether a kernel without this setting will do.
    public let isOptional: Bool

    init(_ name: String, _ value: String, isOptional: Bool = false) {
        self.name = name
        self.value = value
        self.isOptional = isOptional
    }
}

/// A bridge.
public struct BridgePlan: Hashable, Sendable {
    /// Its name.
    public let name: String
    /// Its Ethernet address.
    public let station: MACAddress
    /// The largest packet, in bytes.
    public let mtu: Int
}

/// A VXLAN device.
public struct VXLANPlan: Hashable, Sendable {
    /// Its name.
    public let name: String
    /// Its Ethernet address, which the other nodes program as a station.
    public let station: MACAddress
    /// The largest inner packet, in bytes.
    public let mtu: Int
    /// Identifier, outer source and port.
    public let settings: VXLANSettings
}

/// A veth pair that joins a namespace to a bridge elsewhere.
///
///     owner's namespace                 this namespace
///     bridge ── veth1a2b3c4d ────────── eth0
public struct UplinkPlan: Hashable, Sendable {
    /// The namespace of the bridge.
    public let owner: String
    /// The bridge that the near end is a port of.
    public let bridge: String
    /// The near end's name.
    public let port: String
    /// The near end's Ethernet address.
    public let portStation: MACAddress
    /// The near end's name for people.
    public let alternativeName: String
    /// The far end's name.
    public let interface: String
    /// The far end's Ethernet address.
    public let station: MACAddress
    /// The largest packet of both ends, in bytes.
    public let mtu: Int
    /// Whether the bridge sends frames back to where they came from: a pod that reaches itself through a Service.
    public let isHairpin: Bool
}

/// An address on an interface.
public struct AddressPlan: Hashable, Sendable {
    /// The interface's name.
    public let link: String
    /// The address and its on-link prefix.
    public let address: InterfaceAddress

    /// Puts an address on an interface.
    public init(link: String, address: InterfaceAddress) {
        self.link = link
        self.address = address
    }
}

/// A route with one next hop.
public struct RoutePlan: Hashable, Sendable {
    /// The destinations.
    public let destination: CIDR
    /// The next router; nil where the destinations are on the link.
    public let gateway: IPAddress?
    /// The interface's name.
    public let link: String
    /// Whether the gateway is on the link although no address says so.
    public let isOnLink: Bool

    /// Makes a route.
    public init(destination: CIDR, gateway: IPAddress?, link: String, isOnLink: Bool = false) {
        self.destination = destination
        self.gateway = gateway
        self.link = link
        self.isOnLink = isOnLink
    }
}

extension RoutePlan: CustomStringConvertible {
    /// The route as `ip route show` lists it.
    public var description: String {
        let via = gateway.map { " via \($0)" } ?? ""
        return "\(destination)\(via) dev \(link)\(isOnLink ? " onlink" : "")"
    }
}

/// A permanent neighbour.
public struct NeighborPlan: Hashable, Sendable {
    /// The interface's name.
    public let link: String
    /// The neighbour's IP address.
    public let address: IPAddress
    /// Its Ethernet address.
    public let station: MACAddress

    /// Makes an entry.
    public init(link: String, address: IPAddress, station: MACAddress) {
        self.link = link
        self.address = address
        self.station = station
    }
}

/// A permanent forwarding entry of a VXLAN device.
public struct ForwardingPlan: Hashable, Sendable {
    /// The device's name.
    public let link: String
    /// The station.
    public let station: MACAddress
    /// The outer destination of frames for it.
    public let remote: IPAddress

    /// Makes an entry.
    public init(link: String, station: MACAddress, remote: IPAddress) {
        self.link = link
        self.station = station
        self.remote = remote
    }
}
