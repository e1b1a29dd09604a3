import Addressing
import Glibc
import Nftables
import Testing

@Suite("hostPorts in a network")
struct HostPortTrafficTests {
    private func network(_ family: AddressFamily) async throws -> HostPortNetwork {
        let network = try await HostPortNetwork(family)
        let ruleset = HostPortRuleset(try network.mappings())
        #expect(ruleset.rejections.isEmpty)
        try await network.node.replace(ruleset.tables(for: family))
        return network
    }

    @Test(
        "TCP goes to the pod of the node's address, and keeps the client's address", arguments: AddressFamily.allCases)
    func tcp(family: AddressFamily) async throws {
        let network = try await network(family)
        let podA = try await TestSocket(listening: network.podA, .tcp, family, port: 80)
        let podB = try await TestSocket(listening: network.podB, .tcp, family, port: 80)
        let podBOther = try await TestSocket(listening: network.podB, .tcp, family, port: 81)
        for (host, listener) in [("10", podA), ("11", podB), ("12", podBOther)] {
            let client = try await TestSocket(in: network.client, .tcp, family)
            #expect(client.connect(to: Endpoint(try network.underlay(host), 8080)) == 0, "to .\(host)")
            let peer = try listener.acceptedPeer()
            #expect(peer == (try client.localEndpoint()), "to .\(host)")
            #expect(peer.address == (try network.underlay("100")))
        }
    }

    @Test(
        "UDP of the same number goes to a port of its own, and the answer comes from the node",
        arguments: AddressFamily.allCases)
    func udp(family: AddressFamily) async throws {
        let network = try await network(family)
        let pod = try await TestSocket(listening: network.podA, .udp, family, port: 5353)
        let client = try await TestSocket(in: network.client, .udp, family)
        let node = Endpoint(try network.underlay("11"), 8080)
        let (bytes, source) = try client.deliver([1, 2, 3], to: node, at: pod)
        #expect(bytes == [1, 2, 3])
        #expect(source.address == (try network.underlay("100")))
        try pod.send([4, 5], to: source)
        let answer = try client.receive()
        #expect(answer.bytes == [4, 5])
        #expect(answer.source == node)
    }

    @Test("an SCTP INIT arrives at the pod's port", arguments: AddressFamily.allCases)
    func sctp(family: AddressFamily) async throws {
        let network = try await network(family)
        let pod = try await TestSocket(in: network.podA, .raw(132), family)
        let client = try await TestSocket(in: network.client, .raw(132), family)
        // A raw socket is told the port in the packet alone.
        let node = Endpoint(try network.underlay("10"), 0)
        let (bytes, source) = try client.deliver(sctpInit(from: 40_000, to: 8080), to: node, at: pod)
        // Raw IPv4 sockets get the IP header too.
        let packet = family == .ipv4 ? Array(bytes.dropFirst(20)) : bytes
        #expect(Array(packet[..<4]) == [40_000 >> 8, 40_000 & 0xff, 0, 90])
        #expect(source.address == (try network.underlay("100")))
    }

    @Test(
        "a port without a mapping, and a mapped one on the loopback address, are refused by the node",
        arguments: AddressFamily.allCases)
    func refused(family: AddressFamily) async throws {
        let network = try await network(family)
        let podA = try await TestSocket(listening: network.podA, .tcp, family, port: 80)
        let client = try await TestSocket(in: network.client, .tcp, family)
        #expect(client.connect(to: Endpoint(try network.underlay("10"), 8081)) == ECONNREFUSED)
        let local = try await TestSocket(in: network.node, .tcp, family)
        #expect(local.connect(to: Endpoint(.loopback(family), 8080)) == ECONNREFUSED)
        #expect(!podA.wait(for: POLLIN, milliseconds: 0))
    }

    @Test("the node itself reaches a pod through its hostPort", arguments: AddressFamily.allCases)
    func fromTheNode(family: AddressFamily) async throws {
        let network = try await network(family)
        let podA = try await TestSocket(listening: network.podA, .tcp, family, port: 80)
        let local = try await TestSocket(in: network.node, .tcp, family)
        let address = try network.underlay("10")
        #expect(local.connect(to: Endpoint(address, 8080)) == 0)
        #expect(try podA.acceptedPeer().address == address)
    }

    @Test("a pod reaches itself through its hostPort, and sees the node as its peer", arguments: AddressFamily.allCases)
    func hairpin(family: AddressFamily) async throws {
        let network = try await network(family)
        let podA = try await TestSocket(listening: network.podA, .tcp, family, port: 80)
        let client = try await TestSocket(in: network.podA, .tcp, family)
        #expect(client.connect(to: Endpoint(try network.underlay("10"), 8080)) == 0)
        #expect(try podA.acceptedPeer().address == network.pod(1, "1"))
    }

    @Test("another pod reaches it through the hostPort with its own address", arguments: AddressFamily.allCases)
    func fromAnotherPod(family: AddressFamily) async throws {
        let network = try await network(family)
        let podA = try await TestSocket(listening: network.podA, .tcp, family, port: 80)
        let client = try await TestSocket(in: network.podB, .tcp, family)
        #expect(client.connect(to: Endpoint(try network.underlay("10"), 8080)) == 0)
        #expect(try podA.acceptedPeer().address == network.pod(2, "5"))
    }

    @Test("when the table is deleted the port is closed", arguments: AddressFamily.allCases)
    func deleted(family: AddressFamily) async throws {
        let network = try await network(family)
        let podA = try await TestSocket(listening: network.podA, .tcp, family, port: 80)
        let table = TableIdentity(TableFamily(family), HostPortRuleset.tableName)
        let before = try await TestSocket(in: network.client, .tcp, family)
        #expect(before.connect(to: Endpoint(try network.underlay("10"), 8080)) == 0)
        _ = try podA.acceptedPeer()
        try await network.node.inside { try NftablesHandle().delete(table) }
        let after = try await TestSocket(in: network.client, .tcp, family)
        #expect(after.connect(to: Endpoint(try network.underlay("10"), 8080)) == ECONNREFUSED)
    }
}

/// An INIT chunk with its checksum (RFC 9260, sections 3.1, 3.3.2 and appendix A): connection tracking drops one that
/// does not add up.
private func sctpInit(from source: UInt16, to destination: UInt16) -> [UInt8] {
    func big(_ number: UInt16) -> [UInt8] { [UInt8(number >> 8), UInt8(number & 0xff)] }
    let chunk: [UInt8] = [1, 0, 0, 20] + [0, 0, 0, 1] + [0, 1, 0, 0] + big(10) + big(10) + [0, 0, 0, 1]
    var packet = big(source) + big(destination) + [0, 0, 0, 0] + [0, 0, 0, 0] + chunk
    var remainder = UInt32.max
    for byte in packet {
        remainder ^= UInt32(byte)
        for _ in 0..<8 { remainder = remainder >> 1 ^ (remainder & 1 == 1 ? 0x82f6_3b78 : 0) }
    }
    withUnsafeBytes(of: (~remainder).littleEndian) { packet.replaceSubrange(8..<12, with: $0) }
    return packet
}
