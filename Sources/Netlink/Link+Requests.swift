public import Addressing
internal import CLinux

extension NetlinkRequest {
    /// Creates a bridge. `ip link add NAME address ADDRESS mtu MTU up type bridge`
    public static func addBridge(
        name: String, address: MACAddress, mtu: Int
    ) -> NetlinkRequest {
        newLink(name: name, address: address, mtu: mtu, kind: "bridge") { data in
            // A port forwards at once: there are no loops, and no spanning tree to wait for.
            data.attribute(IFLA_BR_FORWARD_DELAY, UInt32(0))
            data.attribute(IFLA_BR_STP_STATE, UInt32(0))
            // Nothing here speaks IGMP or MLD to a querier; without one, snooping may lose multicast.
            data.attribute(IFLA_BR_MCAST_SNOOPING, UInt8(0))
        }
    }

    /// Creates a VXLAN device that learns nothing: its forwarding entries are programmed.
    /// `ip link add NAME … up type vxlan id ID local LOCAL dstport PORT nolearning`
    public static func addVXLAN(
        name: String, address: MACAddress, mtu: Int, settings: VXLANSettings
    ) -> NetlinkRequest {
        newLink(name: name, address: address, mtu: mtu, kind: "vxlan") { data in
            data.attribute(IFLA_VXLAN_ID, settings.identifier)
            switch settings.local {
            case .v4: data.attribute(IFLA_VXLAN_LOCAL, bytes: settings.local.bytes)
            case .v6: data.attribute(IFLA_VXLAN_LOCAL6, bytes: settings.local.bytes)
            }
            data.attribute(IFLA_VXLAN_PORT, settings.port.bigEndian)
            data.attribute(IFLA_VXLAN_LEARNING, UInt8(0))
        }
    }

    /// Creates a veth pair with each end in its final namespace, so that a crash strands neither.
    /// `ip link add NAME … numtxqueues 1 numrxqueues 1 up master MASTER type veth peer name PEER … netns NS`
    ///
    /// Each end has one queue in each direction, as it would have without a word about them; but then the kernel makes one
    /// a processor, and takes all but one away again, which waits for RCU under the RTNL lock: half of the time that a pod
    /// takes. Without these waits carriers come faster than the kernel notices them by itself (see `getLink(_:)`).
    ///
    /// - Parameters:
    ///   - near: the end in the handle's namespace; it is up when the request returns.
    ///   - master: the index of the bridge that the near end becomes a port of.
    ///   - far: the end in the other namespace; it stays down, since bringing it up here gives ENOTCONN.
    ///   - namespace: an open descriptor of the far end's network namespace.
    public static func addVeth(near: VethEnd, master: Int32?, far: VethEnd, namespace: Int32) -> NetlinkRequest {
        NetlinkRequest(type: NetlinkConstants.newLink, flags: NetlinkConstants.create | NetlinkConstants.exclusive) {
            $0.append(interface(flags: interfaceUp, change: interfaceUp))
            $0.identity(of: near)
            $0.singleQueues()
            if let master { $0.attribute(IFLA_MASTER, master) }
            $0.nested(IFLA_LINKINFO) { info in
                info.attribute(IFLA_INFO_KIND, string: "veth")
                info.nested(IFLA_INFO_DATA) { data in
                    data.nested(VETH_INFO_PEER) { peer in
                        peer.append(interface())
                        peer.identity(of: far)
                        peer.singleQueues()
                        peer.attribute(IFLA_NET_NS_FD, namespace)
                    }
                }
            }
        }
    }

    /// Removes an interface, and with a veth its other end. `ip link delete`
    public static func deleteLink(_ name: String) -> NetlinkRequest {
        NetlinkRequest(type: NetlinkConstants.deleteLink) { $0.append(interface: name) }
    }

    /// Brings an interface up or down. `ip link set DEV up`
    public static func setLink(_ name: String, up: Bool) -> NetlinkRequest {
        NetlinkRequest(type: NetlinkConstants.newLink) {
            $0.append(interface(flags: up ? interfaceUp : 0, change: interfaceUp))
            $0.attribute(IFLA_IFNAME, string: name)
        }
    }

    /// Asks for one interface, without its counters. `ip link show dev DEV`
    ///
    /// The kernel works off carriers that have come in a work queue of its own, a hundred or two at a time, and the next ones
    /// up to a second later. Before it answers this question (since Linux 6.8) it does so for the interface at once: the
    /// queue is started, the bridge forwards.
    public static func getLink(_ name: String) -> NetlinkRequest {
        NetlinkRequest(type: NetlinkConstants.getLink) {
            $0.append(interface: name)
            $0.attribute(IFLA_EXT_MASK, UInt32(RTEXT_FILTER_SKIP_STATS))
        }
    }

    /// Sets the largest packet, in bytes. `ip link set DEV mtu MTU`
    public static func setLink(_ name: String, mtu: Int) -> NetlinkRequest {
        NetlinkRequest(type: NetlinkConstants.newLink) {
            $0.append(interface: name)
            $0.attribute(IFLA_MTU, UInt32(mtu))
        }
    }

    /// Makes an interface a port of the bridge with an index. `ip link set DEV master BRIDGE`
    public static func setLink(_ name: String, master: Int32) -> NetlinkRequest {
        NetlinkRequest(type: NetlinkConstants.newLink) {
            $0.append(interface: name)
            $0.attribute(IFLA_MASTER, master)
        }
    }

    /// Gives an interface a further name of up to 127 bytes. `ip link property add dev DEV altname NAME`
    public static func addAlternativeName(_ alternative: String, to name: String) -> NetlinkRequest {
        NetlinkRequest(
            type: NetlinkConstants.newLinkProperty, flags: NetlinkConstants.create | NetlinkConstants.exclusive
        ) {
            $0.append(interface: name)
            $0.nested(IFLA_PROP_LIST, flagged: true) { $0.attribute(IFLA_ALT_IFNAME, string: alternative) }
        }
    }

    static func interface(flags: UInt32 = 0, change: UInt32 = 0) -> ifinfomsg {
        ifinfomsg(
            ifi_family: UInt8(AF_UNSPEC), __ifi_pad: 0, ifi_type: 0, ifi_index: 0, ifi_flags: flags, ifi_change: change)
    }

    private static func newLink(
        name: String, address: MACAddress, mtu: Int, kind: String,
        data: (inout MessageWriter) -> Void
    ) -> NetlinkRequest {
        NetlinkRequest(type: NetlinkConstants.newLink, flags: NetlinkConstants.create | NetlinkConstants.exclusive) {
            $0.append(interface(flags: interfaceUp, change: interfaceUp))
            $0.identity(of: VethEnd(name: name, address: address, mtu: mtu))
            $0.nested(IFLA_LINKINFO) { info in
                info.attribute(IFLA_INFO_KIND, string: kind)
                info.nested(IFLA_INFO_DATA, data)
            }
        }
    }
}

extension MessageWriter {
    /// The header and the name of the interface that a request is about.
    fileprivate mutating func append(interface name: String) {
        append(NetlinkRequest.interface())
        attribute(IFLA_IFNAME, string: name)
    }

    /// The name, Ethernet address and MTU of an interface.
    fileprivate mutating func identity(of end: VethEnd) {
        attribute(IFLA_IFNAME, string: end.name)
        if let address = end.address { attribute(IFLA_ADDRESS, bytes: address.bytes) }
        attribute(IFLA_MTU, UInt32(end.mtu))
    }

    fileprivate mutating func singleQueues() {
        attribute(IFLA_NUM_TX_QUEUES, UInt32(1))
        attribute(IFLA_NUM_RX_QUEUES, UInt32(1))
    }
}

extension MessageWriter {
    /// An attribute whose type the importer gives as a C enumeration.
    mutating func attribute<Type: RawRepresentable<UInt32>, Value: BitwiseCopyable>(_ type: Type, _ value: Value) {
        attribute(type.rawValue, value)
    }
}
