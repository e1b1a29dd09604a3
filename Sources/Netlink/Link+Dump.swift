internal import Addressing
internal import CLinux

extension RouteHandle {
    /// All interfaces of the namespace. `ip -d link show`
    public func links() throws(NetlinkError) -> [Link] {
        let request = NetlinkRequest(type: NetlinkConstants.getLink) { $0.append(NetlinkRequest.interface()) }
        return try dump(request) { message in
            message.type == NetlinkConstants.newLink ? Link(message) : nil
        }
    }

    /// The interfaces of these names, each asked for by itself, which has the kernel notice their carriers. What does not
    /// exist is left out. `ip link show dev DEV`
    public func links(named names: [String]) throws(NetlinkError) -> [Link] {
        // An answer takes up to 4 KB of the socket's buffer.
        try query(names.map { .getLink($0) }, atOnce: 32) { message in
            message.type == NetlinkConstants.newLink ? Link(message) : nil
        }
    }
}

extension Link {
    init?(_ message: ReceivedMessage) {
        guard let header = message.payload.load(ifinfomsg.self) else { return nil }
        self.init(index: header.ifi_index, name: "")
        isUp = header.ifi_flags & interfaceUp != 0
        for (type, value) in message.attributes(after: ifinfomsg.self) {
            switch type {
            case Int(IFLA_IFNAME): name = value.string
            case Int(IFLA_ADDRESS): address = MACAddress(bytes: value)
            case Int(IFLA_MTU): mtu = Int(value.load(UInt32.self) ?? 0)
            case Int(IFLA_MASTER): master = value.load(Int32.self)
            case Int(IFLA_LINK): peerIndex = value.load(Int32.self)
            case Int(IFLA_PROP_LIST):
                alternativeNames = Attributes(value).filter { $0.type == Int(IFLA_ALT_IFNAME) }.map(\.value.string)
            case Int(IFLA_OPERSTATE): isOperational = value.first == UInt8(IF_OPER_UP)
            case Int(IFLA_LINKINFO): read(information: value)
            default: break
            }
        }
        if kind != "veth" { peerIndex = nil }
    }

    private mutating func read(information: ArraySlice<UInt8>) {
        var data: ArraySlice<UInt8> = []
        for (type, value) in Attributes(information) {
            switch type {
            case Int(IFLA_INFO_KIND): kind = value.string
            case Int(IFLA_INFO_DATA): data = value
            case Int(IFLA_INFO_SLAVE_DATA):
                let state = Attributes(value).first { $0.type == Int(IFLA_BRPORT_STATE) }
                isForwarding = state?.value.first == UInt8(BR_STATE_FORWARDING)
            default: break
            }
        }
        if kind == "vxlan" { vxlan = VXLANSettings(attributes: Attributes(data)) }
    }
}

extension VXLANSettings {
    fileprivate init(attributes: Attributes) {
        self.init(identifier: 0, local: .unspecified(.ipv4), port: 0)
        for (type, value) in attributes {
            switch type {
            case Int(IFLA_VXLAN_ID): identifier = value.load(UInt32.self) ?? 0
            case Int(IFLA_VXLAN_LOCAL), Int(IFLA_VXLAN_LOCAL6): local = IPAddress(bytes: value) ?? local
            case Int(IFLA_VXLAN_PORT): port = UInt16(bigEndian: value.load(UInt16.self) ?? 0)
            default: break
            }
        }
    }
}
