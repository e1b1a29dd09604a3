import Foundation
import Glibc
import Testing

@testable import Netlink

/// What happens to datagrams that are larger than a socket takes by itself (net.core.wmem_max).
///
/// They go to a family that nobody in the kernel listens to: what fits is sent and refused (ECONNREFUSED), what does not
/// fit is not sent (EMSGSIZE).
@Suite("Datagrams larger than the socket's buffer")
struct LargeDatagramTests {
    private func errno(sending size: Int, on socket: NetlinkSocket) -> Int32? {
        do throws(NetlinkError) {
            try socket.send([UInt8](repeating: 0, count: size))
            return nil
        } catch {
            return error.errno
        }
    }

    private static let megabyte = 1 << 20
    /// NETLINK_USERSOCK of linux/netlink.h.
    private static let userSocket: Int32 = 2

    @Test("root's socket takes 64 MiB, and small ones afterwards")
    func forced() throws {
        let socket = try NetlinkSocket(family: Self.userSocket)
        for size in [100, Self.megabyte, 64 * Self.megabyte, 100] {
            #expect(errno(sending: size, on: socket) == ECONNREFUSED, "\(size) bytes")
        }
    }

    @Test("without CAP_NET_ADMIN a socket takes what net.core.wmem_max allows, and says so of more")
    func unprivileged() async throws {
        let limit = try #require(
            Int(
                String(contentsOfFile: "/proc/sys/net/core/wmem_max", encoding: .utf8)
                    .trimmingCharacters(in: .whitespacesAndNewlines)))
        let seen: [Int32?] = try await withCheckedThrowingContinuation { continuation in
            // Capabilities belong to a thread: this one has none for the rest of its life.
            Thread.detachNewThread {
                continuation.resume(
                    with: Result {
                        try Self.dropCapabilities()
                        let socket = try NetlinkSocket(family: Self.userSocket)
                        // The kernel keeps twice the limit, of which a datagram takes its bytes and some.
                        return [limit, 4 * limit, 100].map { self.errno(sending: $0, on: socket) }
                    })
            }
        }
        #expect(seen == [ECONNREFUSED, EMSGSIZE, ECONNREFUSED])
    }

    /// Takes all effective capabilities from the calling thread. capset(2)
    private static func dropCapabilities() throws {
        typealias Call = @convention(c) (UnsafeMutableRawPointer, UnsafeRawPointer) -> Int32
        let symbol = try #require(dlsym(nil, "capset"), "the C library has no capset")
        // _LINUX_CAPABILITY_VERSION_3 and pid 0: the calling thread. Two sets of effective, permitted and inheritable bits.
        var header: [UInt32] = [0x2008_0522, 0]
        let result = unsafeBitCast(symbol, to: Call.self)(&header, [UInt32](repeating: 0, count: 6))
        try #require(result == 0, "capset: \(String(cString: strerror(Glibc.errno)))")
    }
}
