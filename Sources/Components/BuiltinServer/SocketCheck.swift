import Addressing
import Glibc
import Topology

/// Looks at a descriptor before NIO gets it: NIO traps on some of those that it cannot serve.
struct SocketCheck {
    let fileDescriptor: Int32

    /// Checks that a socket is what its owner says, and has UDP sockets report the address that a datagram came to.
    static func prepare(_ socket: ListeningSocket) throws(BuiltinServerError) {
        let check = SocketCheck(fileDescriptor: socket.fileDescriptor)
        switch socket.transport {
        case .tcp:
            try check.expect(type: Int32(SOCK_STREAM.rawValue), "a TCP socket", family: socket.family)
            guard try check.option(SOL_SOCKET, SO_ACCEPTCONN, "SO_ACCEPTCONN") != 0 else {
                throw check.mismatch(expected: "a listening socket", found: "one that does not listen")
            }
        case .udp:
            try check.expect(type: Int32(SOCK_DGRAM.rawValue), "a UDP socket", family: socket.family)
            try check.reportDestinations(socket.family)
        case .sctp:
            throw .unsupportedTransport(socket.transport, fileDescriptor: socket.fileDescriptor)
        }
    }

    /// Checks a socket's type (SOCK_STREAM, SOCK_DGRAM) and family.
    func expect(type: Int32, _ what: String, family: AddressFamily) throws(BuiltinServerError) {
        let found = try option(SOL_SOCKET, SO_TYPE, "SO_TYPE")
        guard found == type else { throw mismatch(expected: what, found: "a socket of type \(found)") }
        let domain = try option(SOL_SOCKET, SO_DOMAIN, "SO_DOMAIN")
        guard domain == (family == .ipv4 ? AF_INET : AF_INET6) else {
            throw mismatch(expected: "a socket of family \(family)", found: "address family \(domain)")
        }
    }

    private func mismatch(expected: String, found: String) -> BuiltinServerError {
        .mismatch(fileDescriptor: fileDescriptor, expected: expected, found: found)
    }

    private func option(_ level: Int32, _ name: Int32, _ title: String) throws(BuiltinServerError) -> Int32 {
        var value: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        guard getsockopt(fileDescriptor, level, name, &value, &length) == 0 else {
            throw .systemCall("getsockopt \(title)", fileDescriptor: fileDescriptor, errno: errno)
        }
        return value
    }

    /// NIO sets the same option when it starts to read; a datagram that arrives before should carry it too.
    private func reportDestinations(_ family: AddressFamily) throws(BuiltinServerError) {
        var on: Int32 = 1
        let (level, name) =
            family == .ipv4 ? (Int32(IPPROTO_IP), Int32(IP_PKTINFO)) : (Int32(IPPROTO_IPV6), Int32(IPV6_RECVPKTINFO))
        guard setsockopt(fileDescriptor, level, name, &on, socklen_t(MemoryLayout<Int32>.size)) == 0 else {
            throw .systemCall("setsockopt PKTINFO", fileDescriptor: fileDescriptor, errno: errno)
        }
    }
}

extension SocketCheck {
    /// Gives up a descriptor that nothing serves.
    func close() {
        _ = Glibc.close(fileDescriptor)
    }
}
