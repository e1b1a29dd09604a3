import Addressing
import CLinux
import DNSMessage
import Glibc

/// A client's or a scripted server's socket, whose waits are bounded.
final class ClientSocket: Sendable {
    struct Failure: Error, Equatable {
        var call: String
        var errno: Int32
    }

    let descriptor: Int32

    private init(_ descriptor: Int32) {
        self.descriptor = descriptor
        var timeout = timeval(tv_sec: 20, tv_usec: 0)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            setsockopt(descriptor, SOL_SOCKET, option, &timeout, socklen_t(MemoryLayout<timeval>.size))
        }
    }

    deinit { close(descriptor) }

    private static func make(_ type: __socket_type, _ address: IPAddress) throws -> ClientSocket {
        let family = address.family == .ipv4 ? AF_INET : AF_INET6
        let descriptor = socket(family, Int32(type.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw Failure(call: "socket", errno: errno) }
        return ClientSocket(descriptor)
    }

    /// A socket of the namespace that is connected, or for TCP refused.
    static func connected(
        _ namespace: ServerNamespace, _ type: __socket_type, to text: String, port: UInt16 = 53,
        receiveBuffer: Int32? = nil
    ) async throws -> ClientSocket {
        try await namespace.inside {
            guard let address = IPAddress(text) else { throw Failure(call: text, errno: EINVAL) }
            let socket = try make(type, address)
            if var size = receiveBuffer {
                setsockopt(socket.descriptor, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size))
            }
            guard withSocketAddress(address, port, { connect(socket.descriptor, $0, $1) }) == 0 else {
                throw Failure(call: "connect", errno: errno)
            }
            return socket
        }
    }

    /// A bound socket of the namespace, listening for TCP.
    static func bound(
        _ namespace: ServerNamespace, _ type: __socket_type, _ text: String, port: UInt16 = 53
    ) async throws -> ClientSocket {
        try await namespace.inside {
            guard let address = IPAddress(text) else { throw Failure(call: text, errno: EINVAL) }
            let socket = try make(type, address)
            guard withSocketAddress(address, port, { bind(socket.descriptor, $0, $1) }) == 0,
                type == SOCK_DGRAM || listen(socket.descriptor, 16) == 0
            else { throw Failure(call: "bind", errno: errno) }
            return socket
        }
    }

    func send(_ bytes: [UInt8]) async throws {
        try await onThread { [descriptor] in
            var rest = bytes[...]
            repeat {
                let count = rest.withUnsafeBytes {
                    Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
                }
                guard count >= 0 else { throw Failure(call: "send", errno: errno) }
                rest = rest.dropFirst(count)
            } while !rest.isEmpty
        }
    }

    /// What comes next, at most so many bytes; nothing at the end of the stream.
    func receive(_ most: Int = 65_535) async throws -> [UInt8] {
        try await onThread { [self] in try receiveNow(most) }
    }

    private func receiveNow(_ most: Int) throws -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: most)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        guard count >= 0 else { throw Failure(call: "recv", errno: errno) }
        return Array(buffer[..<count])
    }

    /// Sends a query over UDP and takes the answer.
    func exchange(_ query: Message) async throws -> Message {
        try await send(query.encoded())
        return try await Message(decoding: receive())
    }

    /// Sends a message over TCP.
    func sendFramed(_ bytes: [UInt8]) async throws { try await send(bytes.framed) }

    /// Takes a message over TCP; nil at the end of the stream.
    func receiveFramed() async throws -> [UInt8]? {
        try await onThread { [self] in
            guard let head = try receiveExactly(2) else { return nil }
            return try receiveExactly(Int(head[0]) << 8 | Int(head[1]))
        }
    }

    private func receiveExactly(_ count: Int) throws -> [UInt8]? {
        var bytes: [UInt8] = []
        while bytes.count < count {
            let part = try receiveNow(count - bytes.count)
            if part.isEmpty { return nil }
            bytes += part
        }
        return bytes
    }

    /// Sends no more.
    func endSending() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// Whether the other side has ended the connection, by then or with a reset.
    func waitForEnd() async throws -> Bool {
        do {
            while case let part = try await receive(), !part.isEmpty {}
            return true
        } catch let failure as Failure {
            return failure.errno == ECONNRESET
        }
    }

    var localPort: UInt16 {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let status = withUnsafeMutablePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
        }
        return status == 0 ? withUnsafeBytes(of: storage) { UInt16($0[2]) << 8 | UInt16($0[3]) } : 0
    }
}

extension [UInt8] {
    /// With the length before it, as TCP carries messages.
    var framed: [UInt8] { [UInt8(count >> 8), UInt8(count & 255)] + self }
}

/// Lends sockaddr_in or sockaddr_in6.
func withSocketAddress<Value>(
    _ address: IPAddress, _ port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Value
) -> Value {
    var storage = sockaddr_storage()
    let isIPv4 = address.family == .ipv4
    storage.ss_family = sa_family_t(isIPv4 ? AF_INET : AF_INET6)
    withUnsafeMutableBytes(of: &storage) { bytes in
        bytes[2] = UInt8(port >> 8)
        bytes[3] = UInt8(port & 255)
        for (index, byte) in address.bytes.enumerated() { bytes[(isIPv4 ? 4 : 8) + index] = byte }
    }
    let length = socklen_t(isIPv4 ? MemoryLayout<sockaddr_in>.size : MemoryLayout<sockaddr_in6>.size)
    return withUnsafePointer(to: &storage) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, length) }
    }
}
