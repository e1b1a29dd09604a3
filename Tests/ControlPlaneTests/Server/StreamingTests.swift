import Glibc
import KubernetesModel
import NIOCore
import NIOPosix
import Synchronization
import Testing

@testable import ControlPlane

@Suite("Logs, exec, attach and port-forward")
struct StreamingTests {
    private static let pod = "/api/v1/namespaces/default/pods/web"

    private func run(_ body: (TestServer) async throws -> Void) async throws {
        try await TestServer.run { test in
            try test.put((.pods, APIObject(.pods, name: "web", ["status": ["phase": "Running"]])))
            try await body(test)
        }
    }

    // MARK: Logs

    @Test("logs are cut by lines and bytes")
    func logParts() async throws {
        try await run { test in
            try test.runtime.write((1...1000).map { "line \($0)\n" }.joined())
            for (query, text) in [
                ("tailLines=2", "line 999\nline 1000\n"), ("limitBytes=9", "line 1\nli"), ("tailLines=0", ""),
                ("tailLines=1&limitBytes=4&timestamps=true", "line"),
            ] {
                let answer = try await test.ask("GET", "\(Self.pod)/log?\(query)")
                #expect(answer.text == text)
                #expect(answer["content-type"] == "text/plain")
            }
            let all = try await test.ask("GET", "\(Self.pod)/log?container=main&tailLines=5000")
            #expect(all.text.hasPrefix("line 1\n") && all.text.hasSuffix("line 1000\n"))
            #expect(try await test.ask("GET", "\(Self.pod)/log?container=none").status == 400)
            #expect(try await test.ask("GET", "\(Self.pod)/log?tailLines=-1").status == 422)
            #expect(try await test.ask("GET", "/api/v1/namespaces/default/pods/none/log").status == 404)
        }
    }

    @Test("a followed log goes on with what is written, and ends with the container")
    func followedLog() async throws {
        try await run { test in
            try test.runtime.write("one\n")
            try await test.client { client in
                try await client.send(TestClient.request("GET", "\(Self.pod)/log?follow=true"))
                #expect(try await client.head().status == 200)
                #expect(try await client.chunk() == Array("one\n".utf8))
                try test.runtime.write("two\n")
                #expect(try await client.chunk() == Array("two\n".utf8))
                try test.runtime.write("three\n")
                test.runtime.isRunning.store(false, ordering: .relaxed)
                #expect(try await client.chunk() == Array("three\n".utf8))
                #expect(try await client.chunk() == nil)
                #expect(try await client.ask("GET", "/version").status == 200)
            }
        }
    }

    // MARK: Exec

    @Test("exec carries input and output, and how the program ended", arguments: ["GET", "POST"])
    func exec(method: String) async throws {
        try await run { test in
            try await test.client { client in
                let command = "command=sh&command=-c&command=cat%3B+echo+oops+%3E%262%3B+exit+3"
                let (socket, head) = try await TestWebSocket.open(
                    client, "\(Self.pod)/exec?\(command)&stdin=true&stdout=true&stderr=true", method: method,
                    protocols: "v5.channel.k8s.io, v4.channel.k8s.io")
                #expect(head["sec-websocket-protocol"] == "v5.channel.k8s.io")
                #expect(head["sec-websocket-accept"]?.isEmpty == false)
                let web = try #require(socket)
                try await web.send(0, "hello ")
                // A message in two frames, and one of no stream.
                try await web.send(0, "wo", isLast: false)
                try await web.send(0, Array("rld\n".utf8))
                try await web.send(2, [])
                // v5's end of the input.
                try await web.send(2, [255, 0])
                let streams = try await web.untilClose()
                #expect(streams[1] == Array("hello world\n".utf8))
                #expect(streams[2] == Array("oops\n".utf8))
                let status = try JSONValue(parsing: streams[3] ?? [])
                #expect(status["status"] == "Failure")
                #expect(status["reason"] == "NonZeroExitCode")
                #expect(status["details"]?["causes"]?.array?.first?["message"] == "3")
            }
        }
    }

    @Test("a large output arrives whole at a client that reads slowly")
    func largeOutput() async throws {
        try await run { test in
            try await test.client { client in
                let command = "command=head&command=-c&command=3000000&command=%2Fdev%2Fzero"
                let (socket, _) = try await TestWebSocket.open(
                    client, "\(Self.pod)/exec?\(command)&stdout=true", protocols: "v4.channel.k8s.io")
                let streams = try await #require(socket).untilClose()
                #expect(streams[1]?.count == 3_000_000)
                #expect(try JSONValue(parsing: streams[3] ?? [])["status"] == "Success")
            }
        }
    }

    @Test("pings are answered, sizes passed on, and a client that goes ends the program")
    func leaving() async throws {
        try await run { test in
            let target = "\(Self.pod)/exec?command=cat&stdin=true&stdout=true&tty=true"
            try await test.client { client in
                let (socket, _) = try await TestWebSocket.open(client, target, protocols: "v4.channel.k8s.io")
                let web = try #require(socket)
                try await web.send(9, Array("hey".utf8))
                var frame = try await web.frame()
                while frame.opcode != 10 { frame = try await web.frame() }
                #expect(frame.payload == Array("hey".utf8))
                try await web.send(4, "{\"Width\":80,\"Height\":24}")
                try await web.send(0, "echo\n")
                try await web.await(1, contains: "echo\n")
                #expect(test.runtime.sizes.withLock { $0 } == [[80, 24]])
            }
            try await test.runtime.untilTerminated()
        }
    }

    @Test("SPDY is refused with a sentence, and what is no proper handshake too")
    func refusals() async throws {
        try await run { test in
            let target = "\(Self.pod)/exec?command=cat"
            let spdy = try await test.ask("POST", target, [("Upgrade", "SPDY/3.1"), ("Connection", "Upgrade")])
            #expect(spdy.status == 403)
            #expect(try spdy.json["message"]?.string?.contains("kubectl 1.31") == true)
            #expect(try await test.ask("GET", target).status == 400)
            #expect(try await test.ask("GET", "\(Self.pod)/exec").status == 400)
            for (path, protocols) in [
                (target, "v9.channel.k8s.io"),
                ("/api/v1/namespaces/default/pods/no/exec?command=a", "v4.channel.k8s.io"),
            ] {
                try await test.client { client in
                    let (socket, answer) = try await TestWebSocket.open(client, path, protocols: protocols)
                    #expect(socket == nil)
                    #expect(answer.status >= 400)
                    #expect(try answer.json["kind"] == "Status")
                }
            }
        }
    }

    @Test("why a program cannot be started is told inside the WebSocket, where kubectl reads it")
    func failedStart() async throws {
        try await run { test in
            try await test.client { client in
                let (socket, _) = try await TestWebSocket.open(
                    client, "\(Self.pod)/exec?command=cat&container=none", protocols: "v5.channel.k8s.io")
                let status = try JSONValue(parsing: try await #require(socket).untilClose()[3] ?? [])
                #expect(status["status"] == "Failure")
                #expect(status["message"] == "container none is not valid for pod web")
            }
            try test.put((.pods, APIObject(.pods, name: "web", ["spec": ["containers": [["name": "main"]]]])))
            let answer = try await test.ask("GET", "\(Self.pod)/exec?command=cat&container=none")
            #expect(answer.status == 400)
            #expect(try answer.json["message"] == "container none is not valid for pod web")
        }
    }

    @Test("attach shows what is written from then on")
    func attach() async throws {
        try await run { test in
            try test.runtime.write("before\n")
            try await test.client { client in
                let (socket, _) = try await TestWebSocket.open(
                    client, "\(Self.pod)/attach?stdout=true", protocols: "v5.channel.k8s.io")
                let web = try #require(socket)
                #expect(try await web.frame().payload == [1])
                try test.runtime.write("after\n")
                try await web.await(1, contains: "after\n")
                test.runtime.isRunning.store(false, ordering: .relaxed)
                let streams = try await web.untilClose()
                #expect(try JSONValue(parsing: streams[3] ?? [])["status"] == "Success")
            }
        }
    }

    @Test("attaching to a container with a terminal shows what was written before too")
    func attachToTerminal() async throws {
        try await run { test in
            let spec: JSONValue = ["containers": [["name": "main", "tty": true]]]
            try test.put((.pods, APIObject(.pods, name: "web", ["spec": spec])))
            try test.runtime.write("before\n")
            test.runtime.isRunning.store(false, ordering: .relaxed)
            try await test.client { client in
                let (socket, _) = try await TestWebSocket.open(
                    client, "\(Self.pod)/attach?stdout=true&tty=true", protocols: "v5.channel.k8s.io")
                #expect(try await #require(socket).untilClose()[1] == Array("before\n".utf8))
            }
        }
    }

    // MARK: Port-forward

    @Test("port-forward joins streams with ports, and tells of a port that nobody listens on")
    func portForward() async throws {
        let echo = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { $0.pipeline.addHandler(Echo()) }
            .bind(host: "127.0.0.1", port: 0).get()
        defer { echo.close(promise: nil) }
        let port = UInt16(try #require(echo.localAddress?.port))
        let (unused, dead) = try ListeningSocket.loopback()
        defer { close(unused) }
        try await run { test in
            try await test.client { client in
                let (socket, _) = try await TestWebSocket.open(
                    client, "\(Self.pod)/portforward?ports=\(port)&ports=\(dead)", protocols: "v4.channel.k8s.io")
                let web = try #require(socket)
                let text = String(repeating: "abcdefgh", count: 1000)
                try await web.send(0, text)
                let streams = try await web.collect { ($0[0]?.count ?? 0) >= 8002 && ($0[3]?.count ?? 0) > 2 }
                let number = [UInt8(port & 255), UInt8(port >> 8)]
                #expect(streams[0] == number + Array(text.utf8))
                #expect(streams[1] == number)
                #expect(streams[2] == [UInt8(dead & 255), UInt8(dead >> 8)])
                let reason = String(decoding: (streams[3] ?? []).dropFirst(2), as: UTF8.self)
                #expect(reason.contains("refused"))
                // The last connection's end ends the session.
                try await web.send(0, "quit")
                _ = try await web.untilClose()
            }
        }
    }
}

/// Sends back what it gets; `quit` ends the connection.
private final class Echo: ChannelInboundHandler, Sendable {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = unwrapInboundIn(data)
        if bytes.readableBytesView.elementsEqual("quit".utf8) { return context.close(promise: nil) }
        context.writeAndFlush(wrapOutboundOut(bytes), promise: nil)
    }
}
