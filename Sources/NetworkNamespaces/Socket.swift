public import Addressing
public import Glibc

/// A socket that is to be opened in the calling thread's network namespace. It keeps working after the thread has left.
public enum Socket {
    /// What a socket carries.
    public enum Kind: Hashable, Sendable {
        case tcp
        case udp
        /// An IP protocol by its number, with the packet's payload written whole (raw(7)).
        case raw(UInt8)
    }

    /// Opens a non-blocking socket. The caller closes the descriptor.
    public static func open(_ kind: Kind, _ family: AddressFamily) throws(NamespaceError) -> Int32 {
        let domain = family == .ipv4 ? AF_INET : AF_INET6
        let (type, number): (Int32, Int32) =
            switch kind {
            case .tcp: (Int32(SOCK_STREAM.rawValue), 0)
            case .udp: (Int32(SOCK_DGRAM.rawValue), 0)
            case .raw(let number): (Int32(SOCK_RAW.rawValue), Int32(number))
            }
        return try open(domain, type, number, for: "\(family) \(kind)")
    }

    /// Opens a packet socket (packet(7)), as captures use it. The caller closes the descriptor.
    public static func openPacket() throws(NamespaceError) -> Int32 {
        try open(AF_PACKET, Int32(SOCK_RAW.rawValue), 0, for: "packet")
    }

    /// Opens an SCTP socket, where the kernel has SCTP. The caller closes the descriptor.
    public static func openSCTP() throws(NamespaceError) -> Int32 {
        try open(AF_INET, Int32(SOCK_STREAM.rawValue), Int32(IPPROTO_SCTP), for: "SCTP")
    }

    private static func open(
        _ domain: Int32, _ type: Int32, _ number: Int32, for purpose: String
    ) throws(NamespaceError) -> Int32 {
        let flags = Int32(SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        let descriptor = socket(domain, type | flags, number)
        guard descriptor >= 0 else { throw NamespaceError("open a socket for", on: purpose, errno: errno) }
        return descriptor
    }

    /// The port that a socket is bound to; 0 where it is bound to none.
    public static func port(of descriptor: Int32) -> UInt16 {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let status = withUnsafeMutablePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
        }
        guard status == 0 else { return 0 }
        return withUnsafeBytes(of: storage) { bytes in
            // The port is at the same place in both families' addresses.
            UInt16(bytes[2]) << 8 | UInt16(bytes[3])
        }
    }

    /// Opens a socket bound to an address and port, TCP ones listening. The caller closes the descriptor.
    public static func listen(
        _ kind: Kind, _ address: IPAddress, port: UInt16, backlog: Int32 = 1024
    ) throws(NamespaceError) -> Int32 {
        let descriptor = try open(kind, address.family)
        var on: Int32 = 1
        let size = socklen_t(MemoryLayout<Int32>.size)
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, size)
        // One socket a family: the same port can then be bound for the other one.
        if address.family == .ipv6 { setsockopt(descriptor, Int32(IPPROTO_IPV6), IPV6_V6ONLY, &on, size) }
        let subject = address.withPort(port)
        guard SocketAddress(address, port).withPointer({ bind(descriptor, $0, $1) }) == 0 else {
            let error = errno
            close(descriptor)
            throw NamespaceError("bind", on: subject, errno: error)
        }
        guard kind != .tcp || Glibc.listen(descriptor, backlog) == 0 else {
            let error = errno
            close(descriptor)
            throw NamespaceError("listen on", on: subject, errno: error)
        }
        return descriptor
    }
}

/// An address and port as bind(2), connect(2) and sendto(2) take them.
public struct SocketAddress: Sendable {
    private var storage = sockaddr_storage()
    private let length: socklen_t

    /// Encodes an address and port.
    public init(_ address: IPAddress, _ port: UInt16) {
        let bytes = address.bytes
        switch address {
        case .v4:
            var value = sockaddr_in()
            value.sin_family = sa_family_t(AF_INET)
            value.sin_port = port.bigEndian
            withUnsafeMutableBytes(of: &value.sin_addr) { $0.copyBytes(from: bytes) }
            length = socklen_t(MemoryLayout<sockaddr_in>.size)
            withUnsafeMutableBytes(of: &storage) { $0.storeBytes(of: value, as: sockaddr_in.self) }
        case .v6:
            var value = sockaddr_in6()
            value.sin6_family = sa_family_t(AF_INET6)
            value.sin6_port = port.bigEndian
            withUnsafeMutableBytes(of: &value.sin6_addr) { $0.copyBytes(from: bytes) }
            length = socklen_t(MemoryLayout<sockaddr_in6>.size)
            withUnsafeMutableBytes(of: &storage) { $0.storeBytes(of: value, as: sockaddr_in6.self) }
        }
    }

    /// Gives the encoded form to a system call.
    public func withPointer<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        withUnsafePointer(to: storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, length) }
        }
    }
}
