import Addressing
import Synchronization

/// Source ports of probes, each of a namespace, family and protocol used once in a long while: connection tracking remembers
/// flows for minutes, and a new one from the same port to the same endpoint would be taken for an old one.
final class SourcePorts: Sendable {
    /// Ports that nobody else's sockets have: below the kernel's own choice (net.ipv4.ip_local_port_range), without those of
    /// NodePorts, and above it.
    private static let all: [UInt16] = Array(20000..<30000) + Array(33000...60999)

    private struct Key: Hashable {
        let namespace: String
        let family: AddressFamily
        let isStream: Bool
    }

    private let next: Mutex<[Key: Int]> = Mutex([:])

    /// The ports that a probe may try, in order.
    func candidates(for flow: Flow) -> [UInt16] {
        if let port = flow.sourcePort { return [port] }
        let key = Key(
            namespace: flow.sender.networkNamespace, family: flow.family, isStream: flow.kind.transport == .tcp)
        let start = next.withLock { next in
            // Runs begin at different places: what the last one has left in connection tracking is not met again.
            let start = next[key] ?? Int.random(in: 0..<Self.all.count)
            next[key] = start + 1
            return start
        }
        return (0..<8).map { Self.all[(start + $0 * 997) % Self.all.count] }
    }
}
