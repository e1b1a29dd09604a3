import Addressing
import Testing

@testable import Netlink

/// What is sent is what iproute2 sends for the command in the request's documentation, down to every attribute. The
/// intended differences are named here:
/// - interfaces are named (IFLA_IFNAME) where ip(8) first asks for the index;
/// - every address carries IFA_F_NODAD, which ip(8) refuses for IPv4 and the kernel ignores there;
/// - the kind of an interface ends with a NUL, which ip(8) leaves out and the kernel takes either way;
/// - an alternative name is asked for without NLM_F_APPEND, which the kernel does not look at;
/// - default routes carry no RTA_DST, which ip(8) sends for IPv6;
/// - forwarding entries are permanent, without the NOARP that bridge(8) adds;
/// - a route is deleted in its own scope and as unicast, where ip(8) says "any", and a neighbour together with its station.
@Suite("Requests against those of iproute2")
struct RequestEncodingTests {
    private static let newLink: UInt16 = 1 << 0 | 0x400 | 0x200  // NLM_F_REQUEST, _CREATE, _EXCL
    private static let acknowledge: UInt16 = 4

    private func decoded(_ request: NetlinkRequest) throws -> DecodedRequest {
        var bytes: [UInt8] = []
        request.encode(sequence: 1, extraFlags: Self.acknowledge, into: &bytes)
        #expect(bytes.count == request.encodedSize)
        return try DecodedRequest(bytes)
    }

    private func recorded(_ name: String, _ adjust: (inout DecodedRequest) -> Void = { _ in }) throws -> DecodedRequest
    {
        var request = try DecodedRequest(try Recording.request(name))
        request.attributes = request.attributes.map { attribute in
            guard case .nest(18, let header, let members) = attribute else { return attribute }
            return .nest(
                type: 18, header: header,
                members.map { member in
                    if case .value(1, let kind) = member { return .value(type: 1, kind + [0]) }
                    return member
                })
        }
        adjust(&request)
        return request
    }

    /// The recorded request, about the interface of that name instead of the one with that index.
    private func recorded(_ name: String, interface: String) throws -> DecodedRequest {
        try recorded(name) {
            #expect($0.header[4..<8] != [0, 0, 0, 0])
            $0.header.replaceSubrange(4..<8, with: [0, 0, 0, 0])
            $0.attributes.append(.value(type: 3, Array(interface.utf8) + [0]))
            $0.attributes.sort { $0.type < $1.type }
        }
    }

    private func ip(_ text: String) throws -> IPAddress { try #require(IPAddress(text)) }
    private func mac(_ text: String) throws -> MACAddress { try #require(MACAddress(text)) }
    private func cidr(_ text: String) throws -> CIDR { try #require(CIDR(text)) }

    @Test("bridge")
    func bridge() throws {
        let request = NetlinkRequest.addBridge(name: "cni0", address: try mac("0a:58:0a:f4:01:01"), mtu: 1450)
        #expect(try decoded(request) == recorded("bridge"))
        #expect(request.flags | 1 == Self.newLink)
    }

    @Test("VXLAN device over IPv4 and over IPv6")
    func vxlan() throws {
        #expect(
            try decoded(
                .addVXLAN(
                    name: "vxlan.1", address: mac("0e:58:c0:a8:01:0a"), mtu: 1450,
                    settings: VXLANSettings(identifier: 1, local: ip("192.168.1.10"), port: 8472)))
                == recorded("vxlan4"))
        #expect(
            try decoded(
                .addVXLAN(
                    name: "vxlan.6", address: mac("0e:58:c0:a8:01:0b"), mtu: 1430,
                    settings: VXLANSettings(identifier: 7, local: ip("fd00:192:168:1::10"), port: 4789)))
                == recorded("vxlan6"))
    }

    @Test("veth pair with the peer's namespace and the bridge in one message")
    func veth() throws {
        // ip(8) had the far namespace open as descriptor 4, and the bridge had index 2.
        let request = NetlinkRequest.addVeth(
            near: VethEnd(name: "veth12345678", address: try mac("fe:58:12:34:56:78"), mtu: 1450), master: 2,
            far: VethEnd(name: "eth0", address: try mac("0a:58:0a:f4:01:05"), mtu: 1450), namespace: 4)
        #expect(try decoded(request) == recorded("veth"))
    }

    @Test("alternative name, up, down, MTU, master and removal of an interface")
    func settings() throws {
        let name = "veth12345678"
        #expect(
            try decoded(.addAlternativeName("veth-default-pod-a", to: name))
                == recorded("altname", interface: name).with(flags: Self.newLink | Self.acknowledge))
        #expect(try decoded(.setLink(name, up: true)) == recorded("setup", interface: name))
        #expect(try decoded(.setLink(name, up: false)) == recorded("setdown", interface: name))
        #expect(try decoded(.setLink(name, mtu: 1400)) == recorded("mtu", interface: name))
        #expect(try decoded(.setLink("vxlan.1", master: 2)) == recorded("master", interface: "vxlan.1"))
        #expect(try decoded(.deleteLink(name)) == recorded("linkdel", interface: name))
    }

    @Test("a question for one interface, without its counters")
    func question() {
        let request = NetlinkRequest.getLink("eth0")
        #expect(request.type == 18 && request.flags == 0)
        // struct ifinfomsg of zeros, IFLA_IFNAME, IFLA_EXT_MASK with RTEXT_FILTER_SKIP_STATS.
        #expect(
            request.body == [UInt8](repeating: 0, count: 16) + [9, 0, 3, 0] + Array("eth0\0".utf8) + [0, 0, 0]
                + [8, 0, 29, 0, 8, 0, 0, 0])
    }

    @Test("addresses of both families")
    func addresses() throws {
        let v4 = Address(link: 2, address: try #require(InterfaceAddress("10.244.1.1/24")))
        let v6 = Address(link: 2, address: try #require(InterfaceAddress("fd00:10:244:1::1/64")))
        #expect(try decoded(.add(v4)) == recorded("addr4") { $0.header[2] = 2 })
        #expect(try decoded(.delete(v4)) == recorded("addrdel") { $0.header[2] = 2 })
        // IFA_ADDRESS is the address again unless the interface is point to point.
        #expect(try decoded(.add(v6)) == recorded("addr6"))
    }

    @Test("routes: one next hop, on link, default, without gateway, with a preferred source")
    func routes() throws {
        func route(_ destination: String, via gateway: String?, link: Int32, isOnLink: Bool = false) throws -> Route {
            Route(
                try cidr(destination),
                via: [Route.NextHop(gateway: try gateway.map(ip), link: link, isOnLink: isOnLink)])
        }
        #expect(try decoded(.replace(route("10.9.0.0/16", via: "10.244.1.9", link: 2))) == recorded("route-single"))
        #expect(
            try decoded(.replace(route("10.244.2.0/24", via: "10.244.2.0", link: 3, isOnLink: true)))
                == recorded("route-onlink"))
        #expect(try decoded(.replace(route("0.0.0.0/0", via: "10.244.1.9", link: 2))) == recorded("route-default"))
        #expect(try decoded(.replace(route("10.10.0.0/16", via: nil, link: 2))) == recorded("route-link"))
        var sourced = try route("10.12.0.0/16", via: "10.244.1.9", link: 2)
        sourced.preferredSource = try ip("10.244.1.1")
        #expect(try decoded(.replace(sourced)) == recorded("route-src"))
        #expect(
            try decoded(.replace(route("fd00:10:244:2::/64", via: "fd00:10:244:2::", link: 3, isOnLink: true)))
                == recorded("route6"))
        #expect(
            try decoded(.replace(route("::/0", via: "fd00:10:244:1::9", link: 2)))
                == recorded("route6-default") { $0.attributes.removeAll { $0.type == 1 } })
        #expect(
            try decoded(.delete(route("10.9.0.0/16", via: "10.244.1.9", link: 2)))
                == recorded("routedel") { $0.header[6...7] = [0, 1] })
    }

    @Test("routes with several next hops, weights and one that is on link")
    func multipath() throws {
        let v4 = Route(
            try cidr("10.11.0.0/16"),
            via: [
                Route.NextHop(gateway: try ip("10.244.1.2"), link: 2),
                Route.NextHop(gateway: try ip("10.244.1.3"), link: 2, weight: 3),
                Route.NextHop(gateway: try ip("10.99.0.1"), link: 3, weight: 256, isOnLink: true),
            ])
        #expect(try decoded(.replace(v4)) == recorded("route-multi"))
        let v6 = Route(
            try cidr("fd00:77::/64"),
            via: [
                Route.NextHop(gateway: try ip("fd00:10:244:1::2"), link: 2),
                Route.NextHop(gateway: try ip("fd00:10:244:1::3"), link: 2, weight: 2),
            ])
        #expect(try decoded(.replace(v6)) == recorded("route6-multi"))
    }

    @Test("neighbours and forwarding entries of both families")
    func neighbors() throws {
        let station = try mac("0a:58:0a:f4:01:05")
        let v4 = Neighbor(link: 2, address: try ip("10.244.1.5"), linkLayerAddress: station)
        let v6 = Neighbor(link: 2, address: try ip("fd00:10:244:1::5"), linkLayerAddress: station)
        #expect(try decoded(.replace(v4)) == recorded("neigh4"))
        #expect(try decoded(.replace(v6)) == recorded("neigh6"))
        #expect(
            try decoded(.delete(v4)) == recorded("neighdel") { $0.attributes.append(.value(type: 2, station.bytes)) })
        let remote4 = ForwardingEntry(link: 3, station: try mac("0e:58:c0:a8:01:0b"), remote: try ip("192.168.1.11"))
        let remote6 = ForwardingEntry(
            link: 4, station: try mac("0e:58:c0:a8:01:0c"), remote: try ip("fd00:192:168:1::11"))
        #expect(try decoded(.replace(remote4)) == recorded("fdb4") { $0.header[8] = 0x80 })
        #expect(try decoded(.replace(remote6)) == recorded("fdb6") { $0.header[8] = 0x80 })
        #expect(try decoded(.delete(remote4)) == recorded("fdbdel") { $0.header[8] = 0x80 })
    }
}

extension DecodedRequest {
    fileprivate func with(flags: UInt16) -> DecodedRequest {
        var copy = self
        copy.flags = flags
        return copy
    }
}
