import NIOCore
import NIOHTTP1
import NIOPosix

/// One try of a dial, on a socket that is connecting.
struct DialAttempt: Sendable {
    let request: DialRequest
    let limits: BuiltinServerLimits
    let loop: any EventLoop

    /// Waits for the reply. The socket is closed when this returns.
    func reply(on fileDescriptor: Int32) async throws(DialFailure) -> ByteBuffer {
        let promise = loop.makePromise(of: ByteBuffer.self)
        let channel: any Channel
        do {
            channel = try await adopt(fileDescriptor, promise).get()
        } catch {
            promise.fail(error)
            throw DialFailure(error)
        }
        let overdue = loop.scheduleTask(in: limits.dialTry) {
            promise.fail(DialFailure("no reply within \(limits.dialTry.nanoseconds / 1_000_000) ms"))
        }
        let result = await withTaskCancellationHandler {
            do {
                return Result<ByteBuffer, DialFailure>.success(try await promise.futureResult.get())
            } catch {
                return .failure(DialFailure(error))
            }
        } onCancel: {
            promise.fail(DialFailure("the client left"))
        }
        overdue.cancel()
        channel.close(promise: nil)
        do {
            try await channel.closeFuture.get()
        } catch {
            throw DialFailure(error)
        }
        return try result.get()
    }

    private func adopt(_ fileDescriptor: Int32, _ promise: EventLoopPromise<ByteBuffer>) -> EventLoopFuture<any Channel>
    {
        switch request.conversation {
        case .udp:
            DatagramBootstrap(group: loop)
                .channelOption(
                    .recvAllocator,
                    value: FixedSizeRecvByteBufferAllocator(capacity: DatagramWorkloadHandler.largestDatagram)
                )
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandler(DatagramReplyHandler(promise))
                    }
                }
                .withBoundSocket(fileDescriptor)
        case .tcp:
            ClientBootstrap(group: loop).channelOption(.allowRemoteHalfClosure, value: true)
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        let handler = StreamReplyHandler(request.request, promise, mostBytes: limits.dialReplyBytes)
                        try channel.pipeline.syncOperations.addHandler(handler)
                    }
                }
                .withConnectedSocket(fileDescriptor)
        case .http:
            ClientBootstrap(group: loop)
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHTTPClientHandlers()
                        let handler = HTTPReplyHandler(request, promise, mostBytes: limits.dialReplyBytes)
                        try channel.pipeline.syncOperations.addHandler(handler)
                    }
                }
                .withConnectedSocket(fileDescriptor)
        }
    }
}
