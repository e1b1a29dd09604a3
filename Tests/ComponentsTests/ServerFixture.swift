import Addressing
import CLinux
import Foundation
import Glibc
import Logging
import NIOPosix
import TestSupport
import Topology

@testable import Components

/// A server with one listener in a namespace of its own.
struct ServerFixture {
    static let identity = WorkloadIdentity(namespace: "shop", pod: "pod-a", node: "node1", container: "server")

    let namespace: TestNamespace
    let server: BuiltinServer
    let listener: ServedListener
    /// Where clients reach the listener.
    let address: IPAddress

    init(
        _ transport: Transport = .tcp, on bound: String = "127.0.0.1",
        limits: BuiltinServerLimits = BuiltinServerLimits(),
        connector: PodConnector? = nil
    ) async throws {
        namespace = try await TestNamespace()
        server = Self.makeServer(limits)
        let socket = try await Self.socket(namespace, transport, on: bound)
        listener = try await server.serve(
            listener: socket, as: Self.identity, connector: connector ?? Self.connector(namespace))
        address = listener.address == .unspecified(.ipv4) ? .loopback(.ipv4) : listener.address
    }

    static func makeServer(_ limits: BuiltinServerLimits = BuiltinServerLimits()) -> BuiltinServer {
        BuiltinServer(group: MultiThreadedEventLoopGroup.singleton, logger: Logger(label: "test"), limits: limits)
    }

    static func socket(_ namespace: TestNamespace, _ transport: Transport, on bound: String) async throws
        -> ListeningSocket
    {
        guard let address = IPAddress(bound) else { throw CocoaError(.formatting) }
        let descriptor = try await TestSocket.bound(namespace, transport == .udp ? SOCK_DGRAM : SOCK_STREAM, address)
        return ListeningSocket(fileDescriptor: descriptor, transport: transport, family: address.family)
    }

    /// Opens sockets in the namespace.
    static func connector(_ namespace: TestNamespace) -> PodConnector {
        { address, _, transport in
            try await namespace.inside {
                let family = address.family == .ipv4 ? AF_INET : AF_INET6
                return try TestNamespace.makeSocket(family, transport == .udp ? SOCK_DGRAM : SOCK_STREAM)
            }
        }
    }

    func connect(to other: IPAddress? = nil) async throws -> TestSocket {
        try await TestSocket.connected(namespace, SOCK_STREAM, to: other ?? address, listener.port)
    }

    func connectUDP(to other: IPAddress? = nil) async throws -> TestSocket {
        try await TestSocket.connected(namespace, SOCK_DGRAM, to: other ?? address, listener.port)
    }

    /// The response to a request on a connection of its own.
    func get(_ target: String, headers: String = "") async throws -> HTTPReply {
        try await get(target, headers: headers, on: connect())
    }

    func get(_ target: String, headers: String = "", on socket: TestSocket) async throws -> HTTPReply {
        try await socket.send("GET \(target) HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\(headers)\r\n")
        return HTTPReply(try await socket.receiveAll())
    }

    /// Waits until a condition holds, with a bound.
    func eventually(_ condition: () throws -> Bool) async throws -> Bool {
        for _ in 0..<2000 {
            if try condition() { return true }
            try await Task.sleep(for: .milliseconds(5))
        }
        return false
    }
}

/// A response taken apart.
struct HTTPReply {
    var status: Int
    var head: String
    var body: [UInt8]

    init(_ bytes: [UInt8]) {
        let text = String(decoding: bytes, as: UTF8.self)
        status = text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        let end = bytes.indices.first { bytes[$0...].starts(with: "\r\n\r\n".utf8) } ?? bytes.endIndex
        head = String(decoding: bytes[..<end], as: UTF8.self)
        body = Array(bytes[min(end + 4, bytes.endIndex)...])
    }

    var text: String { String(decoding: body, as: UTF8.self) }

    func decoded<Value: Decodable>(_ type: Value.Type) throws -> Value {
        try JSONDecoder().decode(type, from: Data(body))
    }
}

/// The answer to `seen`, read by a decoder that is not ours.
struct SeenReply: Decodable, Equatable {
    var namespace: String
    var pod: String
    var node: String
    var container: String
    var `protocol`: String
    var source: String
    var sourcePort: UInt16
    var destination: String
    var destinationPort: UInt16
    var id: String
    var length: Int
}

/// The answer to `/dial`.
struct DialReply: Decodable, Equatable {
    var responses: [String]
    var errors: [String]
}

extension SeededGenerator {
    mutating func bytes(upTo count: Int, from alphabet: [UInt8]? = nil) -> [UInt8] {
        (0..<Int.random(in: 0...count, using: &self)).map { _ in
            alphabet?.randomElement(using: &self) ?? UInt8.random(in: 0...255, using: &self)
        }
    }
}
