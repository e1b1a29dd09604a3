import Addressing
import Glibc
import NetworkNamespaces

/// Opens TCP connections from inside a namespace.
struct ConnectTimer: Sendable {
    let namespace: OpenNamespace
    let visitor: NamespaceVisitor

    init(_ namespace: String, _ visitor: NamespaceVisitor) throws {
        self.namespace = try OpenNamespace(path: namespace)
        self.visitor = visitor
    }

    /// How long each of so many connections takes from connect(2) until it is there. Each is reset at once, so that none
    /// waits for its ports.
    func times(to address: IPAddress, port: UInt16, count: Int) async throws -> [Duration] {
        try await visitor.inside(namespace) {
            try (0..<count).map { _ in
                guard let duration = try Self.connect(address, port) else {
                    throw BenchError("\(address.withPort(port)) did not answer: \(String(cString: strerror(errno)))")
                }
                return duration
            }
        }
    }

    /// Waits until somebody answers at an address.
    func waitForAnswer(from address: IPAddress, port: UInt16) async throws {
        let start = ContinuousClock.now
        while try await visitor.inside(namespace, { try Self.connect(address, port) }) == nil {
            guard start.duration(to: .now) < .seconds(120) else {
                throw BenchError("\(address.withPort(port)) does not answer within two minutes")
            }
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    /// Nil where nobody answers within a second.
    private static func connect(_ address: IPAddress, _ port: UInt16) throws -> Duration? {
        let domain = address.family == .ipv4 ? AF_INET : AF_INET6
        let descriptor = socket(domain, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw BenchError("no socket: \(String(cString: strerror(errno)))") }
        defer { close(descriptor) }
        var lingering = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &lingering, socklen_t(MemoryLayout<linger>.size))
        var limit = timeval(tv_sec: 1, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        let destination = SocketAddress(address, port)
        let start = ContinuousClock.now
        let status = destination.withPointer { Glibc.connect(descriptor, $0, $1) }
        let duration = ContinuousClock.now - start
        return status == 0 ? duration : nil
    }
}
