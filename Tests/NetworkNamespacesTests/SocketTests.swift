import Addressing
import Glibc
import Netlink
import NetworkNamespaces
import Testing

@Suite("Sockets and settings inside namespaces")
struct SocketTests {
    /// Two namespaces with an address of each family on either end of a veth.
    private func pair() async throws -> (server: OpenNamespace, client: OpenNamespace) {
        let worker = try NamespaceWorker.shared.get()
        let (server, client) = (try await worker.make(), try await worker.make())
        try await worker.inside(server) {
            try RouteHandle().perform(
                .addVeth(
                    near: VethEnd(name: "eth0"), master: nil, far: VethEnd(name: "eth0"), namespace: client.descriptor))
        }
        for (namespace, addresses) in [
            (server, ["10.0.0.1/24", "fd00::1/64"]), (client, ["10.0.0.2/24", "fd00::2/64"]),
        ] {
            try await worker.inside(namespace) {
                let handle = try RouteHandle()
                try handle.perform(.setLink("eth0", up: true))
                let link = try #require(try handle.links().first { $0.name == "eth0" }).index
                for text in addresses {
                    try handle.perform(.add(Address(link: link, address: try #require(InterfaceAddress(text)))))
                }
            }
        }
        return (server, client)
    }

    private func wait(_ descriptor: Int32, _ events: Int32) -> Bool {
        var request = pollfd(fd: descriptor, events: Int16(events), revents: 0)
        return poll(&request, 1, 5000) == 1
    }

    @Test(
        "a TCP listener opened inside answers another namespace, from any thread", arguments: ["10.0.0.1", "fd00::1"])
    func listener(text: String) async throws {
        let worker = try NamespaceWorker.shared.get()
        let (server, client) = try await pair()
        let address = try #require(IPAddress(text))
        let listener = try await worker.inside(server) { try Socket.listen(.tcp, address, port: 8080) }
        defer { close(listener) }
        let connection = try await worker.inside(client) { try Socket.open(.tcp, address.family) }
        defer { close(connection) }
        #expect(fcntl(listener, F_GETFL) & O_NONBLOCK != 0 && fcntl(listener, F_GETFD) & FD_CLOEXEC != 0)
        let started = SocketAddress(address, 8080).withPointer { connect(connection, $0, $1) }
        #expect(started == 0 || errno == EINPROGRESS)
        try #require(wait(listener, POLLIN))
        let accepted = accept(listener, nil, nil)
        try #require(accepted >= 0)
        defer { close(accepted) }
        #expect(send(accepted, "hello", 5, 0) == 5)
        try #require(wait(connection, POLLIN))
        var buffer = [UInt8](repeating: 0, count: 16)
        #expect(recv(connection, &buffer, buffer.count, 0) == 5)
        #expect(String(decoding: buffer[..<5], as: UTF8.self) == "hello")
    }

    @Test("a UDP socket opened inside receives from another namespace", arguments: ["10.0.0.1", "fd00::1"])
    func datagrams(text: String) async throws {
        let worker = try NamespaceWorker.shared.get()
        let (server, client) = try await pair()
        let address = try #require(IPAddress(text))
        let receiver = try await worker.inside(server) { try Socket.listen(.udp, address, port: 53) }
        let sender = try await worker.inside(client) { try Socket.open(.udp, address.family) }
        defer {
            close(receiver)
            close(sender)
        }
        #expect(SocketAddress(address, 53).withPointer { sendto(sender, "hi", 2, 0, $0, $1) } == 2)
        #expect(wait(receiver, POLLIN))
    }

    @Test("one port can be bound for both families, but not twice for one")
    func families() async throws {
        let worker = try NamespaceWorker.shared.get()
        let namespace = try await worker.make()
        try await worker.inside(namespace) {
            let descriptors = try AddressFamily.allCases.map { try Socket.listen(.tcp, .unspecified($0), port: 80) }
            defer { descriptors.forEach { close($0) } }
            let error = #expect(throws: NamespaceError.self) { try Socket.listen(.tcp, .unspecified(.ipv4), port: 80) }
            #expect(error?.cause.errno == EADDRINUSE)
            #expect(error?.description.hasSuffix("0.0.0.0:80: Address already in use") == true)
        }
    }

    @Test("an address that is not there cannot be bound, and the socket is closed again")
    func unbound() async throws {
        let worker = try NamespaceWorker.shared.get()
        let (server, _) = try await pair()
        try await worker.inside(server) {
            let address = try #require(IPAddress("10.0.0.9"))
            let before = openDescriptors("socket:")
            for _ in 0..<200 {
                let error = #expect(throws: NamespaceError.self) { try Socket.listen(.udp, address, port: 53) }
                #expect(error?.description == "cannot bind 10.0.0.9:53: Cannot assign requested address")
            }
            // Other tests hold a few sockets of their own; a leak would be one for each attempt.
            #expect(openDescriptors("socket:") < before + 100)
        }
    }

    @Test("raw and packet sockets belong to their namespace")
    func rawSockets() async throws {
        let worker = try NamespaceWorker.shared.get()
        let namespace = try await worker.make()
        let descriptors = try await worker.inside(namespace) {
            [try Socket.open(.raw(1), .ipv4), try Socket.open(.raw(58), .ipv6), try Socket.openPacket()]
        }
        for descriptor in descriptors {
            // SIOCGSKNS: the namespace of a socket.
            let descriptorOfNamespace = ioctl(descriptor, 0x894c)
            #expect(NamespaceIdentity(path: "/proc/self/fd/\(descriptorOfNamespace)") == namespace.identity)
            close(descriptorOfNamespace)
            close(descriptor)
        }
    }

    @Test("socket addresses lie as bind(2) wants them")
    func encoding() throws {
        let v4 = SocketAddress(try #require(IPAddress("10.244.1.5")), 8080)
        v4.withPointer { pointer, length in
            #expect(length == 16)
            let bytes = Array(UnsafeRawBufferPointer(start: pointer, count: Int(length)))
            #expect(bytes == [2, 0, 0x1f, 0x90, 10, 244, 1, 5, 0, 0, 0, 0, 0, 0, 0, 0])
        }
        let v6 = SocketAddress(try #require(IPAddress("fd00:10:244:1::5")), 65535)
        v6.withPointer { pointer, length in
            #expect(length == 28)
            let bytes = Array(UnsafeRawBufferPointer(start: pointer, count: Int(length)))
            #expect(
                bytes == [
                    10, 0, 0xff, 0xff, 0, 0, 0, 0, 0xfd, 0, 0, 0x10, 2, 0x44, 0, 1, 0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0,
                ])
        }
    }

    @Test("settings are those of the namespace that the thread is in")
    func sysctls() async throws {
        let worker = try NamespaceWorker.shared.get()
        let (one, other) = (try await worker.make(), try await worker.make())
        let host = Sysctl.read("net/ipv4/icmp_ratemask")
        try await worker.inside(one) {
            try Sysctl.write("net/ipv4/ip_forward", "1")
            try Sysctl.write("net/ipv4/icmp_ratemask", "123")
        }
        #expect(try await worker.inside(one) { Sysctl.read("net/ipv4/ip_forward") } == "1")
        #expect(try await worker.inside(one) { Sysctl.read("net/ipv4/icmp_ratemask") } == "123")
        #expect(try await worker.inside(other) { Sysctl.read("net/ipv4/icmp_ratemask") } != "123")
        #expect(Sysctl.read("net/ipv4/icmp_ratemask") == host)
        try await worker.inside(one) {
            #expect(Sysctl.read("net/ipv4/no_such_setting") == nil)
            let missing = #expect(throws: NamespaceError.self) { try Sysctl.write("net/ipv4/no_such_setting", "1") }
            #expect(missing?.cause.errno == ENOENT)
            let invalid = #expect(throws: NamespaceError.self) { try Sysctl.write("net/ipv4/ip_forward", "perhaps") }
            #expect(
                invalid?.description == "cannot write 'perhaps' to /proc/sys/net/ipv4/ip_forward: Invalid argument")
        }
    }
}
