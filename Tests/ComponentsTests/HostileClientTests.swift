import Glibc
import NIOCore
import TestSupport
import Testing

@testable import Components

@Suite("Hostile clients of the built-in server")
struct HostileClientTests {
    @Test(
        "a request that never ends is closed when its time is over",
        arguments: [
            "", "GET", "GET / HTTP/1.1\r\nHost: x\r\n", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nab",
        ])
    func halfRequest(part: String) async throws {
        var limits = BuiltinServerLimits()
        limits.idle = .milliseconds(50)
        let fixture = try await ServerFixture(limits: limits)
        let socket = try await fixture.connect()
        if !part.isEmpty { try await socket.send(part) }
        #expect(try await socket.receiveAll() == [])
        await fixture.server.close()
    }

    @Test("a head of more than 16 KiB is refused", arguments: ["GET /", "GET / HTTP/1.1\r\nX: ", "GET / HTTP/1.1\r\n"])
    func endlessHead(start: String) async throws {
        var limits = BuiltinServerLimits()
        limits.linger = .milliseconds(5)
        let fixture = try await ServerFixture(limits: limits)
        let socket = try await fixture.connect()
        try await socket.send(start)
        let filler = start.hasSuffix("\r\n") ? "A: bbbbbbbbbbb\r\n" : "aaaaaaaaaaaaaaaa"
        do {
            for _ in 0..<20_000 { try await socket.send(String(repeating: filler, count: 4_096)) }
            Issue.record("the server took a gigabyte of one head")
        } catch let failure as TestSocket.Failure {
            #expect([EPIPE, ECONNRESET].contains(failure.errno))
        }
        #expect(try await fixture.get("/").text == "pod-a")
        await fixture.server.close()
    }

    @Test("a head that is just too large is told so")
    func largeHead() async throws {
        let fixture = try await ServerFixture()
        let reply = try await fixture.get("/", headers: "X: \(String(repeating: "x", count: 17_000))\r\n")
        #expect(reply.status == 431)
        #expect(try await fixture.get("/", headers: "X: \(String(repeating: "x", count: 15_000))\r\n").status == 200)
        await fixture.server.close()
    }

    @Test("a body of more than 1 MiB is refused, announced or not")
    func largeBody() async throws {
        let fixture = try await ServerFixture()
        let announced = try await fixture.connect()
        try await announced.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 8589934592\r\n\r\nabc")
        #expect(HTTPReply(try await announced.receiveAll()).status == 413)
        let chunked = try await fixture.connect()
        try await chunked.send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
        let chunk = "10000\r\n" + String(repeating: "x", count: 65_536) + "\r\n"
        for _ in 0..<17 { try await chunked.send(chunk) }
        #expect(HTTPReply(try await chunked.receiveAll()).status == 413)
        let allowed = try await fixture.connect()
        try await allowed.send("POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 1048576\r\n\r\n")
        try await allowed.send([UInt8](repeating: 0, count: 1_048_576))
        #expect(HTTPReply(try await allowed.receiveAll()).status == 200)
        await fixture.server.close()
    }

    @Test(
        "connections above the listener's or the server's number are closed, and room is made again",
        arguments: [true, false])
    func tooManyConnections(perListener: Bool) async throws {
        var limits = BuiltinServerLimits()
        if perListener { limits.connectionsPerListener = 3 } else { limits.connections = 3 }
        let fixture = try await ServerFixture(limits: limits)
        var idle: [TestSocket] = []
        for _ in 0..<3 {
            let socket = try await fixture.connect()
            try await socket.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            _ = try await socket.receive()
            idle.append(socket)
        }
        #expect(try await fixture.connect().receiveAll() == [])
        idle.removeAll()
        var replies = 0
        for _ in 0..<2_000 where replies == 0 {
            replies += (try? await fixture.get("/"))?.status == 200 ? 1 : 0
        }
        #expect(replies == 1)
        await fixture.server.close()
    }

    @Test("thousands of requests pipelined behind a dial do not pile up on the stack")
    func pipelinedBehindDial() async throws {
        let fixture = try await ServerFixture()
        let socket = try await fixture.connect()
        let target = "/dial?host=127.0.0.1&port=\(fixture.listener.port)&request=hostname"
        let count = 4_000
        async let answered: Int = {
            var seen = 0
            for byte in try await socket.receiveAll() where byte == UInt8(ascii: "\u{7e}") { seen += byte > 0 ? 1 : 0 }
            return seen
        }()
        try await socket.send("GET \(target) HTTP/1.1\r\n\r\n")
        try await socket.send(String(repeating: "GET /echo?msg=~ HTTP/1.1\r\n\r\n", count: count))
        try await socket.send("GET / HTTP/1.0\r\n\r\n")
        #expect(try await answered == count)
        await fixture.server.close()
    }

    @Test("a client that does not read is not read from, and is closed when its time is over")
    func neverReads() async throws {
        var limits = BuiltinServerLimits()
        limits.idle = .milliseconds(300)
        let fixture = try await ServerFixture(limits: limits)
        let socket = try await fixture.connect()
        let requests = Array(
            String(repeating: "GET /echo?msg=\(String(repeating: "m", count: 4_000)) HTTP/1.1\r\n\r\n", count: 64).utf8)
        do {
            for _ in 0..<1_000 { try await socket.send(requests) }
            Issue.record("the server took 256 MB of requests whose answers nobody reads")
        } catch let failure as TestSocket.Failure {
            #expect([EPIPE, ECONNRESET].contains(failure.errno))
        }
        await fixture.server.close()
    }

    @Test("bytes that are no HTTP are refused or dropped, and the server goes on", arguments: UInt64(1)...4)
    func garbage(seed: UInt64) async throws {
        var limits = BuiltinServerLimits()
        limits.idle = .milliseconds(100)
        limits.linger = .milliseconds(5)
        let fixture = try await ServerFixture(limits: limits)
        var generator = SeededGenerator(seed: seed)
        let good = Array(
            "POST /seen?id=%41 HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n".utf8)
        for _ in 0..<40 {
            var bytes = Bool.random(using: &generator) ? generator.bytes(upTo: 200) : good + good
            for _ in 0..<Int.random(in: 0...4, using: &generator) where !bytes.isEmpty {
                bytes[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
            }
            let socket = try await fixture.connect()
            try? await socket.send(bytes)
            _ = try await socket.receiveAll()
        }
        #expect(try await fixture.get("/").text == "pod-a", "seed \(seed)")
        await fixture.server.close()
    }
}
