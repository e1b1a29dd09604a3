import CLinux
import DNSMessage
import Foundation
import Synchronization

/// A server that others are asked: it answers as a test says, and keeps what it was asked.
final class ScriptedUpstream: Sendable {
    struct Asked: Sendable {
        let query: Message
        let port: UInt16
        let isStream: Bool
    }

    /// The server has port 53 of all addresses.
    static let port: UInt16 = 5353

    /// What is sent back for a query, one datagram or message each.
    typealias Script = @Sendable (Message, _ isStream: Bool) -> [[UInt8]]

    private let datagrams: ClientSocket
    private let listener: ClientSocket?
    private let state = Mutex<[Asked]>([])
    private let script: Script

    var asked: [Asked] { state.withLock { $0 } }

    init(
        _ namespace: ServerNamespace, _ address: String = "127.0.0.53", overTCP: Bool = false,
        _ script: @escaping Script
    ) async throws {
        self.script = script
        datagrams = try await ClientSocket.bound(namespace, SOCK_DGRAM, address, port: Self.port)
        listener = overTCP ? try await ClientSocket.bound(namespace, SOCK_STREAM, address, port: Self.port) : nil
        Thread.detachNewThread { [weak self, datagrams] in
            while Self.serveDatagram(datagrams, { self }) {}
        }
        if let listener {
            Thread.detachNewThread { [weak self] in
                while Self.serveConnection(listener, { self }) {}
            }
        }
    }

    deinit {
        // Wakes the threads.
        shutdown(datagrams.descriptor, Int32(SHUT_RD))
        if let listener { shutdown(listener.descriptor, Int32(SHUT_RD)) }
    }

    private static func serveDatagram(_ socket: ClientSocket, _ upstream: () -> ScriptedUpstream?) -> Bool {
        var buffer = [UInt8](repeating: 0, count: 4096)
        var address = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let count = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                recvfrom(socket.descriptor, &buffer, buffer.count, 0, $0, &length)
            }
        }
        guard let upstream = upstream() else { return false }
        guard count > 0, let query = try? Message(decoding: Array(buffer[..<count])) else { return errno == EAGAIN }
        let port = withUnsafeBytes(of: address) { UInt16($0[2]) << 8 | UInt16($0[3]) }
        upstream.state.withLock { $0.append(Asked(query: query, port: port, isStream: false)) }
        for reply in upstream.script(query, false) {
            withUnsafePointer(to: address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    _ = sendto(socket.descriptor, reply, reply.count, 0, $0, length)
                }
            }
        }
        return true
    }

    private static func serveConnection(_ listener: ClientSocket, _ upstream: () -> ScriptedUpstream?) -> Bool {
        let connection = accept(listener.descriptor, nil, nil)
        guard let upstream = upstream() else { return false }
        guard connection >= 0 else { return errno == EAGAIN }
        defer { close(connection) }
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = recv(connection, &buffer, buffer.count, 0)
        guard count > 2, let query = try? Message(decoding: Array(buffer[2..<count])) else { return true }
        upstream.state.withLock { $0.append(Asked(query: query, port: 0, isStream: true)) }
        for reply in upstream.script(query, true) {
            let framed = reply.framed
            // In two parts, so that the reader has to wait for the second.
            _ = send(connection, framed, 1, Int32(MSG_NOSIGNAL))
            _ = framed.withUnsafeBytes {
                send(connection, $0.baseAddress.map { $0 + 1 }, $0.count - 1, Int32(MSG_NOSIGNAL))
            }
        }
        return true
    }
}

extension Message {
    /// A response to this query.
    func response(_ code: ResponseCode = .noError, _ answers: [ResourceRecord] = []) -> Message {
        var message = Message(id: id)
        message.isResponse = true
        message.recursionDesired = recursionDesired
        message.recursionAvailable = true
        message.questions = questions
        message.responseCode = code
        message.answers = answers
        return message
    }

    /// A response with an address.
    func response(address: UInt32, timeToLive: UInt32 = 60) -> Message {
        response(
            .noError,
            questions.map { ResourceRecord($0.name, timeToLive: timeToLive, .a(.init(rawValue: address))) })
    }
}
