public import Addressing

/// A unicast route of the main table (`ip route show`).
public struct Route: Hashable, Sendable {
    /// Where packets of a route go next.
    public struct NextHop: Hashable, Sendable {
        /// The router's address; nil where the destination is on the link.
        public var gateway: IPAddress?
        /// The interface's index.
        public var link: Int32
        /// The share of flows that take this hop, 1 to 256 (ECMP).
        public var weight: Int
        /// Whether the gateway counts as on the link although no address says so.
        public var isOnLink: Bool

        /// Makes a next hop.
        public init(gateway: IPAddress? = nil, link: Int32, weight: Int = 1, isOnLink: Bool = false) {
            self.gateway = gateway
            self.link = link
            self.weight = weight
            self.isOnLink = isOnLink
        }
    }

    /// The destinations; 0.0.0.0/0 or ::/0 for the default route.
    public var destination: CIDR
    /// One or more next hops.
    public var nextHops: [NextHop]
    /// The address that local sockets take as their source, or nil for the interface's own.
    public var preferredSource: IPAddress?
    /// Who made the route (RTPROT_*): 2 the kernel, 3 at boot, 4 an administrator.
    public var routingProtocol: UInt8 = 3

    /// Makes a route.
    public init(_ destination: CIDR, via nextHops: [NextHop], preferredSource: IPAddress? = nil) {
        self.destination = destination
        self.nextHops = nextHops
        self.preferredSource = preferredSource
    }
}
