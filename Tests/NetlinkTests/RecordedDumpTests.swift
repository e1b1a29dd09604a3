import Addressing
import Testing

@testable import Netlink

/// What the kernel answered to ip(8) and bridge(8), read by the handle.
@Suite("Recorded dumps")
struct RecordedDumpTests {
    private func handle(_ names: String...) throws -> RouteHandle {
        let answers = try names.map { try Recording.answer($0) }
        return RouteHandle(
            RecordedTransport(
                answers.map { datagrams in
                    { _ in
                        datagrams.map { datagram in
                            ReceivedMessage.split(datagram[...]).map {
                                .init(type: $0.type, flags: $0.flags, payload: Array($0.payload))
                            }
                        } + [[.done()]]
                    }
                }))
    }

    private func ip(_ text: String) throws -> IPAddress { try #require(IPAddress(text)) }

    @Test("links with their kinds, masters, peers, further names and VXLAN settings")
    func links() throws {
        let links = try handle("link").links()
        #expect(links.map(\.index) == [1, 2, 3, 4, 5])
        #expect(links.map(\.name) == ["lo", "cni0", "vxlan.1", "vxlan.6", "veth12345678"])
        #expect(links.map(\.kind) == [nil, "bridge", "vxlan", "vxlan", "veth"])
        #expect(links.map(\.mtu) == [65536, 1400, 1450, 1430, 1400])
        #expect(links.map(\.isUp) == [false, true, true, true, true])
        #expect(links.map(\.master) == [nil, nil, nil, nil, 2])
        #expect(links.map(\.peerIndex) == [nil, nil, nil, nil, 2])
        #expect(links.map(\.alternativeNames) == [[], [], [], [], ["veth-default-pod-a"]])
        #expect(
            links.map { $0.address?.description } == [
                "00:00:00:00:00:00", "0a:58:0a:f4:01:01", "0e:58:c0:a8:01:0a", "0e:58:c0:a8:01:0b", "fe:58:12:34:56:78",
            ])
        #expect(links[2].vxlan == VXLANSettings(identifier: 1, local: try ip("192.168.1.10"), port: 8472))
        #expect(links[3].vxlan == VXLANSettings(identifier: 7, local: try ip("fd00:192:168:1::10"), port: 4789))
        #expect(links[4].vxlan == nil)
    }

    @Test("addresses, link-local ones among them")
    func addresses() throws {
        #expect(
            try handle("addr").addresses().map { "\($0.link) \($0.address)" } == [
                "2 10.244.1.1/24", "3 10.244.1.0/32", "2 fd00:10:244:1::1/64", "2 fe80::858:aff:fef4:101/64",
                "3 fd00:10:244:1::/128", "3 fe80::c58:c0ff:fea8:10a/64", "4 fe80::c58:c0ff:fea8:10b/64",
            ])
    }

    @Test("routes with next hops, weights and preferred sources, without those of other tables")
    func routes() throws {
        func text(_ route: Route) -> String {
            let hops = route.nextHops.map {
                "\($0.gateway.map { "\($0)" } ?? "-")@\($0.link)*\($0.weight)\($0.isOnLink ? "!" : "")"
            }
            return "\(route.destination) \(hops.joined(separator: ",")) \(route.preferredSource.map { "\($0)" } ?? "-")"
                + " \(route.routingProtocol)"
        }
        #expect(
            try handle("route4", "route6").routes().map(text) == [
                "0.0.0.0/0 10.244.1.9@2*1 - 3", "10.9.0.0/16 10.244.1.9@2*1 - 3", "10.10.0.0/16 -@2*1 - 3",
                "10.11.0.0/16 10.244.1.2@2*1,10.244.1.3@2*3,10.99.0.1@3*256! - 3",
                "10.12.0.0/16 10.244.1.9@2*1 10.244.1.1 3", "10.244.1.0/24 -@2*1 10.244.1.1 2",
                "10.244.2.0/24 10.244.2.0@3*1! - 3",
                "fd00:10:244:1::/128 -@3*1 - 2", "fd00:10:244:1::/64 -@2*1 - 2",
                "fd00:10:244:2::/64 fd00:10:244:2::@3*1! - 3",
                "fd00:77::/64 fd00:10:244:1::2@2*1,fd00:10:244:1::3@2*2 - 3",
                "fe80::/64 -@3*1 - 2", "fe80::/64 -@4*1 - 2", "fe80::/64 -@2*1 - 2", "::/0 fd00:10:244:1::9@2*1 - 3",
            ])
    }

    @Test("permanent neighbours and forwarding entries, without multicast and other states")
    func neighbors() throws {
        #expect(
            try handle("neigh").neighbors().map { "\($0.link) \($0.address) \($0.linkLayerAddress)" } == [
                "2 10.244.1.5 0a:58:0a:f4:01:05", "2 fd00:10:244:1::5 0a:58:0a:f4:01:05",
            ])
        #expect(
            try handle("fdb").forwardingEntries().map { "\($0.link) \($0.station) \($0.remote)" } == [
                "3 0e:58:c0:a8:01:0b 192.168.1.11", "4 0e:58:c0:a8:01:0c fd00:192:168:1::11",
            ])
    }
}
