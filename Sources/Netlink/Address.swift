public import Addressing
internal import CLinux

/// An address on an interface (`ip address show`).
public struct Address: Hashable, Sendable {
    /// The interface's index.
    public var link: Int32
    /// The address and its on-link prefix.
    public var address: InterfaceAddress

    /// Pairs an interface with an address.
    public init(link: Int32, address: InterfaceAddress) {
        self.link = link
        self.address = address
    }
}

extension NetlinkRequest {
    /// Adds an address. `ip address add ADDRESS dev DEV nodad`
    ///
    /// Duplicate address detection is off: it would keep an IPv6 address tentative for a second or two, and a lab's
    /// addresses are known to be unique.
    public static func add(_ address: Address) -> NetlinkRequest {
        request(
            for: address, type: NetlinkConstants.newAddress,
            flags: NetlinkConstants.create | NetlinkConstants.exclusive)
    }

    /// Removes an address. `ip address delete ADDRESS dev DEV`
    public static func delete(_ address: Address) -> NetlinkRequest {
        request(for: address, type: NetlinkConstants.deleteAddress, flags: 0)
    }

    private static func request(for address: Address, type: UInt16, flags: UInt16) -> NetlinkRequest {
        let ip = address.address.address
        return NetlinkRequest(type: type, flags: flags) {
            $0.append(
                ifaddrmsg(
                    ifa_family: ip.family.number, ifa_prefixlen: UInt8(address.address.prefixLength),
                    ifa_flags: UInt8(IFA_F_NODAD), ifa_scope: 0, ifa_index: UInt32(address.link)))
            $0.attribute(IFA_LOCAL, bytes: ip.bytes)
            $0.attribute(IFA_ADDRESS, bytes: ip.bytes)
        }
    }
}

extension RouteHandle {
    /// All addresses of the namespace, link-local ones included. `ip address show`
    public func addresses() throws(NetlinkError) -> [Address] {
        let request = NetlinkRequest(type: NetlinkConstants.getAddress) {
            $0.append(
                ifaddrmsg(ifa_family: UInt8(AF_UNSPEC), ifa_prefixlen: 0, ifa_flags: 0, ifa_scope: 0, ifa_index: 0))
        }
        return try dump(request) { message in
            message.type == NetlinkConstants.newAddress ? Address(message) : nil
        }
    }
}

extension Address {
    init?(_ message: ReceivedMessage) {
        guard let header = message.payload.load(ifaddrmsg.self) else { return nil }
        var local: IPAddress?
        var address: IPAddress?
        for (type, value) in message.attributes(after: ifaddrmsg.self) {
            switch type {
            case Int(IFA_LOCAL): local = IPAddress(bytes: value)
            case Int(IFA_ADDRESS): address = IPAddress(bytes: value)
            default: break
            }
        }
        // IPv6 has no IFA_LOCAL unless the interface is point to point.
        guard let ip = local ?? address, let link = Int32(exactly: header.ifa_index),
            let pair = InterfaceAddress(ip, prefixLength: Int(header.ifa_prefixlen))
        else { return nil }
        self.init(link: link, address: pair)
    }
}

extension AddressFamily {
    /// AF_INET or AF_INET6.
    var number: UInt8 { UInt8(self == .ipv4 ? AF_INET : AF_INET6) }

    init?(number: UInt8) {
        switch Int32(number) {
        case AF_INET: self = .ipv4
        case AF_INET6: self = .ipv6
        default: return nil
        }
    }
}
