public import Addressing

/// A network interface as the kernel reports it (`ip -d link show`).
public struct Link: Hashable, Sendable {
    /// Its number, unique in its namespace.
    public var index: Int32
    /// Its name, at most 15 bytes.
    public var name: String
    /// Its further names (`ip link property add altname`).
    public var alternativeNames: [String] = []
    /// What the driver calls itself: `veth`, `bridge`, `vxlan`; nil for the loopback and physical devices.
    public var kind: String?
    /// Its Ethernet address, where it has one.
    public var address: MACAddress?
    /// The largest packet, in bytes.
    public var mtu: Int = 0
    /// The index of the bridge that it is a port of.
    public var master: Int32?
    /// The index of the other end of a veth, in that end's namespace.
    public var peerIndex: Int32?
    /// Whether it is administratively up (IFF_UP).
    public var isUp: Bool = false
    /// The settings of a VXLAN device.
    public var vxlan: VXLANSettings?
    /// Whether packets pass: the kernel has seen the carrier and started the queue (IF_OPER_UP, RFC 2863). The kernel
    /// gets there some time after the request that brought the link up has returned.
    public var isOperational: Bool = false
    /// Whether the bridge that it is a port of passes frames to and from it (BR_STATE_FORWARDING).
    public var isForwarding: Bool = false
    /// Whether the bridge that it is a port of sends frames back out of it that came in by it (IFLA_BRPORT_MODE).
    public var isHairpin: Bool = false
}

/// The settings of a VXLAN device (RFC 7348, IFLA_VXLAN_*).
public struct VXLANSettings: Hashable, Sendable, Codable {
    /// The VXLAN network identifier, 24 bits.
    public var identifier: UInt32
    /// The outer source address.
    public var local: IPAddress
    /// The outer destination port; Flannel uses 8472, the RFC 4789.
    public var port: UInt16

    /// Makes settings.
    public init(identifier: UInt32, local: IPAddress, port: UInt16) {
        self.identifier = identifier
        self.local = local
        self.port = port
    }
}

/// One end of a veth pair that is to be created.
public struct VethEnd: Hashable, Sendable {
    /// The interface's name.
    public var name: String
    /// Its Ethernet address; the kernel chooses one where it is nil.
    public var address: MACAddress?
    /// The largest packet, in bytes.
    public var mtu: Int

    /// Describes an end.
    public init(name: String, address: MACAddress? = nil, mtu: Int = 1500) {
        self.name = name
        self.address = address
        self.mtu = mtu
    }
}
