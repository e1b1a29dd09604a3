import Addressing
import Glibc
import NIOCore
import Topology

/// A socket that a connector opened, before an event loop has it.
struct DialSocket {
    let fileDescriptor: Int32

    /// Begins to connect, without waiting; a socket that is connected or connecting already is left so.
    func connect(to host: IPAddress, port: UInt16, transport: Transport) throws(DialFailure) {
        do {
            let type = transport == .udp ? SOCK_DGRAM.rawValue : SOCK_STREAM.rawValue
            try SocketCheck(fileDescriptor: fileDescriptor)
                .expect(type: Int32(type), "a \(transport.rawValue) socket", family: host.family)
        } catch {
            throw DialFailure("the connector's socket does not suit: \(error)")
        }
        let flags = fcntl(fileDescriptor, F_GETFL)
        guard flags >= 0, fcntl(fileDescriptor, F_SETFL, flags | O_NONBLOCK) == 0 else { throw failure("fcntl", errno) }
        var status = address(host, port).withSockAddr { address, length in
            Glibc.connect(fileDescriptor, address, socklen_t(length)) == 0 ? 0 : errno
        }
        if [EINPROGRESS, EALREADY, EISCONN, EINTR].contains(status) { status = 0 }
        guard status == 0 else { throw failure("connect", status) }
    }

    /// Sends a datagram to the peer.
    func send(_ bytes: [UInt8]) throws(DialFailure) {
        let count = Glibc.send(fileDescriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
        guard count == bytes.count else { throw failure("send", errno) }
    }

    private func failure(_ call: String, _ code: Int32) -> DialFailure {
        DialFailure("\(call): \(systemErrorText(code).lowercased())")
    }

    private func address(_ host: IPAddress, _ port: UInt16) -> SocketAddress {
        switch host {
        case .v4(let v4):
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = port.bigEndian
            address.sin_addr.s_addr = v4.rawValue.bigEndian
            return SocketAddress(address)
        case .v6:
            var address = sockaddr_in6()
            address.sin6_family = sa_family_t(AF_INET6)
            address.sin6_port = port.bigEndian
            withUnsafeMutableBytes(of: &address.sin6_addr) { $0.copyBytes(from: host.bytes) }
            return SocketAddress(address)
        }
    }
}
