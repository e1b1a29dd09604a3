import Addressing
import CLinux
import Glibc
import NIOPosix
import ServiceProxy
import Testing

@testable import Components

@Suite("healthCheckNodePort")
struct HealthCheckTests {
    private static func get(_ namespace: TestNamespace, _ port: UInt16, path: String = "/") async throws -> String {
        let client = try await TestSocket.connected(namespace, SOCK_STREAM, to: .loopback(.ipv4), port)
        try await client.send("GET \(path) HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        return String(decoding: try await client.receiveAll(), as: UTF8.self)
    }

    @Test("a node with endpoints answers 200 and how many, one without answers 503, and it follows changes")
    func flips() async throws {
        let namespace = try await TestNamespace()
        let descriptor = try await TestSocket.bound(namespace, SOCK_STREAM, .loopback(.ipv4))
        let port = try localPort(of: descriptor)
        let listener = try await HealthCheckListener.serve(
            descriptor, HealthCheck(service: ServiceName(namespace: "shop", name: "web"), port: 80, localEndpoints: 2),
            group: MultiThreadedEventLoopGroup.singleton)

        let healthy = try await Self.get(namespace, port, path: "/healthz")
        #expect(healthy.hasPrefix("HTTP/1.1 200 OK\r\n"))
        #expect(healthy.contains("x-load-balancing-endpoint-weight: 2\r\n"))
        #expect(
            healthy.hasSuffix(
                #"{"service":{"namespace":"shop","name":"web"},"localEndpoints":2,"serviceProxyHealthy":true}"#))

        listener.update(HealthCheck(service: ServiceName(namespace: "shop", name: "web"), port: 80, localEndpoints: 0))
        let unhealthy = try await Self.get(namespace, port)
        #expect(unhealthy.hasPrefix("HTTP/1.1 503 Service Unavailable\r\n"))
        #expect(unhealthy.contains("x-load-balancing-endpoint-weight: 0\r\n"))

        await listener.close()
        #expect(try namespace.openSockets() == 0)
    }

    @Test("a client that says nothing, or something else than HTTP, keeps nobody from being answered")
    func hostileClients() async throws {
        let namespace = try await TestNamespace()
        let descriptor = try await TestSocket.bound(namespace, SOCK_STREAM, .loopback(.ipv4))
        let port = try localPort(of: descriptor)
        let listener = try await HealthCheckListener.serve(
            descriptor, HealthCheck(service: ServiceName(namespace: "shop", name: "web"), port: 80, localEndpoints: 1),
            group: MultiThreadedEventLoopGroup.singleton)
        let silent = try await TestSocket.connected(namespace, SOCK_STREAM, to: .loopback(.ipv4), port)
        let noisy = try await TestSocket.connected(namespace, SOCK_STREAM, to: .loopback(.ipv4), port)
        try await noisy.send([UInt8](repeating: 0xff, count: 4096))
        #expect(try await Self.get(namespace, port).hasPrefix("HTTP/1.1 200"))
        await listener.close()
        withExtendedLifetime((silent, noisy)) {}
    }
}
