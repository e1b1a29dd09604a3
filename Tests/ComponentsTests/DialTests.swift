import Addressing
import CLinux
import Glibc
import Synchronization
import Testing
import Topology

@testable import Components

@Suite("/dial of the built-in server")
struct DialTests {
    private struct Refused: Error {}

    private static func target(_ fixture: ServerFixture, _ conversation: String, _ request: String, _ rest: String = "")
        -> String
    {
        "/dial?host=\(fixture.address)&port=\(fixture.listener.port)&protocol=\(conversation)&request=\(request)\(rest)"
    }

    @Test("http replies are the bodies, a reply for each try", arguments: ["127.0.0.1", "fd00::1"])
    func http(bound: String) async throws {
        let fixture = try await ServerFixture(on: bound)
        let reply = try await fixture.get(Self.target(fixture, "http", "hostname", "&tries=3"))
        #expect(reply.status == 200)
        #expect(try reply.decoded(DialReply.self) == DialReply(responses: ["pod-a", "pod-a", "pod-a"], errors: []))
        let echo = try await fixture.get(Self.target(fixture, "", "echo%3Fmsg%3Da%20b%0D%0AX:%20y"))
        #expect(try echo.decoded(DialReply.self).responses == ["a b\r\nX: y"])
        await fixture.server.close()
    }

    @Test("a dial leaves from the pod's namespace, by the socket that its connector opened")
    func connector() async throws {
        let opened = Mutex<[String]>([])
        let namespace = try await TestNamespace()
        let inner = ServerFixture.connector(namespace)
        let server = ServerFixture.makeServer()
        let connector: PodConnector = { host, port, transport in
            opened.withLock { $0.append("\(host.withPort(port)) \(transport.rawValue)") }
            return try await inner(host, port, transport)
        }
        let socket = try await ServerFixture.socket(namespace, .tcp, on: "127.0.0.1")
        let listener = try await server.serve(listener: socket, as: ServerFixture.identity, connector: connector)
        let client = try await TestSocket.connected(namespace, SOCK_STREAM, to: .loopback(.ipv4), listener.port)
        let target = "/dial?host=127.0.0.2&port=9&protocol=udp&request=hostname"
        try await client.send("GET \(target) HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        let reply = try HTTPReply(try await client.receiveAll()).decoded(DialReply.self)
        #expect(reply == DialReply(responses: [], errors: ["udp 127.0.0.2:9: connection refused"]))
        #expect(opened.withLock { $0 } == ["127.0.0.2:9 UDP"])
        await server.close()
    }

    @Test("udp replies are the datagrams")
    func udp() async throws {
        let fixture = try await ServerFixture()
        let socket = try await ServerFixture.socket(fixture.namespace, .udp, on: "::")
        let udp = try await fixture.server.serve(
            listener: socket, as: ServerFixture.identity, connector: ServerFixture.connector(fixture.namespace))
        for host in ["127.0.0.1", "[fd00::2]", "::1"] {
            let target = "/dial?host=\(host)&port=\(udp.port)&protocol=UDP&request=hostName&tries=2"
            #expect(
                try await fixture.get(target).decoded(DialReply.self)
                    == DialReply(responses: ["pod-a", "pod-a"], errors: []))
        }
        await fixture.server.close()
    }

    @Test("a tcp reply is all that the peer sends")
    func tcp() async throws {
        let fixture = try await ServerFixture()
        let request = "GET%20/echo%3Fmsg%3Dhi%20HTTP/1.0%0D%0A%0D%0A"
        let reply = try await fixture.get(Self.target(fixture, "tcp", request)).decoded(DialReply.self)
        #expect(reply.errors == [])
        #expect(reply.responses.first?.hasSuffix("\r\n\r\nhi") == true)
        await fixture.server.close()
    }

    @Test("a refused connection says so", arguments: ["http", "tcp"])
    func refused(conversation: String) async throws {
        let fixture = try await ServerFixture()
        let free = try await ServerFixture.socket(fixture.namespace, .udp, on: "127.0.0.1")
        let port = try localPort(of: free.fileDescriptor)
        close(free.fileDescriptor)
        let target = "/dial?host=127.0.0.1&port=\(port)&protocol=\(conversation)&request=hostname&tries=2"
        let error = "\(conversation) 127.0.0.1:\(port): connection refused"
        let reply = try await fixture.get(target).decoded(DialReply.self)
        #expect(reply == DialReply(responses: [], errors: [error, error]))
        await fixture.server.close()
    }

    @Test("a host that no route leads to says so")
    func unreachable() async throws {
        let fixture = try await ServerFixture()
        let reply = try await fixture.get("/dial?host=203.0.113.1&port=80&request=hostname").decoded(DialReply.self)
        #expect(reply == DialReply(responses: [], errors: ["http 203.0.113.1:80: connect: network is unreachable"]))
        await fixture.server.close()
    }

    @Test("a peer that is silent ends a try, not the server", arguments: ["http", "udp", "tcp"])
    func silent(conversation: String) async throws {
        var limits = BuiltinServerLimits()
        limits.dialTry = .milliseconds(50)
        let fixture = try await ServerFixture(limits: limits)
        let silent = try await ServerFixture.socket(
            fixture.namespace, conversation == "udp" ? .udp : .tcp, on: "127.0.0.1")
        defer { close(silent.fileDescriptor) }
        let port = try localPort(of: silent.fileDescriptor)
        let target = "/dial?host=127.0.0.1&port=\(port)&protocol=\(conversation)&request=hostname"
        let reply = try await fixture.get(target).decoded(DialReply.self)
        #expect(reply.errors == ["\(conversation) 127.0.0.1:\(port): no reply within 50 ms"])
        await fixture.server.close()
        #expect(try fixture.namespace.openSockets() == 1)
    }

    @Test("a dial ends when its time is over")
    func overallTime() async throws {
        var limits = BuiltinServerLimits()
        limits.dialTry = .milliseconds(20)
        limits.dial = .milliseconds(50)
        let fixture = try await ServerFixture(limits: limits)
        let silent = try await ServerFixture.socket(fixture.namespace, .udp, on: "127.0.0.1")
        defer { close(silent.fileDescriptor) }
        let port = try localPort(of: silent.fileDescriptor)
        let target = "/dial?host=127.0.0.1&port=\(port)&protocol=udp&request=hostname&tries=1000"
        let reply = try await fixture.get(target).decoded(DialReply.self)
        #expect(reply.errors.count < 100)
        #expect(reply.errors.last?.hasSuffix("tries were not made: the dial's time is over") == true)
        await fixture.server.close()
    }

    @Test("a client that leaves ends its dial")
    func clientLeaves() async throws {
        let fixture = try await ServerFixture()
        let silent = try await ServerFixture.socket(fixture.namespace, .udp, on: "127.0.0.1")
        defer { close(silent.fileDescriptor) }
        let port = try localPort(of: silent.fileDescriptor)
        var client: TestSocket? = try await fixture.connect()
        let target = "/dial?host=127.0.0.1&port=\(port)&protocol=udp&request=hostname&tries=1000"
        try await client?.send("GET \(target) HTTP/1.1\r\nHost: x\r\n\r\n")
        // The listener, the silent socket, the client, its connection and the dial's socket.
        #expect(try await fixture.eventually { try fixture.namespace.openSockets() == 5 })
        client = nil
        #expect(try await fixture.eventually { try fixture.namespace.openSockets() == 2 })
        await fixture.server.close()
    }

    @Test("a connector that fails or gives something else is an error of the try")
    func badConnector() async throws {
        let failing = try await ServerFixture(connector: { _, _, _ in throw Refused() })
        let reply = try await failing.get(Self.target(failing, "http", "x")).decoded(DialReply.self)
        #expect(reply.errors.first?.contains("no socket in the pod: Refused()") == true)
        await failing.server.close()
        let strange = try await ServerFixture(connector: { _, _, _ in open("/dev/null", O_RDONLY | O_CLOEXEC) })
        let other = try await strange.get(Self.target(strange, "http", "x")).decoded(DialReply.self)
        #expect(other.errors.first?.contains("does not suit") == true)
        await strange.server.close()
    }

    @Test("replies that are too large together end the dial")
    func tooLarge() async throws {
        var limits = BuiltinServerLimits()
        limits.dialBytes = 12
        let fixture = try await ServerFixture(limits: limits)
        let reply = try await fixture.get(Self.target(fixture, "http", "hostname", "&tries=9")).decoded(DialReply.self)
        #expect(
            reply
                == DialReply(responses: ["pod-a", "pod-a"], errors: ["the replies are larger than 12 bytes together"]))
        await fixture.server.close()
    }

    @Test(
        "a parameter that is missing or wrong is refused, naming it",
        arguments: [
            ("port=1&request=x", "host"), ("host=name&port=1&request=x", "host"),
            ("host=[10.0.0.1]&port=1&request=x", "host"),
            ("host=::1&request=x", "port"), ("host=::1&port=0&request=x", "port"),
            ("host=::1&port=65536&request=x", "port"),
            ("host=::1&port=1", "request"), ("host=::1&port=1&request=x&protocol=sctp", "protocol"),
            ("host=::1&port=1&request=x&tries=0", "tries"), ("host=::1&port=1&request=x&tries=1001", "tries"),
            ("host=::1&port=1&request=x&tries=many", "tries"),
        ])
    func malformed(query: String, parameter: String) throws {
        let query = try #require(QueryString(query.utf8))
        let error = #expect(throws: DialRequest.Malformed.self) { try DialRequest(query, mostTries: 1000) }
        #expect(error?.sentence.contains("'\(parameter)'") == true)
    }
}
