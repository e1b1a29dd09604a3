import Addressing
import Glibc
import NIOPosix
import NetworkNamespaces
import Testing

@testable import Runtime

@Suite("A probe's try")
struct ProbeAttemptTests {
    private let group = MultiThreadedEventLoopGroup.singleton

    /// A port of this host's loopback, listened on or not.
    private func withPort(isOpen: Bool, _ body: (ProbeAttempt, Int32) async throws -> Void) async throws {
        let loopback = try #require(IPAddress("127.0.0.1"))
        let listener = try Socket.listen(.tcp, loopback, port: 0)
        let port = Socket.port(of: listener)
        if !isOpen { close(listener) }
        defer { if isOpen { close(listener) } }
        let attempt = ProbeAttempt(address: loopback, port: port, timeout: .seconds(2), group: group)
        try await body(attempt, try Socket.open(.tcp, .ipv4))
    }

    @Test("a TCP probe succeeds where somebody listens")
    func open() async throws {
        try await withPort(isOpen: true) { attempt, socket in try await attempt.connect(on: socket) }
    }

    @Test("a TCP probe fails where nobody listens, and says why")
    func closed() async throws {
        try await withPort(isOpen: false) { attempt, socket in
            let failure = await #expect(throws: ProbeFailure.self) { try await attempt.connect(on: socket) }
            #expect(failure?.description.hasSuffix("connect: connection refused") ?? false, "\(failure as Any)")
        }
    }

    @Test("an HTTP probe fails where nobody listens")
    func closedHTTP() async throws {
        try await withPort(isOpen: false) { attempt, socket in
            await #expect(throws: ProbeFailure.self) {
                try await attempt.get("/", host: nil, headers: [], on: socket)
            }
        }
    }

    @Test("an HTTP probe of somebody who never answers fails in time")
    func silence() async throws {
        try await withPort(isOpen: true) { attempt, socket in
            let failure = await #expect(throws: ProbeFailure.self) {
                try await attempt.get("/", host: nil, headers: [], on: socket)
            }
            #expect(failure?.description.hasSuffix("i/o timeout") ?? false)
        }
    }
}
