internal import Glibc
internal import KubernetesModel
internal import NIOCore
internal import NIOWebSocket
internal import Synchronization

/// A program in a container, joined with a client's WebSocket.
///
///     client ── 0 ──> standard input          <── 1, 2 ── standard output and error
///            ── 4 ──> the terminal's size     <── 3 ───── how it ended
final class ExecSession: Sendable {
    /// The streams' numbers.
    enum Stream {
        static let input: UInt8 = 0
        static let output: UInt8 = 1
        static let error: UInt8 = 2
        static let status: UInt8 = 3
        static let resize: UInt8 = 4
    }

    private let process: ContainerProcess
    private let hasTerminal: Bool
    private let subprotocol: String
    private let eventLoop: any EventLoop
    private let isTaken = Atomic<Bool>(false)

    init(_ process: ContainerProcess, hasTerminal: Bool, subprotocol: String, eventLoop: any EventLoop) {
        self.process = process
        self.hasTerminal = hasTerminal
        self.subprotocol = subprotocol
        self.eventLoop = eventLoop
    }

    deinit {
        guard !isTaken.load(ordering: .relaxed) else { return }
        // The client went before the session began.
        process.terminate()
        for case let descriptor? in [process.input, process.output, process.error] { close(descriptor) }
    }

    /// Runs until the program has ended or the client has gone; then the program is ended too.
    func run(_ client: NIOAsyncChannel<WebSocketFrame, WebSocketFrame>) async {
        isTaken.store(true, ordering: .relaxed)
        let pipes = await ProcessPipes(process, on: eventLoop)
        try? await client.executeThenClose { inbound, outbound in
            await self.run(inbound, ChannelWriter(outbound), pipes)
        }
    }

    private func run(
        _ inbound: NIOAsyncChannelInboundStream<WebSocketFrame>, _ writer: ChannelWriter, _ pipes: ProcessPipes
    ) async {
        enum Side { case client, program, patience }
        await withTaskGroup(of: Side.self) { tasks in
            tasks.addTask {
                // A terminal has its own sign for the end, which its user types.
                await ClientStreams(
                    subprotocol: self.subprotocol, endsInput: !self.hasTerminal, resize: self.process.resize
                ).receive(inbound, writer, input: pipes.input)
                return .client
            }
            tasks.addTask {
                // Tells the client that the program has started.
                try? await writer.send(Stream.output, ByteBuffer())
                await self.follow(pipes, writer)
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
            process.terminate()
            pipes.close()
            tasks.cancelAll()
        }
    }

    // MARK: To the client

    private func follow(_ pipes: ProcessPipes, _ writer: ChannelWriter) async {
        let progress = OutputProgress()
        let watch = Task {
            _ = await process.exitStatus()
            // What children that live on still hold open is not waited for.
            await progress.untilQuiet()
            pipes.closeOutputs()
        }
        async let output: Void = progress.pump(pipes.output, to: writer, Stream.output)
        async let error: Void = progress.pump(pipes.error, to: writer, Stream.error)
        _ = await (output, error)
        watch.cancel()
        let status = await process.exitStatus()
        try? await writer.send(Stream.status, ByteBuffer(bytes: Self.status(status).bytes))
        try? await writer.close()
    }

    /// How a program ended, as clients read it.
    static func status(_ exitStatus: Int32) -> JSONValue {
        if exitStatus == 0 { return ["metadata": [:], "status": "Success"] }
        return [
            "metadata": [:], "status": "Failure", "reason": "NonZeroExitCode",
            "message": .string("command terminated with non-zero exit code: exit status \(exitStatus)"),
            "details": ["causes": [["reason": "ExitCode", "message": .string(String(exitStatus))]]],
        ]
    }
}
