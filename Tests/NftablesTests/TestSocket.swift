import Addressing
import Glibc
import NetworkNamespaces
import Testing

struct SocketFailure: Error, CustomStringConvertible {
    let call: String
    let number: Int32

    var description: String { "\(call): \(String(cString: strerror(number)))" }
}

/// An address and port that a socket has or that something came from.
struct Endpoint: Hashable, Sendable, CustomStringConvertible {
    let address: IPAddress
    let port: UInt16

    init(_ address: IPAddress, _ port: UInt16) {
        self.address = address
        self.port = port
    }

    /// Lets a system call fill in an address.
    init(_ call: String, _ body: (UnsafeMutablePointer<sockaddr>, inout socklen_t) -> Int32) throws {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let result = withUnsafeMutablePointer(to: &storage) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, &length) }
        }
        guard result >= 0 else { throw SocketFailure(call: call, number: errno) }
        let bytes = withUnsafeBytes(of: storage) { Array($0) }
        let range = Int32(storage.ss_family) == AF_INET ? 4..<8 : 8..<24
        address = try #require(IPAddress(bytes: bytes[range]))
        port = UInt16(bytes[2]) << 8 | UInt16(bytes[3])
    }

    var description: String { address.withPort(port) }
}

/// A socket inside a namespace. Every wait is for an event, and at most ten seconds long.
final class TestSocket: Sendable {
    let descriptor: Int32

    init(_ descriptor: Int32) {
        self.descriptor = descriptor
    }

    convenience init(in namespace: TestNamespace, _ kind: Socket.Kind, _ family: AddressFamily) async throws {
        self.init(try await namespace.inside { try Socket.open(kind, family) })
    }

    convenience init(listening namespace: TestNamespace, _ kind: Socket.Kind, _ family: AddressFamily, port: UInt16)
        async throws
    {
        self.init(try await namespace.inside { try Socket.listen(kind, .unspecified(family), port: port) })
    }

    deinit {
        close(descriptor)
    }

    /// Whether the socket becomes ready for events in time.
    func wait(for events: Int32, milliseconds: Int32 = 10_000) -> Bool {
        var request = pollfd(fd: descriptor, events: Int16(events), revents: 0)
        return poll(&request, 1, milliseconds) == 1
    }

    /// Connects; the error number, 0 where it succeeded, ETIMEDOUT where nothing was heard.
    func connect(to endpoint: Endpoint) -> Int32 {
        let result = SocketAddress(endpoint.address, endpoint.port).withPointer { Glibc.connect(descriptor, $0, $1) }
        if result == 0 { return 0 }
        guard errno == EINPROGRESS else { return errno }
        guard wait(for: POLLOUT) else { return ETIMEDOUT }
        var number: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        return getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &number, &size) == 0 ? number : errno
    }

    /// Waits for a connection, and gives who it is from.
    func acceptedPeer() throws -> Endpoint {
        guard wait(for: POLLIN) else { throw SocketFailure(call: "accept", number: ETIMEDOUT) }
        let accepted = TestSocket(accept(descriptor, nil, nil))
        guard accepted.descriptor >= 0 else { throw SocketFailure(call: "accept", number: errno) }
        return try Endpoint("getpeername") { getpeername(accepted.descriptor, $0, &$1) }
    }

    func localEndpoint() throws -> Endpoint {
        try Endpoint("getsockname") { getsockname(descriptor, $0, &$1) }
    }

    func send(_ bytes: [UInt8], to endpoint: Endpoint) throws {
        let sent = SocketAddress(endpoint.address, endpoint.port).withPointer { address, length in
            sendto(descriptor, bytes, bytes.count, 0, address, length)
        }
        guard sent == bytes.count else { throw SocketFailure(call: "sendto", number: errno) }
    }

    /// Waits for a datagram.
    func receive(milliseconds: Int32 = 10_000) throws -> (bytes: [UInt8], source: Endpoint) {
        guard wait(for: POLLIN, milliseconds: milliseconds) else {
            throw SocketFailure(call: "recvfrom", number: ETIMEDOUT)
        }
        var buffer = [UInt8](repeating: 0, count: 2048)
        var count = 0
        let source = try Endpoint("recvfrom") { address, length in
            count = recvfrom(descriptor, &buffer, buffer.count, 0, address, &length)
            return Int32(count)
        }
        return (Array(buffer[..<count]), source)
    }

    /// Sends a datagram again and again until it arrives at another socket: a datagram, unlike a connection, is lost where
    /// a link has only just come up.
    func deliver(_ bytes: [UInt8], to endpoint: Endpoint, at receiver: TestSocket) throws -> (
        bytes: [UInt8], source: Endpoint
    ) {
        for _ in 0..<40 {
            try send(bytes, to: endpoint)
            if receiver.wait(for: POLLIN, milliseconds: 250) { return try receiver.receive() }
        }
        throw SocketFailure(call: "deliver a datagram to \(endpoint)", number: ETIMEDOUT)
    }
}
