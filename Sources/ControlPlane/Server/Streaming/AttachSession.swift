internal import NIOCore
internal import NIOWebSocket

/// A container's output, joined with a client's WebSocket.
struct AttachSession: Sendable {
    let log: ContainerLog
    let file: LogFile
    let subprotocol: String
    let pieceBytes: Int
    /// Whether it begins with what was written before.
    let showsAll: Bool

    /// Shows the output until the container's program has ended or the client has gone.
    func run(
        _ client: NIOAsyncChannel<WebSocketFrame, WebSocketFrame>
    ) async {
        try? await client.executeThenClose { inbound, outbound in
            let writer = ChannelWriter(outbound)
            await withTaskGroup(of: Void.self) { tasks in
                tasks.addTask { await self.drain(inbound, writer) }
                tasks.addTask { try? await self.follow(writer) }
                await tasks.next()
                tasks.cancelAll()
            }
        }
    }

    private func follow(_ writer: ChannelWriter) async throws {
        try await writer.send(ExecSession.Stream.output, ByteBuffer())
        var reader = LogReader(following: file, fromStart: showsAll, pieceBytes: pieceBytes)
        while let bytes = try await reader.next(log) { try await writer.send(ExecSession.Stream.output, bytes) }
        try await writer.send(ExecSession.Stream.status, ByteBuffer(bytes: ExecSession.status(0).bytes))
        try await writer.close()
    }

    private func drain(_ inbound: NIOAsyncChannelInboundStream<WebSocketFrame>, _ writer: ChannelWriter) async {
        var reader = ChannelReader(subprotocol)
        do {
            for try await frame in inbound {
                switch reader.read(frame) {
                case .ping(let bytes): try await writer.pong(bytes)
                case .close: return
                default: break
                }
            }
        } catch {
            // The client has gone, which ends the session.
        }
    }
}
