import Addressing
import CLinux
import Glibc

/// A client's socket, whose waits are bounded.
final class TestSocket: Sendable {
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

    /// A bound socket for the server, listening for TCP. `::` serves both families.
    static func bound(_ namespace: TestNamespace, _ type: __socket_type, _ address: IPAddress) async throws -> Int32 {
        try await namespace.inside {
            let descriptor = try TestNamespace.makeSocket(address.family == .ipv4 ? AF_INET : AF_INET6, type)
            let status = withSocketAddress(address, 0) { bind(descriptor, $0, $1) }
            guard status == 0, type == SOCK_DGRAM || listen(descriptor, 16) == 0 else {
                defer { close(descriptor) }
                throw Failure(call: "bind", errno: errno)
            }
            return descriptor
        }
    }

    /// A socket of the namespace that is connected, or for TCP refused.
    static func connected(
        _ namespace: TestNamespace, _ type: __socket_type, to address: IPAddress, _ port: UInt16
    ) async throws -> TestSocket {
        try await namespace.inside {
            let family = address.family == .ipv4 ? AF_INET : AF_INET6
            let socket = TestSocket(try TestNamespace.makeSocket(family, type))
            guard withSocketAddress(address, port, { connect(socket.descriptor, $0, $1) }) == 0 else {
                throw Failure(call: "connect", errno: errno)
            }
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

    func send(_ text: String) async throws { try await send(Array(text.utf8)) }

    /// What comes next, at most 64 KiB; nothing at the end of the stream.
    func receive() async throws -> [UInt8] {
        try await onThread { [descriptor] in
            var buffer = [UInt8](repeating: 0, count: 65536)
            let count = recv(descriptor, &buffer, buffer.count, 0)
            guard count >= 0 else { throw Failure(call: "recv", errno: errno) }
            return Array(buffer[..<count])
        }
    }

    /// Everything up to the end of the stream. A reset ends it too.
    func receiveAll() async throws -> [UInt8] {
        var all: [UInt8] = []
        do {
            while case let part = try await receive(), !part.isEmpty { all += part }
        } catch let failure as Failure where failure.errno == ECONNRESET {
            return all
        }
        return all
    }

    /// The socket's own address.
    var localText: String {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let status = withUnsafeMutablePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
        }
        return status == 0 ? text(of: storage) : "unknown"
    }

    var localPort: UInt16 { UInt16(localText.split(separator: ":").last ?? "") ?? 0 }
}

/// Sends one datagram from an unconnected socket, and says what came back and from where.
func exchangeUnconnected(
    _ namespace: TestNamespace, _ payload: String, to address: IPAddress, _ port: UInt16
) async throws -> (source: String, reply: String) {
    try await namespace.inside {
        let descriptor = try TestNamespace.makeSocket(address.family == .ipv4 ? AF_INET : AF_INET6, SOCK_DGRAM)
        defer { close(descriptor) }
        var timeout = timeval(tv_sec: 20, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
        let sent = withSocketAddress(address, port) { sendto(descriptor, payload, payload.utf8.count, 0, $0, $1) }
        guard sent == payload.utf8.count else { throw TestSocket.Failure(call: "sendto", errno: errno) }
        var buffer = [UInt8](repeating: 0, count: 65536)
        var source = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let count = withUnsafeMutablePointer(to: &source) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                recvfrom(descriptor, &buffer, buffer.count, 0, $0, &length)
            }
        }
        guard count >= 0 else { throw TestSocket.Failure(call: "recvfrom", errno: errno) }
        return (text(of: source), String(decoding: buffer[..<count], as: UTF8.self))
    }
}

private func text(of storage: sockaddr_storage) -> String {
    withUnsafeBytes(of: storage) { bytes in
        let port = UInt16(bytes[2]) << 8 | UInt16(bytes[3])
        let isIPv4 = storage.ss_family == sa_family_t(AF_INET)
        return IPAddress(bytes: isIPv4 ? bytes[4..<8] : bytes[8..<24])?.withPort(port) ?? "unknown"
    }
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

/// The port that a descriptor is bound to.
func localPort(of descriptor: Int32) throws -> UInt16 {
    var address = sockaddr_in()
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let status = withUnsafeMutablePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
    }
    guard status == 0 else { throw TestSocket.Failure(call: "getsockname", errno: errno) }
    return UInt16(bigEndian: address.sin_port)
}
