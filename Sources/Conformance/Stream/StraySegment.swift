import Addressing
import Glibc
import NetworkNamespaces

/// A TCP segment that belongs to a connection by its addresses and ports, and not by its sequence number: a delayed one, as
/// connection tracking takes it for invalid and a service proxy then must not let it through untranslated.
struct StraySegment {
    let source: Endpoint
    let destination: Endpoint
    let sequence: UInt32
    let acknowledgement: UInt32

    /// Takes the place of the next segment of an accepted connection, and moves it out of the window.
    /// - Throws: `ConformanceError` where the connection's state cannot be had.
    init(on connection: Int32) throws {
        guard let local = Endpoint(localOf: connection), let remote = Endpoint(remoteOf: connection) else {
            throw ConformanceError("a stream's connection has no addresses", remedy: "see that it is established")
        }
        source = local
        destination = remote
        let (sent, received) = try Self.sequences(of: connection)
        sequence = sent &+ 0x4000_0000
        acknowledgement = received
    }

    /// The next sequence numbers in both directions: a socket under repair tells them (TCP_REPAIR; CAP_NET_ADMIN).
    private static func sequences(of connection: Int32) throws -> (sent: UInt32, received: UInt32) {
        let level = Int32(IPPROTO_TCP)
        func set(_ option: Int32, _ value: Int32) throws {
            var value = value
            guard setsockopt(connection, level, option, &value, socklen_t(MemoryLayout<Int32>.size)) == 0 else {
                throw ConformanceError(
                    "cannot look into a stream's connection: \(String(cString: strerror(errno)))",
                    remedy: "run as root")
            }
        }
        func next(ofQueue queue: Int32) throws -> UInt32 {
            try set(TCP_REPAIR_QUEUE, queue)
            var value: UInt32 = 0
            var length = socklen_t(MemoryLayout<UInt32>.size)
            guard getsockopt(connection, level, TCP_QUEUE_SEQ, &value, &length) == 0 else {
                throw ConformanceError(
                    "cannot read a stream's sequence numbers: \(String(cString: strerror(errno)))",
                    remedy: "run as root")
            }
            return value
        }
        try set(TCP_REPAIR, 1)
        // TCP_REPAIR_OFF_NO_WP: the connection goes on as if nothing had been.
        defer { try? set(TCP_REPAIR, -1) }
        // TCP_RECV_QUEUE and TCP_SEND_QUEUE of linux/tcp.h.
        return (try next(ofQueue: 2), try next(ofQueue: 1))
    }

    // MARK: Sending

    /// Opens a socket for such segments in the calling thread's network namespace.
    static func openSocket(_ family: AddressFamily) throws -> Int32 {
        let descriptor = try Socket.open(.raw(6), family)
        if family == .ipv6 {
            // The kernel puts the checksum where TCP has it.
            var place: Int32 = 16
            setsockopt(descriptor, Int32(IPPROTO_IPV6), IPV6_CHECKSUM, &place, socklen_t(MemoryLayout<Int32>.size))
        }
        return descriptor
    }

    /// Sends the segment. Returns an errno, or 0.
    func send(on descriptor: Int32) -> Int32 {
        let bytes = bytes
        let sent = SocketAddress(destination.address, 0).withPointer { address, length in
            bytes.withUnsafeBytes { sendto(descriptor, $0.baseAddress, $0.count, 0, address, length) }
        }
        return sent == bytes.count ? 0 : errno
    }

    /// The TCP header (RFC 9293, section 3.1) with ACK set and nothing behind it.
    private var bytes: [UInt8] {
        var bytes: [UInt8] = []
        func append(_ value: some FixedWidthInteger) { withUnsafeBytes(of: value.bigEndian) { bytes += $0 } }
        append(source.port)
        append(destination.port)
        append(sequence)
        append(acknowledgement)
        bytes += [0x50, 0x10]
        append(UInt16(1024))
        append(UInt32(0))
        guard source.address.family == .ipv4 else { return bytes }
        let sum = Self.checksum(pseudoHeader(length: bytes.count) + bytes)
        bytes[16] = UInt8(sum >> 8)
        bytes[17] = UInt8(truncatingIfNeeded: sum)
        return bytes
    }

    private func pseudoHeader(length: Int) -> [UInt8] {
        source.address.bytes + destination.address.bytes + [0, 6, UInt8(length >> 8), UInt8(length & 255)]
    }

    /// The Internet checksum (RFC 1071) of an even number of bytes.
    static func checksum(_ bytes: [UInt8]) -> UInt16 {
        var sum = stride(from: 0, to: bytes.count - 1, by: 2).reduce(UInt32(0)) {
            $0 + (UInt32(bytes[$1]) << 8 | UInt32(bytes[$1 + 1]))
        }
        while sum >> 16 != 0 { sum = sum & 0xffff + sum >> 16 }
        return ~UInt16(truncatingIfNeeded: sum)
    }
}

extension Endpoint {
    /// The other side of a connected socket.
    init?(remoteOf descriptor: Int32) {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let status = withUnsafeMutablePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getpeername(descriptor, $0, &length) }
        }
        guard status == 0 else { return nil }
        self.init(storage)
    }
}
