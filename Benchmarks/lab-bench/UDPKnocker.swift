import Addressing
import Glibc
import NetworkNamespaces
import Synchronization

/// Sends datagrams from a namespace to a server that answers each.
struct UDPKnocker: Sendable {
    private let namespace: OpenNamespace
    private let destination: SocketAddress
    private let visitor: NamespaceVisitor

    /// Between two datagrams, in microseconds.
    private static let pause: UInt32 = 100

    init(_ namespace: String, to address: IPAddress, _ port: UInt16) throws {
        self.namespace = try OpenNamespace(path: namespace)
        destination = SocketAddress(address, port)
        visitor = NamespaceVisitor(try NamespaceThread.start())
    }

    /// Waits until datagrams of new flows are answered, or are no more.
    func waitUntil(isAnswered: Bool) async throws {
        let destination = destination
        try await visitor.inside(namespace) {
            let start = ContinuousClock.now
            while try Self.isAnswered(destination, within: isAnswered ? 2 : 50) != isAnswered {
                guard ContinuousClock.now - start < .seconds(30) else {
                    throw BenchError("after half a minute datagrams are \(isAnswered ? "not" : "still") answered")
                }
            }
        }
    }

    /// Sends datagrams of one flow until it is told to end.
    ///
    /// A flow that got in once would stay in, so that no open moment is too short to be seen.
    /// - Returns: how many were sent, and how many answered.
    func knock(until end: Signal) async throws -> (sent: Int, answered: Int) {
        let destination = destination
        return try await visitor.inside(namespace) {
            let descriptor = try Self.open()
            defer { close(descriptor) }
            var (sent, answered) = (0, 0)
            var buffer = [UInt8](repeating: 0, count: 4096)
            while !end.isGiven {
                Self.send(to: destination, from: descriptor)
                sent += 1
                while recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT)) > 0 { answered += 1 }
                usleep(Self.pause)
            }
            return (sent, answered)
        }
    }

    private static func isAnswered(_ destination: SocketAddress, within milliseconds: Int32) throws -> Bool {
        let descriptor = try open()
        defer { close(descriptor) }
        send(to: destination, from: descriptor)
        var polled = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&polled, 1, milliseconds) > 0
    }

    private static func open() throws -> Int32 {
        let descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw BenchError("no socket: \(String(cString: strerror(errno)))") }
        return descriptor
    }

    /// What a rule refuses at once is lost like any other.
    private static func send(to destination: SocketAddress, from descriptor: Int32) {
        let text = Array("hostname".utf8)
        _ = destination.withPointer { sendto(descriptor, text, text.count, 0, $0, $1) }
    }
}

/// Tells a loop on another thread to end.
final class Signal: Sendable {
    private let state = Atomic(false)

    var isGiven: Bool { state.load(ordering: .relaxed) }

    func give() { state.store(true, ordering: .relaxed) }
}
