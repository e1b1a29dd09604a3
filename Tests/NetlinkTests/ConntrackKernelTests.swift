import Addressing
import Foundation
import NetworkNamespaces
import Testing

@testable import Netlink

/// Connections of real sockets through a translation of their destination, in namespaces of their own.
@Suite("Connections in the kernel")
struct ConntrackKernelTests {
    private func entries(
        _ network: ConntrackNetwork, _ transport: UInt8? = nil
    ) async throws -> [ConntrackEntry] {
        let family = network.service.family
        return try await network.namespace.inside {
            try ConntrackHandle().entries(family: family, transport: transport)
        }
    }

    /// The entries, once there are any: an entry was seen to come into the table after the call that sent the datagram.
    private func entriesOnceThere(
        _ network: ConntrackNetwork, _ transport: UInt8? = nil
    ) async throws -> [ConntrackEntry] {
        let deadline = ContinuousClock.now + .seconds(5)
        while ContinuousClock.now < deadline {
            let found = try await entries(network, transport)
            if !found.isEmpty { return found }
            await Task.yield()
        }
        return []
    }

    private func delete(_ entry: ConntrackEntry, _ network: ConntrackNetwork) async throws -> Bool {
        try await network.namespace.inside { try ConntrackHandle().delete(entry) }
    }

    /// The entry that a connection from a socket to the service has.
    private func expected(_ network: ConntrackNetwork, _ port: UInt16, _ number: UInt8) -> ConntrackEntry {
        ConntrackEntry(
            transportProtocol: number,
            original: ConntrackTuple(
                source: network.client, sourcePort: port, destination: network.service, destinationPort: 53),
            reply: ConntrackTuple(
                source: network.backend, sourcePort: 5353, destination: network.client, destinationPort: port))
    }

    private func check(_ entry: ConntrackEntry?, _ expected: ConntrackEntry) throws {
        var entry = try #require(entry, "no entry")
        #expect(entry.isDestinationTranslated && !entry.isSourceTranslated, "\(entry) \(entry.status)")
        #expect(entry.identifier != nil)
        (entry.status, entry.identifier) = (0, nil)
        #expect(entry == expected)
    }

    @Test(
        "a flow of UDP is seen with its translation, is deleted once, and begins again with the next datagram",
        arguments: AddressFamily.allCases)
    func udp(family: AddressFamily) async throws {
        let network = try await ConntrackNetwork(family)
        let server = try await network.socket(.udp, network.backend, port: 5353)
        let client = try await network.socket(.udp, network.client, port: 0)
        try client.connect(network.service, 53)
        try client.send()
        let expected = expected(network, client.port, 17)
        let first = try await entriesOnceThere(network)
        try check(first.first, expected)
        #expect(first.count == 1 && first.first?.isAnswered == false && first.first?.family == family)
        try server.answer()
        try client.wait(for: POLLIN)
        let answered = try #require(try await entries(network, 17).first)
        #expect(answered.isAnswered)
        #expect(try await entries(network, 6).isEmpty)

        #expect(try await delete(answered, network))
        #expect(try await entries(network).isEmpty)
        #expect(try await delete(answered, network) == false)
        try client.send()
        let again = try await entriesOnceThere(network)
        try check(again.first, expected)
        #expect(again.first?.isAnswered == false)
        var byAddress = try #require(again.first)
        byAddress.identifier = nil
        #expect(try await delete(byAddress, network))
    }

    @Test("a connection of TCP is seen with its translation, and deleted", arguments: AddressFamily.allCases)
    func tcp(family: AddressFamily) async throws {
        let network = try await ConntrackNetwork(family)
        let server = try await network.socket(.tcp, network.backend, port: 5353)
        let client = try await network.socket(.tcp, network.client, port: 0)
        try client.connect(network.service, 53)
        try server.wait(for: POLLIN)
        try client.wait(for: POLLOUT)
        let found = try await entriesOnceThere(network, 6)
        try check(found.first, expected(network, client.port, 6))
        #expect(found.count == 1 && found.first?.isAnswered == true)
        #expect(try await entries(network, 17).isEmpty)
        let other: AddressFamily = family == .ipv4 ? .ipv6 : .ipv4
        #expect(try await network.namespace.inside { try ConntrackHandle().entries(family: other).isEmpty })
        #expect(try await delete(try #require(found.first), network))
        #expect(try await entries(network).isEmpty)
    }

    @Test("a thousand flows are deleted together, whether they are still there or not, and others are kept")
    func many() async throws {
        let network = try await ConntrackNetwork(.ipv4)
        let server = try await network.socket(.udp, network.backend, port: 5353)
        var clients: [ConntrackSocket] = []
        for _ in 0..<1000 {
            let client = try await network.socket(.udp, network.client, port: 0)
            try client.connect(network.service, 53)
            try client.send()
            clients.append(client)
        }
        let kept = Set(clients.prefix(10).map(\.port))
        let all = try await entries(network, 17)
        #expect(Set(all.map(\.original.sourcePort)) == Set(clients.map(\.port)))
        let deleted = all.filter { !kept.contains($0.original.sourcePort) }
        try await network.namespace.inside {
            let handle = try ConntrackHandle()
            #expect(try handle.delete(deleted[500]))
            try handle.delete(deleted)
            try handle.delete(deleted)
        }
        #expect(Set(try await entries(network, 17).map(\.original.sourcePort)) == kept)
        withExtendedLifetime(server) {}
    }

    @Test("all connections of one family are deleted, and those of the other one kept")
    func flush() async throws {
        let network = try await ConntrackNetwork(.ipv4)
        let client = try await network.socket(.udp, network.client, port: 0)
        try client.connect(network.service, 53)
        try client.send()
        try network.namespace.run("nft", "add table ip6 t; add chain ip6 t c { type filter hook output priority 0; }")
        try network.namespace.run("nft", "add rule ip6 t c ct state new accept")
        let client6 = try await network.socket(.udp, .loopback(.ipv6), port: 0)
        try client6.connect(.loopback(.ipv6), 9)
        try client6.send()
        try await network.namespace.inside {
            let handle = try ConntrackHandle()
            let count = { (family: AddressFamily) in try handle.entries(family: family, transport: 17).count }
            #expect(try (count(.ipv4), count(.ipv6)) == (1, 1))
            try handle.flush(family: .ipv4)
            #expect(try (count(.ipv4), count(.ipv6)) == (0, 1))
            try handle.flush(family: .ipv6)
            #expect(try (count(.ipv4), count(.ipv6)) == (0, 0))
        }
    }
}
