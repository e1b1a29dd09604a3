import Addressing
import CLinux
import Foundation
import Topology

/// A network namespace of one test: its loopback is up and has several addresses of both families. Nothing names it,
/// so it is gone with its last descriptor.
final class TestNamespace: Sendable {
    struct Failure: Error {
        var call: String
        var errno: Int32
    }

    /// Addresses of the loopback besides 127.0.0.0/8 and ::1.
    static let extraIPv6 = ["fd00::1", "fd00::2"]

    private let descriptor: Int32
    private let cookie: UInt64

    init() async throws {
        (descriptor, cookie) = try await onThread {
            guard lab_unshare_network() == 0 else { throw Failure(call: "unshare", errno: errno) }
            let socket = try Self.makeSocket(AF_INET6, SOCK_DGRAM)
            defer { close(socket) }
            try Self.setLoopbackUp(socket)
            for address in Self.extraIPv6 { try Self.addLoopbackAddress(address, socket) }
            let namespace = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC)
            guard namespace >= 0, let cookie = Self.cookie(of: socket) else {
                throw Failure(call: "open", errno: errno)
            }
            return (namespace, cookie)
        }
    }

    deinit { close(descriptor) }

    /// Runs on a thread of its own inside the namespace.
    func inside<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await onThread { [self] in
            guard lab_enter_network(descriptor) == 0 else { throw Failure(call: "setns", errno: errno) }
            return try body()
        }
    }

    /// How many descriptors of this process are sockets of this namespace.
    func openSockets() throws -> Int {
        let names = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")
        return names.compactMap { Int32($0) }.count { Self.cookie(of: $0) == cookie }
    }

    static func makeSocket(_ family: Int32, _ type: __socket_type) throws -> Int32 {
        let descriptor = socket(family, Int32(type.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw Failure(call: "socket", errno: errno) }
        return descriptor
    }

    /// SO_NETNS_COOKIE of <asm-generic/socket.h>.
    private static func cookie(of descriptor: Int32) -> UInt64? {
        var value: UInt64 = 0
        var length = socklen_t(MemoryLayout<UInt64>.size)
        return getsockopt(descriptor, SOL_SOCKET, 71, &value, &length) == 0 ? value : nil
    }

    private static func setLoopbackUp(_ socket: Int32) throws {
        var request = ifreq()
        withUnsafeMutableBytes(of: &request.ifr_ifrn) { $0.copyBytes(from: "lo".utf8) }
        request.ifr_ifru.ifru_flags = Int16(IFF_UP)
        guard ioctl(socket, UInt(SIOCSIFFLAGS), &request) == 0 else {
            throw Failure(call: "SIOCSIFFLAGS", errno: errno)
        }
    }

    /// The kernel ends an address's tentative state on a work queue, on the loopback too.
    private static func waitUntilUsable(_ text: String) throws {
        guard let address = IPAddress(text) else { return }
        for _ in 0..<5_000 {
            let probe = try makeSocket(AF_INET6, SOCK_DGRAM)
            defer { close(probe) }
            if withSocketAddress(address, 0, { bind(probe, $0, $1) }) == 0 { return }
            usleep(1_000)
        }
        throw Failure(call: "bind \(text)", errno: EADDRNOTAVAIL)
    }

    /// struct in6_ifreq of <linux/ipv6.h>: address, prefix length, interface index.
    private static func addLoopbackAddress(_ text: String, _ socket: Int32) throws {
        var request = IPAddress(text)?.bytes ?? []
        withUnsafeBytes(of: (UInt32(128), if_nametoindex("lo"))) { request += $0 }
        guard ioctl(socket, UInt(SIOCSIFADDR), &request) == 0 else { throw Failure(call: "SIOCSIFADDR", errno: errno) }
        try waitUntilUsable(text)
    }
}

/// Runs something that waits, on a thread of its own: the threads of tasks are few.
func onThread<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        Thread.detachNewThread { continuation.resume(with: Result(catching: body)) }
    }
}
