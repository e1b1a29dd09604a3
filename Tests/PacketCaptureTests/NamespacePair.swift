import CLinux
import Glibc

@testable import PacketCapture

/// Two namespaces of a test's own, joined by a veth:
///
///     left: eth0 10.99.0.1/24, fd99::1/64 ---- right: eth0 10.99.0.2/24, fd99::2/64
struct NamespacePair: Sendable {
    /// Files that the namespaces are bound to. `ip netns` would leave a mount of its own behind on a host that never had one.
    let left: String
    let right: String

    /// Makes a pair, runs the body and removes the pair, whatever happened.
    static func use(_ label: String, _ body: (NamespacePair) async throws -> Void) async throws {
        let stem = "/tmp/lab-capture-\(getpid())-\(label)"
        let pair = NamespacePair(left: "\(stem)-left", right: "\(stem)-right")
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
        for file in [left, right] {
            try Command.run("touch", file)
            try Command.run("unshare", "--net=\(file)", "true")
        }
        try run(in: left, "ip", "link", "add", "eth0", "type", "veth", "peer", "eth0", "netns", right)
        for (place, number) in [(left, 1), (right, 2)] {
            try run(in: place, "ip", "address", "add", "10.99.0.\(number)/24", "dev", "eth0")
            try run(in: place, "ip", "address", "add", "fd99::\(number)/64", "dev", "eth0", "nodad")
            try run(in: place, "ip", "link", "set", "lo", "up")
            try run(in: place, "ip", "link", "set", "eth0", "up")
        }
        // The kernel starts a veth's queue in a work queue of its own, some time after the commands have returned.
        for address in ["10.99.0.2", "fd99::2"] {
            try run(in: left, "ping", "-q", "-n", "-i0.05", "-c1", "-w10", address)
        }
        for place in [left, right] { try run(in: place, "ip", "neighbor", "flush", "dev", "eth0") }
    }

    private func remove() {
        for file in [left, right] {
            umount2(file, Int32(MNT_DETACH))
            unlink(file)
        }
    }

    /// Runs a program inside a namespace.
    func run(in place: String, _ words: String...) throws {
        _ = try Command.run(["nsenter", "--net=\(place)"] + words)
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
                            let namespace = Glibc.open(name, O_RDONLY | O_CLOEXEC)
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
        try run(in: namespace ?? left, "ping", "-q", "-n", "-f", "-c", "\(count)", "-W", "2", address)
    }
}
