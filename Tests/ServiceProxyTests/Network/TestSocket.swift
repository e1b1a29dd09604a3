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
struct SocketName: Hashable, Sendable, CustomStringConvertible {
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
        address = try #require(IPAddress(bytes: bytes[Int32(storage.ss_family) == AF_INET ? 4..<8 : 8..<24]))
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
        if kind == .tcp { try hearErrors(family) }
    }

    convenience init(
        listening namespace: TestNamespace, _ kind: Socket.Kind, _ family: AddressFamily, port: UInt16
    ) async throws {
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

    /// Begins to connect; the error number where that was refused at once.
    func startConnecting(to name: SocketName) -> Int32 {
        let result = SocketAddress(name.address, name.port).withPointer { Glibc.connect(descriptor, $0, $1) }
        return result == 0 || errno == EINPROGRESS ? 0 : errno
    }

    /// Has the socket hear of every ICMP error. A refusal may come while connect(2) still holds the socket: IPv6 then only
    /// notes it until the segment is sent again, a second later.
    private func hearErrors(_ family: AddressFamily) throws {
        let (level, option): (Int32, Int32) =
            family == .ipv4 ? (Int32(IPPROTO_IP), IP_RECVERR) : (Int32(IPPROTO_IPV6), IPV6_RECVERR)
        var on: Int32 = 1
        guard setsockopt(descriptor, level, option, &on, socklen_t(MemoryLayout<Int32>.size)) == 0 else {
            throw SocketFailure(call: "setsockopt", number: errno)
        }
    }

    /// Connects; the error number, 0 where it succeeded, ETIMEDOUT where nothing was heard.
    func connect(to name: SocketName) -> Int32 {
        let number = startConnecting(to: name)
        guard number == 0 else { return number }
        guard wait(for: POLLOUT) else { return ETIMEDOUT }
        return error
    }

    /// What went wrong with the socket since it was last asked.
    private var error: Int32 {
        var number: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        return getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &number, &size) == 0 ? number : errno
    }

    /// Who a connection is from that waits to be accepted; nil where none waits.
    func acceptedPeer() throws -> SocketName? {
        let accepted = TestSocket(accept(descriptor, nil, nil))
        guard accepted.descriptor >= 0 else {
            guard errno == EAGAIN else { throw SocketFailure(call: "accept", number: errno) }
            return nil
        }
        return try SocketName("getpeername") { getpeername(accepted.descriptor, $0, &$1) }
    }

    func localName() throws -> SocketName {
        try SocketName("getsockname") { getsockname(descriptor, $0, &$1) }
    }

    func send(_ bytes: [UInt8], to name: SocketName) throws {
        let sent = SocketAddress(name.address, name.port).withPointer { address, length in
            sendto(descriptor, bytes, bytes.count, 0, address, length)
        }
        guard sent == bytes.count else { throw SocketFailure(call: "sendto", number: errno) }
    }

    /// Takes a datagram that waits; nil where none does.
    func receive() -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 2048)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        return count >= 0 ? Array(buffer[..<count]) : nil
    }
}
