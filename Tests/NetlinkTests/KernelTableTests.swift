import Addressing
import Testing

@testable import Netlink

/// Addresses, routes, neighbours and forwarding entries in the real kernel, as ip(8) and bridge(8) show them.
@Suite("Addresses, routes and neighbours in the kernel")
struct KernelTableTests {
    private let station = MACAddress(rawValue: 0x0a58_0af4_0101)
    private let neighbor = MACAddress(rawValue: 0x0a58_0af4_0105)

    private func ip(_ text: String) throws -> IPAddress { try #require(IPAddress(text)) }
    private func cidr(_ text: String) throws -> CIDR { try #require(CIDR(text)) }

    /// A namespace with a bridge that has an address of each family.
    private func bridged() async throws -> (namespace: TestNamespace, link: Int32) {
        let namespace = try await TestNamespace()
        try await namespace.perform(.addBridge(name: "cni0", address: station, mtu: 1500))
        let link = try await namespace.index("cni0")
        for text in ["10.244.1.1/24", "fd00:10:244:1::1/64"] {
            try await namespace.perform(.add(Address(link: link, address: try #require(InterfaceAddress(text)))))
        }
        return (namespace, link)
    }

    @Test("addresses of both families are there at once, without duplicate address detection, and go again")
    func addresses() async throws {
        let (namespace, link) = try await bridged()
        let shown = try #require(try namespace.ip("address show dev cni0").first).list("addr_info")
        let v4 = try #require(shown.first { $0["local"] == "10.244.1.1" })
        #expect(v4["prefixlen"] == "24" && v4["scope"] == "global")
        let v6 = try #require(shown.first { $0["local"] == "fd00:10:244:1::1" })
        #expect(v6["prefixlen"] == "64" && v6["nodad"] == "1" && v6["tentative"] == nil)

        let own = Address(link: link, address: try #require(InterfaceAddress("10.244.1.1/24")))
        let own6 = Address(link: link, address: try #require(InterfaceAddress("fd00:10:244:1::1/64")))
        let before = try await namespace.ask { try $0.addresses() }
        #expect(before.contains(own) && before.contains(own6))
        try await namespace.perform(.delete(own), .delete(own6))
        let after = try await namespace.ask { try $0.addresses() }
        #expect(!after.contains(own) && !after.contains(own6))
        #expect(after.allSatisfy { $0.address.cidr.description == "fe80::/64" })
    }

    @Test("routes to one gateway, to the link, on link, default and with a source, of both families")
    func routes() async throws {
        let (namespace, link) = try await bridged()
        var routes: [Route] = []
        for (destination, gateway, isOnLink) in [
            ("10.9.0.0/16", "10.244.1.9", false), ("10.244.2.0/24", "10.244.2.0", true),
            ("0.0.0.0/0", "10.244.1.9", false),
            ("fd00:9::/48", "fd00:10:244:1::9", false), ("fd00:10:244:2::/64", "fd00:10:244:2::", true),
            ("::/0", "fd00:10:244:1::9", false), ("10.13.0.1/32", "10.244.1.9", false),
        ] {
            routes.append(
                Route(
                    try cidr(destination),
                    via: [Route.NextHop(gateway: try ip(gateway), link: link, isOnLink: isOnLink)]))
        }
        routes.append(Route(try cidr("10.10.0.0/16"), via: [Route.NextHop(link: link)]))
        routes.append(
            Route(
                try cidr("10.12.0.0/16"), via: [Route.NextHop(gateway: try ip("10.244.1.9"), link: link)],
                preferredSource: try ip("10.244.1.1")))
        let requests = routes.map { NetlinkRequest.replace($0) }
        try await namespace.inside { try RouteHandle().perform(requests) }

        let shown = try namespace.ip("route show proto boot") + namespace.ip("-6 route show proto boot")
        let lines = Set(
            shown.map {
                [
                    $0["dst"], $0["gateway"], $0["flags"]?.contains("onlink") == true ? "onlink" : nil, $0["prefsrc"],
                    $0["dev"],
                ]
                .compactMap { $0 }.joined(separator: " ")
            })
        #expect(
            lines == [
                "10.9.0.0/16 10.244.1.9 cni0", "10.244.2.0/24 10.244.2.0 onlink cni0", "default 10.244.1.9 cni0",
                "fd00:9::/48 fd00:10:244:1::9 cni0", "fd00:10:244:2::/64 fd00:10:244:2:: onlink cni0",
                "default fd00:10:244:1::9 cni0", "10.13.0.1 10.244.1.9 cni0", "10.10.0.0/16 cni0",
                "10.12.0.0/16 10.244.1.9 10.244.1.1 cni0",
            ])
        let read = try await namespace.ask { try $0.routes() }
        #expect(Set(read).isSuperset(of: routes))
        #expect(read.filter { $0.routingProtocol == 3 }.count == routes.count)

        let moved = Route(try cidr("10.9.0.0/16"), via: [Route.NextHop(gateway: try ip("10.244.1.10"), link: link)])
        try await namespace.perform(.replace(moved))
        let destination = try cidr("10.9.0.0/16")
        #expect(try await namespace.ask { try $0.routes() }.filter { $0.destination == destination } == [moved])
        let deletions = (routes.dropFirst() + [moved]).map { NetlinkRequest.delete($0) }
        try await namespace.inside { try RouteHandle().perform(deletions) }
        #expect(try await namespace.ask { try $0.routes() }.allSatisfy { $0.routingProtocol == 2 })
    }

    @Test("routes with several next hops keep their weights, and the ones that are on link")
    func multipath() async throws {
        let (namespace, link) = try await bridged()
        let routes = [
            Route(
                try cidr("10.11.0.0/16"),
                via: [
                    Route.NextHop(gateway: try ip("10.244.1.2"), link: link),
                    Route.NextHop(gateway: try ip("10.244.1.3"), link: link, weight: 3),
                    Route.NextHop(gateway: try ip("10.99.0.1"), link: link, weight: 256, isOnLink: true),
                ]),
            Route(
                try cidr("fd00:77::/64"),
                via: [
                    Route.NextHop(gateway: try ip("fd00:10:244:1::2"), link: link),
                    Route.NextHop(gateway: try ip("fd00:10:244:1::3"), link: link, weight: 2),
                ]),
        ]
        let requests = routes.map { NetlinkRequest.replace($0) }
        try await namespace.inside { try RouteHandle().perform(requests) }
        let shown = try #require(try namespace.ip("route show 10.11.0.0/16").first).list("nexthops")
        #expect(
            shown.map { "\($0["gateway"] ?? "") \($0["weight"] ?? "")" } == [
                "10.244.1.2 1", "10.244.1.3 3", "10.99.0.1 256",
            ])
        #expect(shown.map { $0["flags"]?.contains("onlink") == true } == [false, false, true])
        let shown6 = try #require(try namespace.ip("-6 route show fd00:77::/64").first).list("nexthops")
        #expect(
            shown6.map { "\($0["gateway"] ?? "") \($0["weight"] ?? "")" } == [
                "fd00:10:244:1::2 1", "fd00:10:244:1::3 2",
            ])
        #expect(Set(try await namespace.ask { try $0.routes() }).isSuperset(of: routes))
        let deletions = routes.map { NetlinkRequest.delete($0) }
        try await namespace.inside { try RouteHandle().perform(deletions) }
        #expect(try await namespace.ask { try $0.routes() }.allSatisfy { $0.nextHops.count == 1 })
    }

    @Test("neighbours are permanent, are replaced and go again")
    func neighbors() async throws {
        let (namespace, link) = try await bridged()
        let entries = try ["10.244.1.5", "fd00:10:244:1::5"].map {
            Neighbor(link: link, address: try ip($0), linkLayerAddress: neighbor)
        }
        try await namespace.perform(.replace(entries[0]), .replace(entries[1]))
        let shown = try namespace.ip("neighbor show dev cni0")
        #expect(Set(shown.compactMap { $0["dst"] }) == ["10.244.1.5", "fd00:10:244:1::5"])
        #expect(shown.allSatisfy { $0["lladdr"] == neighbor.description && $0["state"] == "PERMANENT" })
        #expect(Set(try await namespace.ask { try $0.neighbors() }) == Set(entries))
        var moved = entries[0]
        moved.linkLayerAddress = station
        try await namespace.perform(.replace(moved), .delete(entries[1]))
        #expect(try await namespace.ask { try $0.neighbors() } == [moved])
    }

    @Test("forwarding entries lead a station to its remote, are replaced and go again")
    func forwarding() async throws {
        let namespace = try await TestNamespace()
        for (name, identifier, local) in [("vxlan.1", UInt32(1), "192.168.1.10"), ("vxlan.6", 2, "fd00:192:168:1::10")]
        {
            try await namespace.perform(
                .addVXLAN(
                    name: name, address: MACAddress(rawValue: 0x0e58_0000_0000 | UInt64(identifier)), mtu: 1400,
                    settings: VXLANSettings(identifier: identifier, local: try ip(local), port: 8472)))
        }
        let v4 = ForwardingEntry(
            link: try await namespace.index("vxlan.1"), station: neighbor, remote: try ip("192.168.1.11"))
        let v6 = ForwardingEntry(
            link: try await namespace.index("vxlan.6"), station: neighbor, remote: try ip("fd00:192:168:1::11"))
        try await namespace.perform(.replace(v4), .replace(v6))
        let shown = try namespace.bridge("fdb show").filter { $0["dst"] != nil }
        #expect(
            Set(
                shown.map {
                    "\($0["mac"] ?? "") \($0["ifname"] ?? "") \($0["dst"] ?? "") \($0["state"] ?? "") \($0["flags"] ?? "")"
                })
                == [
                    "\(neighbor) vxlan.1 192.168.1.11 permanent self",
                    "\(neighbor) vxlan.6 fd00:192:168:1::11 permanent self",
                ])
        #expect(Set(try await namespace.ask { try $0.forwardingEntries() }) == [v4, v6])
        var moved = v4
        moved.remote = try ip("192.168.1.12")
        try await namespace.perform(.replace(moved), .delete(v6))
        #expect(try await namespace.ask { try $0.forwardingEntries() } == [moved])
    }
}
