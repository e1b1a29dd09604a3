import Addressing
import CLinux
import DNSMessage
import Foundation
import KubernetesModel
import TestSupport
import Testing

@testable import ClusterDNS

@Suite("The server over UDP")
struct DatagramServerTests {
    @Test(
        "each family is answered, from the address that was asked",
        arguments: ["127.0.0.1", "127.0.0.2", "127.9.9.9", "::1"])
    func answers(address: String) async throws {
        let fixture = try await ServerFixture()
        // A connected socket takes nothing from another address.
        let client = try await fixture.datagrams(to: address)
        let reply = try await client.exchange(ServerFixture.query(ServerFixture.web))
        #expect(reply.id == 77 && reply.answers.map(\.data.description) == ["10.96.0.7"])
        await fixture.server.close()
    }

    @Test("several workers share the port", arguments: [1, 2])
    func workers(count: Int) async throws {
        let fixture = try await ServerFixture(workers: count)
        for _ in 0..<20 {
            #expect(try await fixture.ask(ServerFixture.web).answers.count == 1)
        }
        #expect(fixture.server.statistics.received == 20 && fixture.server.statistics.answered == 20)
        await fixture.server.close()
    }

    @Test("a burst is answered whole, each query once")
    func burst() async throws {
        let fixture = try await ServerFixture()
        let client = try await fixture.datagrams()
        for id in 0..<150 as Range<UInt16> {
            try await client.send(ServerFixture.query(ServerFixture.web, id: id).encoded())
        }
        var ids: Set<UInt16> = []
        for _ in 0..<150 { try await ids.insert(Message(decoding: client.receive()).id) }
        #expect(ids.count == 150)
        await fixture.server.close()
    }

    @Test("a large answer is cut to what the client takes, and TC says so")
    func truncation() async throws {
        let fixture = try await ServerFixture()
        let client = try await fixture.datagrams()
        try await client.send(ServerFixture.query(ServerFixture.many).encoded())
        let bytes = try await client.receive()
        #expect(bytes.count <= 1232)
        #expect(try Message(decoding: bytes).isTruncated)
        await fixture.server.close()
    }

    @Test("10,000 random packets, empty and oversized ones among them, and whoever comes then is answered")
    func flood() async throws {
        let fixture = try await ServerFixture()
        let client = try await fixture.datagrams()
        var generator = SeededGenerator(seed: 5)
        for index in 0..<10_000 {
            let words = (0..<Int.random(in: 0...40, using: &generator)).map { _ in generator.next() }
            var bytes = words.withUnsafeBytes { Array($0) }
            if index % 100 == 0 { bytes = [UInt8](repeating: 1, count: 60_000) }
            send(client.descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
        }
        let other = try await fixture.datagrams()
        #expect(try await other.exchange(ServerFixture.query(ServerFixture.web)).answers.count == 1)
        #expect(try await fixture.isServing())
        await fixture.server.close()
    }

    @Test("a change is answered from the moment on that it was applied")
    func changes() async throws {
        let fixture = try await ServerFixture()
        var zone = DNSZone(fixture.resolver.settings)
        _ = zone.takeChanges()
        let client = try await fixture.datagrams()
        for number in 1...50 {
            zone.update(.sample("new", ips: ["10.96.1.\(number)"]))
            fixture.resolver.apply(zone.takeChanges())
            let reply = try await client.exchange(ServerFixture.query("new.default.svc.cluster.local"))
            #expect(reply.answers.map(\.data.description) == ["10.96.1.\(number)"])
        }
        await fixture.server.close()
    }

    @Test("questions are answered while the zone changes all the time")
    func concurrentChanges() async throws {
        let fixture = try await ServerFixture(workers: 2)
        let settings = fixture.resolver.settings
        let changing = Task {
            var zone = DNSZone(settings)
            for round in 0..<200 {
                for index in 0..<20 { zone.update(.sample("s-\(index)", ips: ["10.97.\(round % 200).\(index)"])) }
                fixture.resolver.apply(zone.takeChanges())
            }
        }
        let client = try await fixture.datagrams()
        for _ in 0..<300 {
            #expect(try await client.exchange(ServerFixture.query(ServerFixture.web)).answers.count == 1)
        }
        await changing.value
        await fixture.server.close()
    }

    @Test("closing leaves no descriptor and no thread, and the port is free")
    func close() async throws {
        for _ in 0..<3 {
            let fixture = try await ServerFixture(workers: 2, upstreams: ["127.0.0.53", "::1"])
            #expect(try await fixture.isServing())
            let before = try await Self.sockets(of: fixture.namespace).count
            #expect(before > 100)
            await fixture.server.close()
            await fixture.server.close()
            #expect(try await Self.sockets(of: fixture.namespace).isEmpty)
            let again = try await fixture.namespace.inside { [settings = fixture.resolver.settings] in
                try DNSSockets.open([.unspecified(.ipv4)], for: settings)
            }
            again.close()
        }
    }

    @Test("a port that is taken is told, and nothing is left open")
    func taken() async throws {
        let fixture = try await ServerFixture()
        let settings = fixture.resolver.settings
        await #expect(throws: DNSServerError("bind", "0.0.0.0:53", errno: EADDRINUSE)) {
            try await fixture.namespace.inside { try DNSSockets.open([.unspecified(.ipv4)], for: settings) }
        }
        await fixture.server.close()
        #expect(try await Self.sockets(of: fixture.namespace).isEmpty)
    }

    /// The descriptors of this process that are sockets of a namespace (SO_NETNS_COOKIE).
    private static func sockets(of namespace: ServerNamespace) async throws -> [Int32] {
        let cookie = try await namespace.inside {
            let descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
            defer { Glibc.close(descriptor) }
            return Self.cookie(of: descriptor)
        }
        let names = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")
        return names.compactMap { Int32($0) }.filter { Self.cookie(of: $0) == cookie }
    }

    private static func cookie(of descriptor: Int32) -> UInt64? {
        var value: UInt64 = 0
        var length = socklen_t(MemoryLayout<UInt64>.size)
        return getsockopt(descriptor, SOL_SOCKET, 71, &value, &length) == 0 ? value : nil
    }
}
