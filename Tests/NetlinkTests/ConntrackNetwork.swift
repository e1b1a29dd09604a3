import Addressing
import Foundation
import NetworkNamespaces
import Testing

@testable import Netlink

/// A namespace in which a service's address leads to a backend, both on its loopback: 10.96.0.10:53 to 10.244.1.5:5353,
/// [fd00:96::10]:53 to [fd00:1::5]:5353, for UDP and TCP.
struct ConntrackNetwork {
    let namespace: TestNamespace
    let client: IPAddress
    let service: IPAddress
    let backend: IPAddress

    init(_ family: AddressFamily) async throws {
        namespace = try await TestNamespace()
        let isIPv4 = family == .ipv4
        client = try #require(IPAddress(isIPv4 ? "10.244.1.4" : "fd00:1::4"))
        service = try #require(IPAddress(isIPv4 ? "10.96.0.10" : "fd00:96::10"))
        backend = try #require(IPAddress(isIPv4 ? "10.244.1.5" : "fd00:1::5"))
        let loopback = try await namespace.index("lo")
        let addresses = [client, backend, service]
        try await namespace.inside {
            let handle = try RouteHandle()
            try handle.perform(.setLink("lo", up: true))
            for address in addresses {
                let pair = InterfaceAddress(host: address)
                try handle.perform(.add(Address(link: loopback, address: pair)))
            }
        }
        let name = isIPv4 ? "ip" : "ip6"
        try namespace.run(
            "nft",
            """
            add table \(name) t
            add chain \(name) t output { type nat hook output priority -100; }
            add rule \(name) t output meta l4proto { tcp, udp } \(name) daddr \(service) th dport 53 \
            dnat to \(backend.withPort(5353))
            """)
    }

    /// A socket that is bound to an address.
    func socket(_ kind: Socket.Kind, _ address: IPAddress, port: UInt16) async throws -> ConntrackSocket {
        let family = address.family
        return try await namespace.inside {
            if kind == .tcp, port != 0 { return ConntrackSocket(try Socket.listen(kind, address, port: port)) }
            let socket = ConntrackSocket(try Socket.open(kind, family))
            try socket.check(SocketAddress(address, port).withPointer { bind(socket.descriptor, $0, $1) }, "bind")
            return socket
        }
    }
}

/// A descriptor that is closed with its last owner.
final class ConntrackSocket: Sendable {
    let descriptor: Int32

    init(_ descriptor: Int32) {
        self.descriptor = descriptor
    }

    deinit {
        close(descriptor)
    }

    var port: UInt16 { Socket.port(of: descriptor) }

    func check(_ result: some BinaryInteger, _ call: String) throws {
        let error = errno
        try #require(result >= 0 || error == EINPROGRESS, "\(call): \(String(cString: strerror(error)))")
    }

    func wait(for events: Int32, milliseconds: Int32 = 10_000) throws {
        var request = pollfd(fd: descriptor, events: Int16(events), revents: 0)
        try #require(poll(&request, 1, milliseconds) == 1, "nothing happened on the socket for \(milliseconds) ms")
    }

    func connect(_ address: IPAddress, _ port: UInt16) throws {
        try check(SocketAddress(address, port).withPointer { Glibc.connect(descriptor, $0, $1) }, "connect")
    }

    func send() throws {
        try check(Glibc.send(descriptor, [1], 1, 0), "send")
    }

    /// Waits for a datagram and answers it.
    func answer() throws {
        try wait(for: POLLIN)
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        var byte: UInt8 = 0
        try withUnsafeMutablePointer(to: &storage) {
            try $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                try check(recvfrom(descriptor, &byte, 1, 0, address, &length), "recvfrom")
                try check(sendto(descriptor, [2], 1, 0, address, length), "sendto")
            }
        }
    }
}
