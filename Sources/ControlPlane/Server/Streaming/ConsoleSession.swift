internal import Glibc
internal import NIOCore
internal import NIOWebSocket
internal import Synchronization

/// The program of a container that has an input or a terminal, joined with a client's WebSocket.
final class ConsoleSession: Sendable {
    private let attachment: ContainerAttachment
    private let log: LogFile
    private let subprotocol: String
    private let pieceBytes: Int
    private let eventLoop: any EventLoop
    private let isTaken = Atomic<Bool>(false)

    init(_ attachment: ContainerAttachment, subprotocol: String, pieceBytes: Int, eventLoop: any EventLoop) {
        self.attachment = attachment
        log = LogFile(taking: attachment.log)
        self.subprotocol = subprotocol
        self.pieceBytes = pieceBytes
        self.eventLoop = eventLoop
    }

    deinit {
        // The client went before the session began.
        if !isTaken.load(ordering: .relaxed), let input = attachment.input { close(input) }
    }

    /// Runs until the container has ended or the client has gone.
    func run(_ client: NIOAsyncChannel<WebSocketFrame, WebSocketFrame>) async {
        isTaken.store(true, ordering: .relaxed)
        let input = await ProcessPipes.writing(attachment.input, eventLoop)
        try? await client.executeThenClose { inbound, outbound in
            await self.run(inbound, ChannelWriter(outbound), input)
        }
        input?.channel.close(promise: nil)
    }

    private func run(
        _ inbound: NIOAsyncChannelInboundStream<WebSocketFrame>, _ writer: ChannelWriter,
        _ input: NIOAsyncChannel<Never, ByteBuffer>?
    ) async {
        enum Side { case client, program, patience }
        await withTaskGroup(of: Side.self) { tasks in
            tasks.addTask {
                await ClientStreams(
                    subprotocol: self.subprotocol, endsInput: !self.attachment.hasTerminal,
                    resize: self.attachment.resize
                ).receive(inbound, writer, input: input)
                return .client
            }
            tasks.addTask {
                try? await self.follow(writer)
                return .program
            }
            if await tasks.next() == .program {
                // The client's good-bye; closing before it comes could cost it the last words.
                tasks.addTask {
                    try? await Task.sleep(for: .seconds(1))
                    return .patience
                }
                _ = await tasks.next()
            }
            input?.channel.close(promise: nil)
            tasks.cancelAll()
        }
    }

    private func follow(_ writer: ChannelWriter) async throws {
        // Tells the client that it is attached.
        try await writer.send(ExecSession.Stream.output, ByteBuffer())
        var place = attachment.start
        for await _ in attachment.growth { try await send(from: &place, writer) }
        try Task.checkCancellation()
        try await send(from: &place, writer)
        try await writer.send(ExecSession.Stream.status, ByteBuffer(bytes: ExecSession.status(0).bytes))
        try await writer.close()
    }

    private func send(from place: inout Int64, _ writer: ChannelWriter) async throws {
        while true {
            let (isError, end) = attachment.origin(place)
            let bytes = try log.read(at: place, count: Int(min(Int64(pieceBytes), end - place)))
            guard bytes.readableBytes > 0 else { return }
            try await writer.send(isError ? ExecSession.Stream.error : ExecSession.Stream.output, bytes)
            place += Int64(bytes.readableBytes)
        }
    }
}
