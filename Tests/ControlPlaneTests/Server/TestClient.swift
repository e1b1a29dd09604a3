import Foundation
import KubernetesModel
import NIOCore
import NIOPosix
import NIOSSL

/// A client that sees every byte. What takes longer than its bound ends its connection.
final class TestClient {
    private let channel: any Channel
    private var iterator: AsyncThrowingStream<ByteBuffer, any Error>.Iterator
    private var received = ByteBuffer()

    private init(_ channel: any Channel, _ stream: AsyncThrowingStream<ByteBuffer, any Error>) {
        self.channel = channel
        iterator = stream.makeAsyncIterator()
        channel.eventLoop.scheduleTask(in: .seconds(30)) { channel.close(promise: nil) }
    }

    struct Ended: Error {}

    static func unix(_ path: String, readsByItself: Bool = true) async throws -> TestClient {
        let (stream, source) = AsyncThrowingStream<ByteBuffer, any Error>.makeStream()
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.autoRead, value: readsByItself)
            .channelInitializer { $0.pipeline.addHandler(Collector(source)) }
            .connect(unixDomainSocketPath: path).get()
        return TestClient(channel, stream)
    }

    static func plain(port: Int) async throws -> TestClient {
        let (stream, source) = AsyncThrowingStream<ByteBuffer, any Error>.makeStream()
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { $0.pipeline.addHandler(Collector(source)) }
            .connect(host: "127.0.0.1", port: port).get()
        return TestClient(channel, stream)
    }

    static func tls(port: Int, authority: String, minimum: TLSVersion = .tlsv12, maximum: TLSVersion? = nil)
        async throws
        -> TestClient
    {
        let (stream, source) = AsyncThrowingStream<ByteBuffer, any Error>.makeStream()
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.trustRoots = .certificates(try NIOSSLCertificate.fromPEMBytes(Array(authority.utf8)))
        configuration.minimumTLSVersion = minimum
        configuration.maximumTLSVersion = maximum
        configuration.applicationProtocols = ["h2", "http/1.1"]
        let context = try NIOSSLContext(configuration: configuration)
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandlers([
                        try NIOSSLClientHandler(context: context, serverHostname: "localhost"), Collector(source),
                    ])
                }
            }
            .connect(host: "127.0.0.1", port: port).get()
        return TestClient(channel, stream)
    }

    func close() { channel.close(promise: nil) }

    func send(_ text: String) async throws { try await channel.writeAndFlush(ByteBuffer(string: text)).get() }
    func send(_ bytes: [UInt8]) async throws { try await channel.writeAndFlush(ByteBuffer(bytes: bytes)).get() }
    func readOn() { channel.setOption(.autoRead, value: true).whenComplete { _ in } }

    /// Waits until the server has closed the connection, in whichever way.
    func untilClosed() async {
        do { while try await iterator.next() != nil {} } catch {}
    }

    // MARK: HTTP

    func ask(
        _ method: String = "GET", _ target: String, _ headers: [(String, String)] = [], body: String? = nil
    ) async throws -> TestAnswer {
        try await send(Self.request(method, target, headers, body: body))
        return try await answer()
    }

    static func request(
        _ method: String, _ target: String, _ headers: [(String, String)] = [], body: String? = nil
    ) -> String {
        var text = "\(method) \(target) HTTP/1.1\r\nHost: localhost\r\n"
        for (name, value) in headers { text += "\(name): \(value)\r\n" }
        if let body { text += "Content-Length: \(body.utf8.count)\r\n" }
        return text + "\r\n" + (body ?? "")
    }

    /// The next whole answer.
    func answer() async throws -> TestAnswer {
        var answer = try await head()
        if answer.isChunked {
            while let chunk = try await chunk() { answer.body += chunk }
        } else if let length = answer["content-length"].flatMap({ Int($0) }) {
            answer.body = try await take(length)
        }
        return answer
    }

    /// The head of the next answer.
    func head() async throws -> TestAnswer {
        var lines: [String] = []
        while true {
            let line = try await line()
            if line.isEmpty { break }
            lines.append(line)
        }
        return try TestAnswer(lines)
    }

    /// The next chunk of a chunked body; nil at its end.
    func chunk() async throws -> [UInt8]? {
        guard let length = Int(try await line(), radix: 16) else { throw Ended() }
        let bytes = try await take(length)
        _ = try await line()
        return length == 0 ? nil : bytes
    }

    /// The next event of a watch.
    func event() async throws -> JSONValue? {
        while !pending.contains(UInt8(ascii: "\n")) {
            guard let chunk = try await chunk() else { return nil }
            pending += chunk
        }
        let end = pending.firstIndex(of: UInt8(ascii: "\n")) ?? pending.endIndex
        defer { pending.removeFirst(end + 1) }
        return try JSONValue(parsing: pending[..<end])
    }

    private var pending: [UInt8] = []

    // MARK: Bytes

    func take(_ count: Int) async throws -> [UInt8] {
        while received.readableBytes < count { try await more() }
        return received.readBytes(length: count) ?? []
    }

    private func line() async throws -> String {
        while true {
            if let index = received.readableBytesView.firstIndex(of: UInt8(ascii: "\n")) {
                let length = index - received.readerIndex
                let text = received.readString(length: length) ?? ""
                received.moveReaderIndex(forwardBy: 1)
                return text.hasSuffix("\r\n") || text.hasSuffix("\r") ? String(text.dropLast()) : text
            }
            try await more()
        }
    }

    private func more() async throws {
        guard var bytes = try await iterator.next() else { throw Ended() }
        received.discardReadBytes()
        received.writeBuffer(&bytes)
    }
}

private final class Collector: ChannelInboundHandler, Sendable {
    typealias InboundIn = ByteBuffer
    private let source: AsyncThrowingStream<ByteBuffer, any Error>.Continuation

    init(_ source: AsyncThrowingStream<ByteBuffer, any Error>.Continuation) { self.source = source }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) { source.yield(unwrapInboundIn(data)) }
    func channelInactive(context: ChannelHandlerContext) { source.finish() }
    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        source.finish(throwing: error)
        context.close(promise: nil)
    }
}

/// What a server answered.
struct TestAnswer {
    let status: Int
    let headers: [(name: String, value: String)]
    var body: [UInt8] = []

    init(_ lines: [String]) throws {
        let words = (lines.first ?? "").split(separator: " ")
        guard words.count >= 2, let status = Int(words[1]) else { throw TestClient.Ended() }
        self.status = status
        headers = lines.dropFirst().map { line in
            let sides = line.split(separator: ":", maxSplits: 1).map(String.init)
            return (sides[0].lowercased(), sides.count > 1 ? String(sides[1].drop { $0 == " " }) : "")
        }
    }

    subscript(name: String) -> String? { headers.first { $0.name == name }?.value }
    var isChunked: Bool { self["transfer-encoding"] == "chunked" }
    var text: String { String(decoding: body, as: UTF8.self) }
    var json: JSONValue { get throws { try JSONValue(parsing: body) } }
}

/// A version of TLS, by a name of our own: tests that only choose one need not know the library.
enum TLSVersionChoice {
    case tls12, tls13
    var value: TLSVersion { self == .tls12 ? .tlsv12 : .tlsv13 }
}
