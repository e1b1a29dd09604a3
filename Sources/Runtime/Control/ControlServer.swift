internal import FoundationEssentials
internal import Logging
internal import NIOCore
internal import NIOPosix
internal import Topology

/// Serves the supervisor's Unix socket: each connection sends requests and gets events, a line of JSON each.
struct ControlServer {
    /// A spec of a thousand pods takes half a megabyte.
    static let longestLine = 64 << 20

    let supervisor: Supervisor
    let logger: Logger

    /// Accepts connections until the task is cancelled.
    ///
    /// - Parameter ready: called once the socket listens.
    func run(path: String, group: any EventLoopGroup, ready: @Sendable () -> Void) async throws {
        try StateFile.remove(path)
        let listener = try await ServerBootstrap(group: group)
            .bind(unixDomainSocketPath: path) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(
                        ByteToMessageHandler(LineDecoder(), maximumBufferSize: Self.longestLine))
                    return try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        ready()
        try await withThrowingDiscardingTaskGroup { group in
            try await listener.executeThenClose { connections in
                for try await connection in connections {
                    group.addTask { await serve(connection) }
                }
            }
        }
    }

    private func serve(_ connection: NIOAsyncChannel<ByteBuffer, ByteBuffer>) async {
        do {
            try await connection.executeThenClose { lines, output in
                let cancellation = Cancellation()
                try await withThrowingDiscardingTaskGroup { group in
                    var isSpecNext = false
                    for try await line in lines {
                        if isSpecNext {
                            isSpecNext = false
                            let spec = try RequestedSpec(Array(line.readableBytesView))
                            group.addTask { try await up(spec, cancellation, output) }
                            continue
                        }
                        let request = try JSONDecoder().decode(ControlRequest.self, from: Data(line.readableBytesView))
                        switch request {
                        case .cancel: cancellation.cancel()
                        case .status: try await send(.status(await supervisor.statuses()), output)
                        case .components: try await send(.components(await supervisor.components()), output)
                        case .up: isSpecNext = true
                        }
                    }
                }
            }
        } catch {
            logger.debug("a connection ended: \(error)")
        }
        // The command line has read its answer, or is gone.
        await supervisor.connectionDidEnd()
    }

    private func up(
        _ spec: RequestedSpec, _ cancellation: Cancellation, _ output: NIOAsyncChannelOutboundWriter<ByteBuffer>
    ) async throws {
        let (events, continuation) = AsyncStream.makeStream(
            of: ControlEvent.self, bufferingPolicy: .bufferingNewest(16))
        async let result = supervisor.up(spec.spec, encoded: spec.encoded, cancellation: cancellation) {
            continuation.yield($0)
        }
        let forwarding = Task {
            for await event in events { try await send(event, output) }
        }
        let last = await result
        continuation.finish()
        _ = await forwarding.result
        // The command line may have been killed meanwhile.
        try await send(last, output)
    }

    private func send(_ event: ControlEvent, _ output: NIOAsyncChannelOutboundWriter<ByteBuffer>) async throws {
        try await output.write(ByteBuffer(bytes: try JSONEncoder().encode(event) + [UInt8(ascii: "\n")]))
    }
}

/// A spec with the bytes that it came in.
private struct RequestedSpec: Sendable {
    let spec: LabSpec
    let encoded: [UInt8]

    init(_ line: [UInt8]) throws {
        encoded = line
        spec = try JSONDecoder().decode(LabSpec.self, from: Data(line))
    }
}

/// Splits a stream into lines.
private struct LineDecoder: ByteToMessageDecoder {
    typealias InboundOut = ByteBuffer
    private var scanned = 0

    mutating func decode(context: ChannelHandlerContext, buffer: inout ByteBuffer) throws -> DecodingState {
        let view = buffer.readableBytesView
        guard let end = view.dropFirst(scanned).firstIndex(of: UInt8(ascii: "\n")) else {
            scanned = view.count
            return .needMoreData
        }
        scanned = 0
        guard let line = buffer.readSlice(length: end - view.startIndex) else { return .needMoreData }
        buffer.moveReaderIndex(forwardBy: 1)
        context.fireChannelRead(wrapInboundOut(line))
        return .continue
    }
}
