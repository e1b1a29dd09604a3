internal import KubernetesModel
internal import NIOCore
internal import NIOWebSocket

/// What a client of exec or attach sends: input for the program, and the size of its terminal.
struct ClientStreams: Sendable {
    let subprotocol: String
    /// Whether the input is closed where the client says that it writes no more.
    let endsInput: Bool
    let resize: @Sendable (_ columns: UInt16, _ rows: UInt16) -> Void

    /// Takes what comes until the client has gone; then the input is closed.
    func receive(
        _ inbound: NIOAsyncChannelInboundStream<WebSocketFrame>, _ writer: ChannelWriter,
        input: NIOAsyncChannel<Never, ByteBuffer>?
    ) async {
        guard let input else { return await receive(inbound, writer, write: { _ in }, end: {}) }
        try? await input.executeThenClose { _, _ in
            await self.receive(inbound, writer) {
                // Each piece is in the pipe before the next is taken: closing loses none. What a program that reads no more
                // gets is dropped.
                try? await input.channel.writeAndFlush($0).get()
            } end: {
                if self.endsInput { input.channel.close(promise: nil) }
            }
        }
    }

    private func receive(
        _ inbound: NIOAsyncChannelInboundStream<WebSocketFrame>, _ writer: ChannelWriter,
        write: (ByteBuffer) async -> Void, end: () -> Void
    ) async {
        var reader = ChannelReader(subprotocol)
        var size = ByteBuffer()
        do {
            for try await frame in inbound {
                switch reader.read(frame) {
                case .bytes(ExecSession.Stream.input, let bytes, _, _): await write(bytes)
                case .bytes(ExecSession.Stream.resize, let bytes, let isFirst, let isLast):
                    if isFirst { size.clear() }
                    if size.readableBytes + bytes.readableBytes <= 1024 { size.writeImmutableBuffer(bytes) }
                    if isLast { resize(to: size) }
                case .end(ExecSession.Stream.input): end()
                case .ping(let bytes): try await writer.pong(bytes)
                case .close: return
                case .bytes, .end, nil: break
                }
            }
        } catch {
            // The client has gone, which ends the session.
        }
    }

    private func resize(to text: ByteBuffer) {
        guard let size = try? JSONValue(parsing: text.readableBytesView), let width = size["Width"]?.integer,
            let height = size["Height"]?.integer
        else { return }
        resize(UInt16(clamping: width), UInt16(clamping: height))
    }
}
