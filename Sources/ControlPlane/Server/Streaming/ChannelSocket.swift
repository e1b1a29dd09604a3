internal import KubernetesModel
internal import NIOCore
internal import NIOWebSocket

/// The sending side of a WebSocket whose messages begin with the number of the stream that they belong to
/// (`v4.channel.k8s.io`, `v5.channel.k8s.io`).
struct ChannelWriter: Sendable {
    private let outbound: NIOAsyncChannelOutboundWriter<WebSocketFrame>
    /// The most bytes of one message.
    private static let largest = 32 * 1024

    init(_ outbound: NIOAsyncChannelOutboundWriter<WebSocketFrame>) {
        self.outbound = outbound
    }

    /// Sends bytes of a stream; waits while the client does not read.
    func send(_ stream: UInt8, _ bytes: ByteBuffer) async throws {
        var bytes = bytes
        repeat {
            let part = bytes.readSlice(length: min(bytes.readableBytes, Self.largest)) ?? ByteBuffer()
            var message = ByteBufferAllocator().buffer(capacity: part.readableBytes + 1)
            message.writeInteger(stream)
            message.writeImmutableBuffer(part)
            try await outbound.write(WebSocketFrame(fin: true, opcode: .binary, data: message))
        } while bytes.readableBytes > 0
    }

    /// Sends bytes without a stream's number.
    func sendPlain(_ bytes: ByteBuffer) async throws {
        try await outbound.write(WebSocketFrame(fin: true, opcode: .binary, data: bytes))
    }

    /// Answers a ping.
    func pong(_ bytes: ByteBuffer) async throws {
        try await outbound.write(WebSocketFrame(fin: true, opcode: .pong, data: bytes))
    }

    /// Says good-bye.
    func close() async throws {
        var code = ByteBuffer()
        code.write(webSocketErrorCode: .normalClosure)
        try await outbound.write(WebSocketFrame(fin: true, opcode: .connectionClose, data: code))
    }
}

/// What a client sends on such a WebSocket.
enum ChannelInput: Sendable, Hashable {
    /// Bytes of a stream. A message may come in several parts.
    case bytes(UInt8, ByteBuffer, isFirst: Bool, isLast: Bool)
    /// The client writes no more to a stream (v5).
    case end(UInt8)
    case ping(ByteBuffer)
    case close
}

/// Puts frames together to what a client says.
struct ChannelReader {
    /// The stream number by which v5 ends streams.
    private static let endSignal: UInt8 = 255

    private let hasEndSignal: Bool
    private var stream: UInt8?

    init(_ subprotocol: String) {
        hasEndSignal = subprotocol.hasPrefix("v5.")
    }

    /// What a frame says, or nil where it says nothing.
    mutating func read(_ frame: WebSocketFrame) -> ChannelInput? {
        var bytes = frame.unmaskedData
        switch frame.opcode {
        case .binary, .text:
            guard let number: UInt8 = bytes.readInteger() else { return nil }
            if hasEndSignal, number == Self.endSignal { return bytes.readInteger().map { .end($0) } }
            stream = frame.fin ? nil : number
            return .bytes(number, bytes, isFirst: true, isLast: frame.fin)
        case .continuation:
            guard let number = stream else { return nil }
            if frame.fin { stream = nil }
            return .bytes(number, bytes, isFirst: false, isLast: frame.fin)
        case .ping: return .ping(bytes)
        case .connectionClose: return .close
        default: return nil
        }
    }
}
