internal import Addressing
internal import CLinux

extension NetlinkRequest {
    /// Adds a route, or replaces the one to the same destination. `ip route replace`
    public static func replace(_ route: Route) -> NetlinkRequest {
        request(for: route, type: NetlinkConstants.newRoute, flags: NetlinkConstants.create | NetlinkConstants.replace)
    }

    /// Removes a route. `ip route delete`
    public static func delete(_ route: Route) -> NetlinkRequest {
        request(for: route, type: NetlinkConstants.deleteRoute, flags: 0)
    }

    private static func request(for route: Route, type: UInt16, flags: UInt16) -> NetlinkRequest {
        NetlinkRequest(type: type, flags: flags) {
            let isLocalLink = route.nextHops.allSatisfy { $0.gateway == nil }
            var header = rtmsg()
            header.rtm_family = route.destination.family.number
            header.rtm_dst_len = UInt8(route.destination.prefixLength)
            header.rtm_table = UInt8(RT_TABLE_MAIN.rawValue)
            header.rtm_protocol = route.routingProtocol
            header.rtm_scope = UInt8((isLocalLink ? RT_SCOPE_LINK : RT_SCOPE_UNIVERSE).rawValue)
            header.rtm_type = UInt8(RTN_UNICAST)
            let single = route.nextHops.count == 1 ? route.nextHops.first : nil
            if single?.isOnLink == true { header.rtm_flags = UInt32(RTNH_F_ONLINK) }
            $0.append(header)
            if route.destination.prefixLength > 0 {
                $0.attribute(RTA_DST.rawValue, bytes: route.destination.network.bytes)
            }
            if let source = route.preferredSource { $0.attribute(RTA_PREFSRC.rawValue, bytes: source.bytes) }
            if let single {
                if let gateway = single.gateway { $0.attribute(RTA_GATEWAY.rawValue, bytes: gateway.bytes) }
                $0.attribute(RTA_OIF.rawValue, single.link)
            } else {
                $0.nested(RTA_MULTIPATH.rawValue) { hops in
                    for hop in route.nextHops { hops.append(nextHop: hop) }
                }
            }
        }
    }
}

extension MessageWriter {
    /// An `rtnexthop` with its gateway: a structure that counts its own length, like an attribute.
    fileprivate mutating func append(nextHop hop: Route.NextHop) {
        var gateway = MessageWriter()
        if let address = hop.gateway { gateway.attribute(RTA_GATEWAY.rawValue, bytes: address.bytes) }
        append(
            rtnexthop(
                rtnh_len: UInt16(MemoryLayout<rtnexthop>.size + gateway.bytes.count),
                rtnh_flags: hop.isOnLink ? UInt8(RTNH_F_ONLINK) : 0, rtnh_hops: UInt8(clamping: hop.weight - 1),
                rtnh_ifindex: hop.link))
        append(bytes: gateway.bytes)
    }
}

extension RouteHandle {
    /// The unicast routes of the main table, of both families. `ip route show; ip -6 route show`
    ///
    /// The kernel does not mark changes to routes: while somebody else makes them, a table of more than 32 KiB may lack
    /// routes or have some twice.
    public func routes() throws(NetlinkError) -> [Route] {
        var routes: [Route] = []
        for family in AddressFamily.allCases {
            let request = NetlinkRequest(type: NetlinkConstants.getRoute) {
                var header = rtmsg()
                header.rtm_family = family.number
                $0.append(header)
            }
            routes += try dump(request) { message in
                message.type == NetlinkConstants.newRoute ? Route(message) : nil
            }
        }
        return routes
    }
}

extension Route {
    init?(_ message: ReceivedMessage) {
        guard let header = message.payload.load(rtmsg.self), header.rtm_table == UInt8(RT_TABLE_MAIN.rawValue),
            header.rtm_type == UInt8(RTN_UNICAST), let family = AddressFamily(number: header.rtm_family)
        else { return nil }
        var network = IPAddress.unspecified(family)
        var single = NextHop(link: 0, isOnLink: header.rtm_flags & UInt32(RTNH_F_ONLINK) != 0)
        var hops: [NextHop] = []
        var source: IPAddress?
        for (type, value) in message.attributes(after: rtmsg.self) {
            switch UInt32(type) {
            case RTA_DST.rawValue: network = IPAddress(bytes: value) ?? network
            case RTA_GATEWAY.rawValue: single.gateway = IPAddress(bytes: value)
            case RTA_OIF.rawValue: single.link = value.load(Int32.self) ?? 0
            case RTA_PREFSRC.rawValue: source = IPAddress(bytes: value)
            case RTA_MULTIPATH.rawValue: hops = Self.nextHops(value)
            default: break
            }
        }
        guard let destination = CIDR(containing: network, prefixLength: Int(header.rtm_dst_len)) else { return nil }
        self.init(destination, via: hops.isEmpty ? [single] : hops, preferredSource: source)
        routingProtocol = header.rtm_protocol
    }

    private static func nextHops(_ bytes: ArraySlice<UInt8>) -> [NextHop] {
        var hops: [NextHop] = []
        var rest = bytes
        let size = MemoryLayout<rtnexthop>.size
        while let header = rest.load(rtnexthop.self) {
            let length = Int(header.rtnh_len)
            guard length >= size, length <= rest.count else { break }
            var hop = NextHop(
                link: header.rtnh_ifindex, weight: Int(header.rtnh_hops) + 1,
                isOnLink: header.rtnh_flags & UInt8(RTNH_F_ONLINK) != 0)
            for (type, value) in Attributes(rest[rest.startIndex + size..<rest.startIndex + length])
            where UInt32(type) == RTA_GATEWAY.rawValue {
                hop.gateway = IPAddress(bytes: value)
            }
            hops.append(hop)
            rest = rest.dropFirst((length + 3) & ~3)
        }
        return hops
    }
}
