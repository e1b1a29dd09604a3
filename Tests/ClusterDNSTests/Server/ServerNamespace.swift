import Addressing
import CLinux
import Foundation

/// A network namespace of one test, whose loopback is up. Nothing names it: it is gone with its last descriptor.
final class ServerNamespace: Sendable {
    struct Failure: Error {
        var call: String
        var errno: Int32
    }

    private let descriptor: Int32

    init() async throws {
        descriptor = try await onThread {
            guard lab_unshare_network() == 0 else { throw Failure(call: "unshare", errno: errno) }
            try Self.setLoopbackUp()
            let namespace = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC)
            guard namespace >= 0 else { throw Failure(call: "open", errno: errno) }
            return namespace
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

    private static func setLoopbackUp() throws {
        let descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
        defer { close(descriptor) }
        var request = ifreq()
        withUnsafeMutableBytes(of: &request.ifr_ifrn) { $0.copyBytes(from: "lo".utf8) }
        request.ifr_ifru.ifru_flags = Int16(IFF_UP)
        guard ioctl(descriptor, UInt(SIOCSIFFLAGS), &request) == 0 else {
            throw Failure(call: "SIOCSIFFLAGS", errno: errno)
        }
    }
}

/// Runs something that waits, on a thread of its own: the threads of tasks are few.
func onThread<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        Thread.detachNewThread { continuation.resume(with: Result(catching: body)) }
    }
}
