internal import KubernetesModel
internal import NIOCore
internal import NIOPosix

/// The standard streams of a program, on an event loop. Each is used once, by `executeThenClose`.
struct ProcessPipes: Sendable {
    /// Standard output, or nil where it cannot be read.
    let output: NIOAsyncChannel<ByteBuffer, Never>?
    /// Standard error, or nil where the program has none of its own.
    let error: NIOAsyncChannel<ByteBuffer, Never>?
    /// Standard input, or nil where it gets none.
    let input: NIOAsyncChannel<Never, ByteBuffer>?

    /// Takes the descriptors of a program.
    init(_ process: ContainerProcess, on eventLoop: any EventLoop) async {
        output = await Self.reading(process.output, eventLoop)
        error = await Self.reading(process.error, eventLoop)
        input = await Self.writing(process.input, eventLoop)
    }

    /// A descriptor to write to, which passes to the channel.
    static func writing(
        _ descriptor: Int32?, _ eventLoop: any EventLoop
    ) async -> NIOAsyncChannel<Never, ByteBuffer>? {
        guard let descriptor else { return nil }
        return try? await NIOPipeBootstrap(group: eventLoop).takingOwnershipOfDescriptor(output: descriptor) {
            channel in
            channel.eventLoop.makeCompletedFuture { try NIOAsyncChannel(wrappingChannelSynchronously: channel) }
        }
    }

    private static func reading(
        _ descriptor: Int32?, _ eventLoop: any EventLoop
    ) async -> NIOAsyncChannel<ByteBuffer, Never>? {
        guard let descriptor else { return nil }
        return try? await NIOPipeBootstrap(group: eventLoop).takingOwnershipOfDescriptor(input: descriptor) { channel in
            channel.eventLoop.makeCompletedFuture { try NIOAsyncChannel(wrappingChannelSynchronously: channel) }
        }
    }

    /// Reads no more output; whoever reads it comes to its end.
    func closeOutputs() {
        output?.channel.close(promise: nil)
        error?.channel.close(promise: nil)
    }

    /// Closes everything.
    func close() {
        input?.channel.close(promise: nil)
        closeOutputs()
    }
}

/// Whether output still comes.
actor OutputProgress {
    private var pieces = 0
    private var sending = 0

    /// Sends a stream's output as it comes, until it ends or the client has gone.
    nonisolated func pump(
        _ pipe: NIOAsyncChannel<ByteBuffer, Never>?, to writer: ChannelWriter, _ stream: UInt8
    ) async {
        guard let pipe else { return }
        // A terminal's end is an error of reading.
        try? await pipe.executeThenClose { inbound in
            for try await bytes in inbound {
                await self.begin()
                try await writer.send(stream, bytes)
                await self.end()
            }
        }
    }

    private func begin() {
        pieces += 1
        sending += 1
    }

    private func end() { sending -= 1 }

    /// Waits until nothing has come for a while, apart from what the client has not taken yet. Cancelling ends the wait.
    func untilQuiet() async {
        var seen = -1
        while pieces != seen || sending > 0 {
            seen = pieces
            guard (try? await Task.sleep(for: .milliseconds(300))) != nil else { return }
        }
    }
}
