internal import KubernetesModel
internal import NIOCore
internal import NIOPosix

/// A connection to a port of a pod, for one of a client's streams.
struct PodForward: Sendable {
    let runtime: any PodRuntime
    let pod: ObjectKey
    let eventLoop: any EventLoop

    /// Connects, and passes bytes on until the pod has ended the connection or the task is cancelled. The end of the input
    /// ends that direction only.
    ///
    /// - Throws: `APIStatus` where there is no connection, others where it is cut.
    func run(
        port: UInt16, input: ForwardQueue, output: @escaping @Sendable (ByteBuffer) async throws -> Void
    ) async throws {
        defer { input.abandon() }
        let connection = try await open(port)
        try await withTaskCancellationHandler {
            try await connection.executeThenClose { inbound, outbound in
                let feeding = Task {
                    while let bytes = await input.next() { try await outbound.write(bytes) }
                    outbound.finish()
                }
                defer {
                    input.abandon()
                    feeding.cancel()
                }
                for try await bytes in inbound { try await output(bytes) }
            }
        } onCancel: {
            connection.channel.close(promise: nil)
        }
    }

    private func open(_ port: UInt16) async throws -> NIOAsyncChannel<ByteBuffer, ByteBuffer> {
        let descriptor = try await runtime.connect(to: pod, port: port)
        return try await ClientBootstrap(group: eventLoop)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .withConnectedSocket(descriptor) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel(
                        wrappingChannelSynchronously: channel, configuration: .init(isOutboundHalfClosureEnabled: true))
                }
            }
    }
}
