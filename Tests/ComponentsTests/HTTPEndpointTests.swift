import Addressing
import Testing
import Topology

@testable import Components

@Suite("HTTP endpoints of the built-in server")
struct HTTPEndpointTests {
    @Test(
        "the root, /hostname and any path that is not known answer the pod's name",
        arguments: ["/", "/hostname", "/hostName", "/foo/bar?x=1"])
    func podName(target: String) async throws {
        let fixture = try await ServerFixture()
        let reply = try await fixture.get(target)
        #expect(reply.status == 200)
        #expect(reply.text == "pod-a")
        await fixture.server.close()
    }

    @Test(
        "/clientip answers the peer's address and port as the server sees it",
        arguments: ["127.0.0.1", "::1", "fd00::2"])
    func clientIP(bound: String) async throws {
        let fixture = try await ServerFixture(on: bound)
        let socket = try await fixture.connect()
        let own = socket.localText
        #expect(try await fixture.get("/clientip", on: socket).text == own)
        await fixture.server.close()
    }

    @Test(
        "a dual-stack socket shows its IPv4 peers as IPv4 and its IPv6 peers as IPv6",
        arguments: ["127.0.0.2", "fd00::1"])
    func dualStack(peer: String) async throws {
        let fixture = try await ServerFixture(on: "::")
        let socket = try await fixture.connect(to: IPAddress(peer))
        let own = socket.localText
        let seen = try await fixture.get("/seen?id=a%20b", on: socket).decoded(SeenReply.self)
        #expect(IPAddress(seen.source)?.withPort(seen.sourcePort) == own)
        #expect(seen.destination == peer)
        await fixture.server.close()
    }

    @Test("/seen says what the server saw")
    func seen() async throws {
        let fixture = try await ServerFixture()
        let socket = try await fixture.connect()
        let port = socket.localPort
        let expected = SeenReply(
            namespace: "shop", pod: "pod-a", node: "node1", container: "server", protocol: "TCP", source: "127.0.0.1",
            sourcePort: port, destination: "127.0.0.1", destinationPort: fixture.listener.port, id: "q\"\\\n7",
            length: 0)
        let reply = try await fixture.get("/seen?id=q%22%5c%0A7", on: socket)
        #expect(try reply.decoded(SeenReply.self) == expected)
        #expect(!reply.body.contains(UInt8(ascii: "\n")))
        await fixture.server.close()
    }

    @Test("/echo answers the message's bytes, also those that are not UTF-8")
    func echo() async throws {
        let fixture = try await ServerFixture()
        #expect(try await fixture.get("/echo?msg=a+b%2Bc%FF%00").body == Array("a b+c".utf8) + [0xff, 0])
        #expect(try await fixture.get("/echo").body == [])
        #expect(try await fixture.get("/echo?msg=%zz").status == 400)
        #expect(try await fixture.get("/echo?msg=gone&code=410").status == 410)
        #expect(try await fixture.get("/echo?msg=x&code=204").body == [])
        #expect(try await fixture.get("/echo?msg=x&code=99").status == 400)
        await fixture.server.close()
    }

    @Test("/header answers a header field, whatever its case, and all of them without a key")
    func header() async throws {
        let fixture = try await ServerFixture()
        #expect(
            try await fixture.get("/header?key=x-forwarded-for", headers: "X-Forwarded-For: 10.0.0.1\r\n").text
                == "10.0.0.1")
        #expect(try await fixture.get("/header?key=absent").text == "")
        let all = try await fixture.get("/header", headers: "X-A: 1\r\nx-a: 2\r\n").decoded([String: [String]].self)
        #expect(all == ["connection": ["close"], "host": ["x"], "x-a": ["1", "2"]])
        await fixture.server.close()
    }

    @Test("/healthz answers 200")
    func healthz() async throws {
        let fixture = try await ServerFixture()
        #expect(try await fixture.get("/healthz").status == 200)
        await fixture.server.close()
    }

    @Test(
        "what would end or reach out of the supervisor is forbidden, and the server goes on",
        arguments: ["/exit?code=1", "/shutdown", "/shell?cmd=id", "/upload"])
    func forbidden(target: String) async throws {
        let fixture = try await ServerFixture()
        let reply = try await fixture.get(target)
        #expect(reply.status == 403)
        #expect(reply.text.contains("not served"))
        #expect(try await fixture.get("/hostname").text == "pod-a")
        await fixture.server.close()
    }

    @Test("HEAD gets the length and no body")
    func head() async throws {
        let fixture = try await ServerFixture()
        let socket = try await fixture.connect()
        try await socket.send("HEAD /hostname HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        let reply = HTTPReply(try await socket.receiveAll())
        #expect(reply.head.contains("Content-Length: 5"))
        #expect(reply.body == [])
        await fixture.server.close()
    }

    @Test("a connection is kept for HTTP/1.1, and for HTTP/1.0 only when asked")
    func keepAlive() async throws {
        let fixture = try await ServerFixture()
        let socket = try await fixture.connect()
        for _ in 0..<3 {
            try await socket.send("GET /hostname HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(HTTPReply(try await socket.receive()).text == "pod-a")
        }
        try await socket.send("GET /hostname HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
        #expect(HTTPReply(try await socket.receive()).head.lowercased().contains("connection: keep-alive"))
        try await socket.send("GET /hostname HTTP/1.0\r\n\r\n")
        #expect(HTTPReply(try await socket.receiveAll()).text == "pod-a")
        await fixture.server.close()
    }

    @Test("pipelined requests are answered in order")
    func pipelining() async throws {
        let fixture = try await ServerFixture()
        let socket = try await fixture.connect()
        let requests = (0..<50).map { "GET /echo?msg=<\($0)> HTTP/1.1\r\nHost: x\r\n\r\n" }.joined()
        try await socket.send(requests + "GET /echo?msg=<end> HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        let text = String(decoding: try await socket.receiveAll(), as: UTF8.self)
        let answers = text.split(separator: "<").dropFirst().map { $0.prefix { $0 != ">" } }
        #expect(answers == (0..<50).map { "\($0)"[...] } + ["end"])
        await fixture.server.close()
    }

    @Test("a client that waits to be told so may send its body")
    func expectContinue() async throws {
        let fixture = try await ServerFixture()
        let socket = try await fixture.connect()
        try await socket.send(
            "POST /seen?id=1 HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n"
        )
        #expect(HTTPReply(try await socket.receive()).status == 100)
        try await socket.send("abc")
        #expect(try HTTPReply(try await socket.receiveAll()).decoded(SeenReply.self).length == 3)
        await fixture.server.close()
    }
}
