import Addressing
import Testing

@testable import Netlink

/// Requests that the real kernel has carried out, as `ip -j -d link` shows them.
@Suite("Interfaces in the kernel")
struct KernelLinkTests {
    private let station = MACAddress(rawValue: 0x0a58_0af4_0101)
    private let other = MACAddress(rawValue: 0x0a58_0af4_0105)

    @Test("a bridge is up, forwards at once, and has its address and MTU")
    func bridge() async throws {
        let namespace = try await TestNamespace()
        try await namespace.perform(.addBridge(name: "cni0", address: station, mtu: 1450))
        let shown = try #require(try namespace.ip("link show cni0").first)
        #expect(shown["address"] == station.description)
        #expect(shown["mtu"] == "1450")
        #expect(shown["flags"]?.split(separator: " ").contains("UP") == true)
        #expect(shown["linkinfo.info_kind"] == "bridge")
        #expect(shown["linkinfo.info_data.forward_delay"] == "0")
        #expect(shown["linkinfo.info_data.stp_state"] == "0")
        #expect(shown["linkinfo.info_data.mcast_snooping"] == "0")
        let link = try #require(try await namespace.ask { try $0.links() }.first { $0.name == "cni0" })
        #expect(link.kind == "bridge" && link.isUp && link.mtu == 1450 && link.address == station)
    }

    @Test("VXLAN devices over either family have their identifier, source and port, and learn nothing")
    func vxlan() async throws {
        let namespace = try await TestNamespace()
        let v4 = VXLANSettings(identifier: 1, local: try #require(IPAddress("192.168.1.10")), port: 8472)
        let v6 = VXLANSettings(identifier: 0xff_fffe, local: try #require(IPAddress("fd00:192:168:1::10")), port: 4789)
        try await namespace.perform(
            .addVXLAN(name: "vxlan.1", address: station, mtu: 1450, settings: v4),
            .addVXLAN(name: "vxlan.6", address: other, mtu: 1430, settings: v6))
        let shown = try #require(try namespace.ip("link show vxlan.1").first)
        #expect(shown["linkinfo.info_data.id"] == "1")
        #expect(shown["linkinfo.info_data.local"] == "192.168.1.10")
        #expect(shown["linkinfo.info_data.port"] == "8472")
        #expect(shown["linkinfo.info_data.learning"] == "0")
        #expect(shown["mtu"] == "1450" && shown["address"] == station.description)
        let shown6 = try #require(try namespace.ip("link show vxlan.6").first)
        #expect(shown6["linkinfo.info_data.id"] == "16777214")
        #expect(shown6["linkinfo.info_data.local6"] == "fd00:192:168:1::10")
        #expect(shown6["linkinfo.info_data.port"] == "4789")
        let links = try await namespace.ask { try $0.links() }
        #expect(links.first { $0.name == "vxlan.1" }?.vxlan == v4)
        #expect(links.first { $0.name == "vxlan.6" }?.vxlan == v6)
        #expect(links.filter { $0.kind == "vxlan" }.allSatisfy { $0.isUp && $0.peerIndex == nil })
    }

    @Test("one message makes both ends of a veth, each in its namespace, the near one a port of the bridge and up")
    func veth() async throws {
        let (near, far) = (try await TestNamespace(), try await TestNamespace())
        try await near.perform(.addBridge(name: "cni0", address: station, mtu: 1450))
        let bridge = try await near.index("cni0")
        let longName = String(repeating: "n", count: 127)
        try await near.perform(
            .addVeth(
                near: VethEnd(name: "veth0123abcd", mtu: 1450), master: bridge,
                far: VethEnd(name: "eth0", address: other, mtu: 1400), namespace: far.namespace.descriptor),
            .addAlternativeName("veth-default-pod-a", to: "veth0123abcd"),
            .addAlternativeName(longName, to: "veth0123abcd"))
        let shown = try #require(try near.ip("link show veth-default-pod-a").first)
        #expect(shown["ifname"] == "veth0123abcd")
        #expect(shown["altnames"] == "veth-default-pod-a \(longName)")
        #expect(shown["master"] == "cni0" && shown["mtu"] == "1450")
        #expect(shown["linkinfo.info_kind"] == "veth")
        #expect(shown["num_tx_queues"] == "1" && shown["num_rx_queues"] == "1")
        let farShown = try #require(try far.ip("link show eth0").first)
        #expect(farShown["address"] == other.description && farShown["mtu"] == "1400")
        #expect(farShown["flags"]?.split(separator: " ").contains("UP") == false)

        let nearLink = try #require(try await near.ask { try $0.links() }.first { $0.kind == "veth" })
        let farLink = try #require(try await far.ask { try $0.links() }.first { $0.kind == "veth" })
        #expect(nearLink.peerIndex == farLink.index && farLink.peerIndex == nearLink.index)
        #expect(nearLink.isUp && !farLink.isUp && nearLink.master == bridge)
        #expect(nearLink.alternativeNames == ["veth-default-pod-a", longName])

        try await far.perform(.setLink("eth0", up: true))
        #expect(try await far.ask { try $0.links() }.first { $0.name == "eth0" }?.isUp == true)
        try await near.perform(.deleteLink("veth0123abcd"))
        #expect(try await near.ask { try $0.links() }.map(\.name) == ["lo", "cni0"])
        #expect(try await far.ask { try $0.links() }.map(\.name) == ["lo"])
    }

    @Test("ports that are asked for by name forward once their far ends are up, and what does not exist is left out")
    func carriers() async throws {
        let (near, far) = (try await TestNamespace(), try await TestNamespace())
        try await near.perform(.addBridge(name: "cni0", address: station, mtu: 1450))
        let bridge = try await near.index("cni0")
        // More than the kernel's work queue turns to at once.
        let names = (0..<150).map { "veth\($0)" }
        for name in names {
            try await near.perform(
                .addVeth(
                    near: VethEnd(name: name), master: bridge, far: VethEnd(name: name),
                    namespace: far.namespace.descriptor))
        }
        #expect(try await near.ask { try $0.links(named: names) }.map(\.name) == names)
        #expect(try await near.ask { try $0.links(named: names) }.allSatisfy { !$0.isForwarding })
        try await far.inside {
            try RouteHandle().perform(names.flatMap { [.setLink($0, up: true), .getLink($0)] })
        }
        // Since Linux 6.8 the first answers say so; before, the kernel gets there within a second or two.
        let start = ContinuousClock.now
        var stopped = names
        while !stopped.isEmpty, start.duration(to: .now) < .seconds(10) {
            let links = try await near.ask { [stopped] in try $0.links(named: stopped + ["nosuch"]) }
            stopped = links.filter { !$0.isForwarding || !$0.isOperational }.map(\.name)
        }
        #expect(stopped.isEmpty)
        #expect(try await near.ask { try $0.links(named: ["cni0"]) }.first?.isOperational == true)
        let farLinks = try await far.ask { try $0.links(named: names) }
        #expect(farLinks.count == names.count && farLinks.allSatisfy { $0.isOperational && $0.isUp })
    }

    @Test("up, down, MTU and master of an interface change alone")
    func settings() async throws {
        let (near, far) = (try await TestNamespace(), try await TestNamespace())
        try await near.perform(
            .addBridge(name: "cni0", address: station, mtu: 1450),
            .addVeth(
                near: VethEnd(name: "veth0"), master: nil, far: VethEnd(name: "eth0"),
                namespace: far.namespace.descriptor))
        func veth() async throws -> Link {
            try #require(try await near.ask { try $0.links() }.first { $0.name == "veth0" })
        }
        let before = try await veth()
        #expect(before.master == nil && before.mtu == 1500 && before.isUp)
        let bridge = try await near.index("cni0")
        try await near.perform(
            .setLink("veth0", master: bridge), .setLink("veth0", mtu: 1300), .setLink("veth0", up: false))
        let after = try await veth()
        #expect(after.master == bridge && after.mtu == 1300 && !after.isUp && after.address == before.address)
        try await near.perform(.setLink("veth0", up: true))
        #expect(try await veth().isUp)
    }

    @Test("transmit checksum offload is read and set, of this interface only")
    func checksumOffload() async throws {
        let (near, far) = (try await TestNamespace(), try await TestNamespace())
        try await near.perform(
            .addVeth(
                near: VethEnd(name: "veth0"), master: nil, far: VethEnd(name: "eth0"),
                namespace: far.namespace.descriptor))
        let values = try await near.inside {
            let socket = try NetlinkSocket.route()
            let before = try socket.transmitChecksumOffload(interface: "veth0")
            try socket.setTransmitChecksumOffload(false, interface: "veth0")
            return [before, try socket.transmitChecksumOffload(interface: "veth0")]
        }
        #expect(values == [true, false])
        let text = String(decoding: try near.run("ethtool", "-k", "veth0"), as: UTF8.self)
        #expect(text.contains("tx-checksumming: off"))
        let farText = String(decoding: try far.run("ethtool", "-k", "eth0"), as: UTF8.self)
        #expect(farText.contains("tx-checksumming: on"))
        try await near.inside {
            let socket = try NetlinkSocket.route()
            try socket.setTransmitChecksumOffload(true, interface: "veth0")
            #expect(try socket.transmitChecksumOffload(interface: "veth0"))
            #expect(throws: NetlinkError(.refused(errno: 19))) {
                try socket.setTransmitChecksumOffload(false, interface: "nosuch")
            }
            #expect(throws: NetlinkError(.refused(errno: 36))) {
                _ = try socket.transmitChecksumOffload(interface: "sixteen-bytes-xx")
            }
        }
    }
}
