import CLinux
import Glibc

@testable import PacketCapture

/// Two namespaces of a test's own, joined by a veth:
///
///     left: eth0 10.99.0.1/24, fd99::1/64 ---- right: eth0 10.99.0.2/24, fd99::2/64
struct NamespacePair: Sendable {
    let left: String
    let right: String

    /// Makes a pair, runs the body and removes the pair, whatever happened.
    static func use(_ label: String, _ body: (NamespacePair) async throws -> Void) async throws {
        let pair = NamespacePair(left: "labcap\(getpid())\(label)l", right: "labcap\(getpid())\(label)r")
        do {
            try pair.make()
            try await body(pair)
        } catch {
            pair.remove()
            throw error
        }
        pair.remove()
    }

    private func make() throws {
        for (name, number) in [(left, 1), (right, 2)] {
            try Command.run("ip", "netns", "add", name)
            if number == 2 {
                try Command.run("ip", "-n", left, "link", "add", "eth0", "type", "veth", "peer", "eth0", "netns", right)
            }
        }
        for (name, number) in [(left, 1), (right, 2)] {
            try Command.run("ip", "-n", name, "address", "add", "10.99.0.\(number)/24", "dev", "eth0")
            try Command.run("ip", "-n", name, "address", "add", "fd99::\(number)/64", "dev", "eth0", "nodad")
            try Command.run("ip", "-n", name, "link", "set", "lo", "up")
            try Command.run("ip", "-n", name, "link", "set", "eth0", "up")
        }
        // The kernel starts a veth's queue in a work queue of its own, some time after the commands have returned.
        for address in ["10.99.0.2", "fd99::2"] {
            try Command.run("ip", "netns", "exec", left, "ping", "-q", "-n", "-i0.05", "-c1", "-w10", address)
        }
        for name in [left, right] { try Command.run("ip", "-n", name, "neighbor", "flush", "dev", "eth0") }
    }

    private func remove() {
        for name in [left, right] { _ = try? Command.run("ip", "netns", "delete", name) }
    }

    /// Runs a body on a thread of its own inside a namespace.
    static func inside<Value: Sendable>(
        _ name: String, _ body: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            do {
                let thread = try CaptureThread.start {
                    continuation.resume(
                        with: Result {
                            let namespace = Glibc.open("/run/netns/\(name)", O_RDONLY | O_CLOEXEC)
                            guard namespace >= 0, lab_enter_network(namespace) == 0 else {
                                throw Command.Failure(description: "cannot enter \(name): errno \(errno)")
                            }
                            close(namespace)
                            return try body()
                        })
                }
                thread.detach()
            } catch {
                continuation.resume(throwing: error)
            }
        }
    }

    static func open(
        _ interface: String, in namespace: String, options: CaptureOptions = CaptureOptions()
    ) async throws -> OpenCapture {
        try await inside(namespace) {
            try CaptureSession.open(interface: interface, name: "\(namespace) \(interface)", options: options)
        }
    }

    func ping(_ address: String, count: Int = 3, from namespace: String? = nil) throws {
        try Command.run(
            "ip", "netns", "exec", namespace ?? left, "ping", "-q", "-n", "-f", "-c", "\(count)", "-W", "2", address)
    }
}
