internal import CLinux

/// What carries netlink datagrams: the kernel's socket, or a recording in tests.
public protocol NetlinkTransport: AnyObject {
    /// Sends one datagram.
    func send(_ datagram: [UInt8]) throws(NetlinkError)
    /// Waits for one datagram.
    func receive() throws(NetlinkError) -> ArraySlice<UInt8>
}

/// A netlink socket of libmnl. It belongs to the network namespace in which the opening thread was; afterwards any
/// thread may use it, one at a time.
public final class NetlinkSocket: NetlinkTransport {
    private let socket: OpaquePointer
    /// Where answers arrive. Untouched pages cost nothing, and a lab has a socket a namespace.
    private let buffer: UnsafeMutableRawBufferPointer
    /// The largest datagram that the socket is known to take; the kernel's default is 208 KiB.
    private var largestDatagram = 128 * 1024

    /// Opens a socket of a netlink family in the calling thread's network namespace.
    ///
    /// The port number is the kernel's choice (nl_pid 0): one process holds a socket in each of many namespaces.
    public init(family: Int32) throws(NetlinkError) {
        guard let socket = mnl_socket_open2(family, Int32(SOCK_CLOEXEC.rawValue)) else {
            throw NetlinkError(.socket(errno: SystemError.last.errno))
        }
        guard mnl_socket_bind(socket, 0, 0) >= 0 else {
            let error = SystemError.last.errno
            mnl_socket_close(socket)
            throw NetlinkError(.socket(errno: error))
        }
        self.socket = socket
        // Dumps fill at most 32 KiB a datagram.
        buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 * 1024, alignment: 16)
        var on: Int32 = 1
        let size = socklen_t(MemoryLayout<Int32>.size)
        // Kernels without these options answer with less text; nothing depends on them.
        _ = mnl_socket_setsockopt(socket, NETLINK_EXT_ACK, &on, size)
        _ = mnl_socket_setsockopt(socket, NETLINK_CAP_ACK, &on, size)
        _ = mnl_socket_setsockopt(socket, NETLINK_GET_STRICT_CHK, &on, size)
    }

    deinit {
        mnl_socket_close(socket)
        buffer.deallocate()
    }

    /// The descriptor; ioctls on it reach the socket's namespace.
    var descriptor: Int32 { mnl_socket_get_fd(socket) }

    /// Sends one datagram, of any size.
    public func send(_ datagram: [UInt8]) throws(NetlinkError) {
        try makeRoom(for: datagram.count)
        let sent = datagram.withUnsafeBytes { mnl_socket_sendto(socket, $0.baseAddress, $0.count) }
        guard sent == datagram.count else { throw NetlinkError(.socket(errno: SystemError.last.errno)) }
    }

    /// Lets the socket take a datagram, beyond net.core.wmem_max where need be (SO_SNDBUFFORCE; needs CAP_NET_ADMIN in the
    /// first user namespace). Without that, the socket gets what it may; EMSGSIZE says where that is too little.
    private func makeRoom(for size: Int) throws(NetlinkError) {
        guard size > largestDatagram else { return }
        // The kernel doubles the value that it is given, for its own overhead.
        guard var value = Int32(exactly: size), value <= Int32.max / 2 else {
            throw NetlinkError(.socket(errno: EMSGSIZE))
        }
        let length = socklen_t(MemoryLayout<Int32>.size)
        if setsockopt(descriptor, SOL_SOCKET, SO_SNDBUFFORCE, &value, length) == 0 {
            largestDatagram = size
        } else if setsockopt(descriptor, SOL_SOCKET, SO_SNDBUF, &value, length) != 0 {
            throw NetlinkError(.socket(errno: SystemError.last.errno))
        }
    }

    /// All datagrams that wait in the socket, without waiting for more. The kernel answers a request before `send` returns,
    /// except where it dumps a long table.
    ///
    /// Where there were more answers than the socket holds (ENOBUFS), those that it held are given.
    public func receiveQueued() throws(NetlinkError) -> [ArraySlice<UInt8>] {
        var datagrams: [ArraySlice<UInt8>] = []
        let descriptor = mnl_socket_get_fd(socket)
        while true {
            let count = recv(descriptor, buffer.baseAddress, buffer.count, Int32(MSG_DONTWAIT))
            if count >= 0 {
                datagrams.append(ArraySlice(buffer[..<count]))
                continue
            }
            switch SystemError.last.errno {
            case EAGAIN: return datagrams
            case EINTR, ENOBUFS: continue
            case let error: throw NetlinkError(.socket(errno: error))
            }
        }
    }

    /// Waits for one datagram.
    public func receive() throws(NetlinkError) -> ArraySlice<UInt8> {
        while true {
            let count = mnl_socket_recvfrom(socket, buffer.baseAddress, buffer.count)
            if count >= 0 { return ArraySlice(buffer[..<count]) }
            let error = SystemError.last.errno
            // Answers were lost. The kernel gives no new ones before those that were kept have been taken.
            if error == ENOBUFS { _ = try receiveQueued() }
            guard error == EINTR else { throw NetlinkError(.socket(errno: error)) }
        }
    }
}

extension NetlinkSocket {
    /// A NETLINK_ROUTE socket: links, addresses, routes and neighbours.
    public static func route() throws(NetlinkError) -> NetlinkSocket {
        try NetlinkSocket(family: NETLINK_ROUTE)
    }

    /// A NETLINK_NETFILTER socket: nftables and connection tracking.
    public static func netfilter() throws(NetlinkError) -> NetlinkSocket {
        try NetlinkSocket(family: NETLINK_NETFILTER)
    }
}
