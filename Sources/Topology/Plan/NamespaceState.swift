public import Addressing
public import Netlink

/// What a namespace of the lab holds now, in the plan's terms.
public struct NamespaceState: Hashable, Sendable {
    /// An interface as it is.
    public struct Interface: Hashable, Sendable {
        /// What the kernel reports.
        public var link: Link
        /// The name of the bridge that it is a port of.
        public var bridge: String?
        /// Whether it leaves checksums to hardware.
        public var hasChecksumOffload: Bool

        /// Describes an interface.
        public init(link: Link, bridge: String?, hasChecksumOffload: Bool) {
            self.link = link
            self.bridge = bridge
            self.hasChecksumOffload = hasChecksumOffload
        }
    }

    /// The interfaces by name.
    public var interfaces: [String: Interface] = [:]
    /// The settings that the plan names, as far as the kernel has them.
    public var sysctls: [String: String] = [:]
    /// All addresses.
    public var addresses: Set<AddressPlan> = []
    /// Routes with one next hop: those through a gateway, and default routes.
    public var routes: Set<RoutePlan> = []
    /// Permanent neighbours.
    public var neighbors: Set<NeighborPlan> = []
    /// Permanent forwarding entries of VXLAN devices.
    public var forwarding: Set<ForwardingPlan> = []
    /// The families whose hostPort tables are there.
    public var hostPortFamilies: Set<AddressFamily> = []
    /// The kernel's number of the namespace.
    public var inode: UInt64 = 0

    /// A namespace that was just made.
    public init() {}

    /// Forgets an interface and all that goes with it when it is removed.
    mutating func remove(link: String) {
        interfaces[link] = nil
        for (name, interface) in interfaces where interface.bridge == link { interfaces[name]?.bridge = nil }
        addresses = addresses.filter { $0.link != link }
        routes = routes.filter { $0.link != link }
        neighbors = neighbors.filter { $0.link != link }
        forwarding = forwarding.filter { $0.link != link }
    }
}
