import Addressing
import CLinux
import DNSMessage
import KubernetesModel
import Testing

@testable import ClusterDNS

/// A server in a namespace of its own, with some Services.
final class ServerFixture: Sendable {
    let namespace: ServerNamespace
    let server: DNSServer
    let resolver: SharedResolver

    /// - Parameter upstreams: whom the server asks; 127.0.0.53 is where scripted ones are.
    init(
        addresses: [String] = ["0.0.0.0", "::"], workers: Int = 1, upstreams: [String] = [],
        _ change: (inout DNSServerLimits) -> Void = { _ in }
    ) async throws {
        let namespace = try await ServerNamespace()
        var sample = try SampleZone {
            $0.upstreams = try upstreams.map {
                UpstreamServer(try #require(IPAddress($0)), port: ScriptedUpstream.port)
            }
        }
        sample.add(.sample("web", ips: ["10.96.0.7", "fd00:96::7"], ports: ["http:80/TCP"]))
        sample.add(.sample("far", externalName: "www.example.test"))
        sample.add(.headless("many"), .sample("many", (0..<800).map { "10.244.\($0 / 256).\($0 % 256)" }))
        let parsed = try addresses.map { try #require(IPAddress($0)) }
        let settings = sample.resolver.settings
        let sockets = try await namespace.inside {
            try DNSSockets.open(parsed, port: 53, workers: workers, for: settings)
        }
        var limits = DNSServerLimits()
        change(&limits)
        self.namespace = namespace
        resolver = sample.resolver
        server = DNSServer(sockets, resolver: sample.resolver, limits: limits) { Issue.record("\($0)") }
        try server.start()
    }

    static func query(_ name: String, _ type: RecordType = .a, id: UInt16 = 77) throws -> Message {
        Message(id: id, asking: Question(try #require(DomainName(name)), type))
    }

    static let web = "web.default.svc.cluster.local"
    static let many = "many.default.svc.cluster.local"

    func datagrams(to address: String = "127.0.0.1") async throws -> ClientSocket {
        try await ClientSocket.connected(namespace, SOCK_DGRAM, to: address)
    }

    func stream(to address: String = "127.0.0.1", receiveBuffer: Int32? = nil) async throws -> ClientSocket {
        try await ClientSocket.connected(namespace, SOCK_STREAM, to: address, receiveBuffer: receiveBuffer)
    }

    /// Asks over UDP.
    func ask(_ name: String, _ type: RecordType = .a, id: UInt16 = 77) async throws -> Message {
        let client = try await datagrams()
        return try await client.exchange(Self.query(name, type, id: id))
    }

    /// Whether somebody who comes now is answered, over UDP and over TCP.
    func isServing() async throws -> Bool {
        let client = try await stream()
        try await client.sendFramed(Self.query(Self.web).encoded())
        guard let bytes = try await client.receiveFramed(), try Message(decoding: bytes).answers.count == 1 else {
            return false
        }
        return try await ask(Self.web).answers.count == 1
    }
}
