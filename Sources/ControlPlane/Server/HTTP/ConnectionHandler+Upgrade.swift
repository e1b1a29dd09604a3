internal import NIOCore
internal import NIOHTTP1
internal import NIOWebSocket

extension ConnectionHandler {
    /// Names of the handlers that an upgrade removes.
    static let httpHandlers = (encoder: "http-encoder", decoder: "http-decoder", pipelining: "http-pipelining")

    /// Answers that the protocol changes, and puts the handlers of the new one in place of HTTP's.
    func upgrade(
        _ answer: Answer, _ run: @escaping @Sendable (NIOAsyncChannel<WebSocketFrame, WebSocketFrame>) async -> Void,
        _ context: ChannelHandlerContext
    ) {
        let channel = context.channel
        let pipeline = channel.pipeline.syncOperations
        let head = HTTPResponseHead(version: .http1_1, status: answer.status, headers: answer.headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        do {
            try pipeline.addHandlers([
                WebSocketFrameEncoder(),
                ByteToMessageHandler(WebSocketFrameDecoder(maxFrameSize: limits.frameBytes)),
                WebSocketProtocolErrorHandler(isServer: true),
            ])
            let stream = try NIOAsyncChannel<WebSocketFrame, WebSocketFrame>(wrappingChannelSynchronously: channel)
            let names = Self.httpHandlers
            for name in [names.pipelining, names.encoder] { pipeline.removeHandler(name: name, promise: nil) }
            pipeline.removeHandler(context: context, promise: nil)
            // Last, since it hands on what came behind the request.
            pipeline.removeHandler(name: names.decoder, promise: nil)
            let task = Task { await run(stream) }
            channel.closeFuture.whenComplete { _ in task.cancel() }
        } catch {
            context.close(promise: nil)
        }
    }
}
