import Addressing
import CLinux
import Glibc
import Testing
import Topology

@testable import Components

@Suite("Listeners of the built-in server")
struct ListenerLifeTests {
    @Test("a closed listener refuses, and leaves no descriptor", arguments: [Transport.tcp, .udp])
    func closing(transport: Transport) async throws {
        let fixture = try await ServerFixture(transport)
        let client = try await transport == .tcp ? fixture.connect() : fixture.connectUDP()
        try await client.send(transport == .tcp ? "GET / HTTP/1.1\r\nHost: x\r\n\r\n" : "hostname")
        _ = try await client.receive()
        await fixture.listener.close()
        #expect(try fixture.namespace.openSockets() == 1)
        await #expect(throws: TestSocket.Failure.self) {
            let other = try await transport == .tcp ? fixture.connect() : fixture.connectUDP()
            // A client may be given the free port itself; it would talk to itself.
            if other.localPort == fixture.listener.port { throw TestSocket.Failure(call: "connect", errno: EADDRINUSE) }
            try await other.send("hostname")
            let reply = try await other.receive()
            Issue.record("\(other.localText) was answered: \(reply)")
        }
        await fixture.listener.close()
        await fixture.server.close()
    }

    @Test("closing the server ends what is in flight: idle connections, half requests and dials")
    func closingServer() async throws {
        let fixture = try await ServerFixture()
        let silent = try await ServerFixture.socket(fixture.namespace, .tcp, on: "127.0.0.1")
        defer { close(silent.fileDescriptor) }
        let port = try localPort(of: silent.fileDescriptor)
        let idle = try await fixture.connect()
        let half = try await fixture.connect()
        try await half.send("GET / HT")
        let dialing = try await fixture.connect()
        try await dialing.send("GET /dial?host=127.0.0.1&port=\(port)&request=x HTTP/1.1\r\nHost: x\r\n\r\n")
        // The listener, the silent one, three clients, their connections, and the dial's socket.
        #expect(try await fixture.eventually { try fixture.namespace.openSockets() == 9 })
        await fixture.server.close()
        #expect(try fixture.namespace.openSockets() == 4)
        withExtendedLifetime((idle, half, dialing)) {}
    }

    @Test("hundreds of sockets are served by one call, each as itself")
    func batch() async throws {
        let namespace = try await TestNamespace()
        let server = ServerFixture.makeServer()
        var listeners: [WorkloadListener] = []
        for number in 0..<400 {
            let transport: Transport = number.isMultiple(of: 2) ? .tcp : .udp
            let identity = WorkloadIdentity(namespace: "shop", pod: "pod-\(number)", node: "node1", container: "server")
            let socket = try await ServerFixture.socket(namespace, transport, on: number % 4 < 2 ? "127.0.0.1" : "::1")
            listeners.append(
                WorkloadListener(socket: socket, identity: identity, connector: ServerFixture.connector(namespace)))
        }
        let served = try await server.serve(listeners)
        #expect(served.map(\.identity) == listeners.map(\.identity))
        for index in [0, 1, 2, 399] {
            let listener = served[index]
            let type = listeners[index].socket.transport == .tcp ? SOCK_STREAM : SOCK_DGRAM
            let client = try await TestSocket.connected(namespace, type, to: listener.address, listener.port)
            try await client.send(type == SOCK_STREAM ? "GET / HTTP/1.0\r\n\r\n" : "hostname")
            let reply = type == SOCK_STREAM ? HTTPReply(try await client.receiveAll()).body : try await client.receive()
            #expect(String(decoding: reply, as: UTF8.self) == "pod-\(index)")
        }
        await server.close()
        #expect(try namespace.openSockets() == 0)
    }

    @Test("one socket that cannot be served fails the call, and all of them are closed")
    func badBatch() async throws {
        let namespace = try await TestNamespace()
        let server = ServerFixture.makeServer()
        let good = try await ServerFixture.socket(namespace, .tcp, on: "127.0.0.1")
        let wrong = ListeningSocket(
            fileDescriptor: try await TestSocket.bound(namespace, SOCK_DGRAM, .loopback(.ipv4)), transport: .tcp,
            family: .ipv4)
        let listeners = [good, wrong].map {
            WorkloadListener(
                socket: $0, identity: ServerFixture.identity, connector: ServerFixture.connector(namespace))
        }
        await #expect(throws: BuiltinServerError.self) { try await server.serve(listeners) }
        #expect(try namespace.openSockets() == 0)
        await server.close()
    }

    @Test("a socket of another family, one that does not listen, SCTP and a file are refused, and closed")
    func unsuitable() async throws {
        let namespace = try await TestNamespace()
        let server = ServerFixture.makeServer()
        let silent = try await namespace.inside { try TestNamespace.makeSocket(AF_INET, SOCK_STREAM) }
        let tcp = try await ServerFixture.socket(namespace, .tcp, on: "::1").fileDescriptor
        let sctp = try await ServerFixture.socket(namespace, .tcp, on: "::1").fileDescriptor
        let file = open("/dev/null", O_RDONLY | O_CLOEXEC)
        let sockets = [
            ListeningSocket(fileDescriptor: silent, transport: .tcp, family: .ipv4),
            ListeningSocket(fileDescriptor: tcp, transport: .tcp, family: .ipv4),
            ListeningSocket(fileDescriptor: sctp, transport: .sctp, family: .ipv6),
            ListeningSocket(fileDescriptor: file, transport: .udp, family: .ipv4),
            ListeningSocket(fileDescriptor: -1, transport: .udp, family: .ipv4),
        ]
        for socket in sockets {
            let error = await #expect(throws: BuiltinServerError.self) {
                try await server.serve(
                    listener: socket, as: ServerFixture.identity, connector: ServerFixture.connector(namespace))
            }
            #expect(error?.description.contains("descriptor \(socket.fileDescriptor)") == true)
        }
        #expect(try namespace.openSockets() == 0)
        await server.close()
    }

    @Test("a closed server takes nothing, and closes what it is given")
    func afterClose() async throws {
        let namespace = try await TestNamespace()
        let server = ServerFixture.makeServer()
        await server.close()
        let socket = try await ServerFixture.socket(namespace, .udp, on: "::1")
        await #expect(throws: BuiltinServerError.closed) {
            try await server.serve(
                listener: socket, as: ServerFixture.identity, connector: ServerFixture.connector(namespace))
        }
        #expect(try namespace.openSockets() == 0)
    }
}
