import Glibc
import KubernetesModel
import NIOCore
import Testing

@testable import ControlPlane

@Suite("Clients that mean no good")
struct HostileClientTests {
    private static let target = "/api/v1/namespaces/default/configmaps"

    @Test("a body over 3 MiB is refused with 413, whether it says its length or not")
    func largeBodies() async throws {
        try await TestServer.run { test in
            try await test.client { client in
                try await client.send("POST \(Self.target) HTTP/1.1\r\nHost: a\r\nContent-Length: 4000000\r\n\r\n")
                let answer = try await client.answer()
                #expect(answer.status == 413)
                #expect(try answer.json["reason"] == "RequestEntityTooLarge")
                #expect(answer["connection"] == "close")
                await client.untilClosed()
            }
            try await test.client { client in
                try await client.send("POST \(Self.target) HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
                let chunk = "10000\r\n" + String(repeating: " ", count: 0x10000) + "\r\n"
                for _ in 0..<49 { try? await client.send(chunk) }
                #expect(try await client.answer().status == 413)
            }
            #expect(try await test.ask("GET", "/version").status == 200)
        }
    }

    @Test("heads that never end, bodies that never end and silence end the connection")
    func slowness() async throws {
        var limits = ServerLimits()
        limits.firstHead = .seconds(2)
        limits.nextHead = .milliseconds(200)
        limits.body = .milliseconds(200)
        try await TestServer.run(limits: limits) { test in
            for text in ["", "GET /ver", "POST \(Self.target) HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nab"] {
                try await test.client { client in
                    if !text.isEmpty { try? await client.send(text) }
                    await client.untilClosed()
                }
            }
            try await test.client { client in
                let answer = try await client.ask("GET", "/version")
                #expect(answer.status == 200)
                await client.untilClosed()
            }
        }
    }

    @Test("what is no HTTP is refused, and heads without end too")
    func nonsense() async throws {
        try await TestServer.run { test in
            for text in [
                "\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}\r\n\r\n", "GET\r\n\r\n",
                "GET / HTTP/1.1\r\nA: \(String(repeating: "x", count: 200_000))\r\n\r\n",
                "GET /\(String(repeating: "x", count: 200_000)) HTTP/1.1\r\n\r\n",
            ] {
                try await test.client { client in
                    try? await client.send(text)
                    let answer = try await client.answer()
                    #expect([400, 431].contains(answer.status))
                    await client.untilClosed()
                }
            }
            #expect(try await test.ask("GET", "/%ff%zz").status == 400)
            #expect(try await test.ask("GET", "/version").status == 200)
        }
    }

    @Test("pipelined requests are answered in their order, a thousand of them")
    func pipelining() async throws {
        try await TestServer.run { test in
            try await test.client { client in
                for index in 0..<1000 {
                    try await client.send(TestClient.request("GET", index % 2 == 0 ? "/version" : "/nothing"))
                }
                for index in 0..<1000 {
                    #expect(try await client.answer().status == (index % 2 == 0 ? 200 : 404))
                }
            }
        }
    }

    @Test("clients that drop mid-request leave nothing behind, and more connections than allowed are closed")
    func dropping() async throws {
        var limits = ServerLimits()
        limits.connectionsPerListener = 4
        limits.bodyBytesTogether = 3000
        try await TestServer.run(limits: limits) { test in
            for _ in 0..<20 {
                try await test.client { client in
                    let head =
                        "POST \(Self.target) HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3000\r\n\r\n"
                    try await client.send(head)
                    #expect(try await client.head().status == 100)
                    try await client.send(String(repeating: "x", count: 2000))
                }
            }
            var clients: [TestClient] = []
            defer { for client in clients { client.close() } }
            var served = 0
            for _ in 0..<8 {
                let client = try await TestClient.unix(test.socketPath)
                clients.append(client)
                if (try? await client.ask("GET", "/version"))?.status == 200 { served += 1 }
            }
            #expect((1...4).contains(served))
            for client in clients { client.close() }
            clients = []
            // The places come free, and so does the room for bodies.
            var status = 0
            for _ in 0..<100 where status != 400 {
                status =
                    (try? await test.ask("POST", Self.target, body: String(repeating: "x", count: 2500)))?.status ?? 0
            }
            #expect(status == 400)
        }
    }

    @Test("a client that does not take its list is cut off, and others are served meanwhile")
    func stalledList() async throws {
        var limits = ServerLimits()
        limits.write = .milliseconds(300)
        try await TestServer.run(limits: limits) { test in
            let note = JSONValue.string(String(repeating: "x", count: 10_000))
            try test.store.commit(
                (0..<2000).map { .put(.configMaps, APIObject(.configMaps, name: "m\($0)", ["data": ["k": note]])) })
            let lazy = try await TestClient.unix(test.socketPath, readsByItself: false)
            defer { lazy.close() }
            try await lazy.send(TestClient.request("GET", Self.target))
            let list = try await test.ask("GET", Self.target)
            #expect(try list.json["items"]?.array?.count == 2000)
            // The end of the connection reaches the client behind what the kernel holds for it.
            lazy.readOn()
            await lazy.untilClosed()
        }
    }

    @Test("HTTP without TLS on the TLS listener, and a handshake that never ends, are closed")
    func noTLS() async throws {
        var limits = ServerLimits()
        limits.firstHead = .seconds(2)
        try await TestServer.run(limits: limits) { test in
            for text in ["GET /version HTTP/1.1\r\n\r\n", "\u{16}\u{3}"] {
                let client = try await TestClient.plain(port: test.port)
                defer { client.close() }
                // The server may have closed it already.
                try? await client.send(text)
                await client.untilClosed()
            }
        }
    }

    @Test("descriptors that are no sockets of the kind are refused, and a closed server takes none")
    func unsuitable() async throws {
        try await TestServer.run { test in
            var pair: [Int32] = [0, 0]
            #expect(pipe(&pair) == 0)
            defer { close(pair[1]) }
            await #expect(throws: APIServerError.self) { try await test.server.serve(pair[0], as: .unix) }
            let (tcp, _) = try ListeningSocket.loopback()
            await #expect(throws: APIServerError.self) { try await test.server.serve(tcp, as: .unix) }
            await test.server.close()
            let (late, _) = try ListeningSocket.loopback()
            await #expect(throws: APIServerError.self) { try await test.server.serve(late, as: .tls) }
            // What was refused was closed: nobody can read from the pipe any more.
            var state = pollfd(fd: pair[1], events: 0, revents: 0)
            #expect(poll(&state, 1, 1000) == 1)
            #expect(Int32(state.revents) & POLLERR != 0)
        }
    }

    @Test("bodies of all clients together are bounded: the one too many gets 429")
    func budget() async throws {
        var limits = ServerLimits()
        limits.bodyBytesTogether = 1000
        try await TestServer.run(limits: limits) { test in
            let answer = try await test.ask("POST", Self.target, body: String(repeating: " ", count: 2000))
            #expect(answer.status == 429)
            #expect(answer["retry-after"] == "1")
        }
    }
}
