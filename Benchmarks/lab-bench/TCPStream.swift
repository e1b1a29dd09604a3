import Addressing
import Glibc
import NetworkNamespaces

/// A TCP stream from one namespace to another, sender and receiver each on a thread of its own.
struct TCPStream: Sendable {
    /// The receiver's port.
    static let port: UInt16 = 5201
    private static let time = Duration.milliseconds(300)
    private static let size = 128 * 1024

    private let source: OpenNamespace
    private let sender: NamespaceVisitor
    private let receiver: NamespaceVisitor
    private let listener: Int32
    private let destination: SocketAddress

    /// Listens in the receiver's namespace.
    init(from source: String, to target: String, _ address: IPAddress) async throws {
        self.source = try OpenNamespace(path: source)
        sender = NamespaceVisitor(try NamespaceThread.start())
        receiver = NamespaceVisitor(try NamespaceThread.start())
        listener = try await receiver.inside(OpenNamespace(path: target)) {
            try Socket.listen(.tcp, .unspecified(address.family), port: Self.port)
        }
        // The listening socket is a non-blocking one; where nobody comes, the receiver must end all the same.
        var limit = timeval(tv_sec: 5, tv_usec: 0)
        guard fcntl(listener, F_SETFL, 0) == 0,
            setsockopt(listener, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size)) == 0
        else { throw BenchError("the listening socket cannot be set up: \(String(cString: strerror(errno)))") }
        destination = SocketAddress(address, Self.port)
    }

    /// Opens a connection and sends for a while.
    func gigabitsPerSecond() async throws -> Double {
        let (listener, source, destination) = (listener, source, destination)
        async let received = receiver.inside(source) { try Self.receive(listener) }
        try await sender.inside(source) { try Self.send(to: destination) }
        let (bytes, duration) = try await received
        return Double(bytes) * 8 / duration.milliseconds / 1e6
    }

    private static func receive(_ listener: Int32) throws -> (bytes: Int, duration: Duration) {
        let descriptor = accept(listener, nil, nil)
        guard descriptor >= 0 else { throw BenchError("nobody connects: \(String(cString: strerror(errno)))") }
        defer { close(descriptor) }
        var buffer = [UInt8](repeating: 0, count: size)
        let start = ContinuousClock.now
        var bytes = 0
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            guard count > 0 else { return (bytes, ContinuousClock.now - start) }
            bytes += count
        }
    }

    private static func send(to destination: SocketAddress) throws {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw BenchError("no socket: \(String(cString: strerror(errno)))") }
        defer { close(descriptor) }
        guard destination.withPointer({ connect(descriptor, $0, $1) }) == 0 else {
            throw BenchError("the receiver cannot be reached: \(String(cString: strerror(errno)))")
        }
        let buffer = [UInt8](repeating: 0, count: size)
        let end = ContinuousClock.now + time
        while ContinuousClock.now < end {
            guard Glibc.send(descriptor, buffer, buffer.count, Int32(MSG_NOSIGNAL)) > 0 else {
                throw BenchError("the stream broke: \(String(cString: strerror(errno)))")
            }
        }
    }
}
