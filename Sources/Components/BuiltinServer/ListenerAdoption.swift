import Glibc
import Logging
import NIOCore
import NIOHTTP1
import NIOPosix

/// Gives one socket to an event loop, with what answers on it.
struct ListenerAdoption: Sendable {
    /// How many connections wait to be accepted; the kernel caps it at net.core.somaxconn of the socket's namespace.
    private static let backlog: Int32 = 1024

    let listener: WorkloadListener
    let group: any EventLoopGroup
    let limits: BuiltinServerLimits
    let connections: ListenerConnections
    let logger: Logger

    /// The socket's channel, once it is served.
    func channel() -> EventLoopFuture<any Channel> {
        switch listener.socket.transport {
        case .udp: datagramChannel()
        case .tcp, .sctp: serverChannel()
        }
    }

    private func serverChannel() -> EventLoopFuture<any Channel> {
        let descriptor = listener.socket.fileDescriptor
        return ServerBootstrap(group: group)
            .serverChannelInitializer { [connections] channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandlers([
                        AcceptBackoffHandler(shouldForwardIOErrorCaught: false), ConnectionAdmission(connections),
                    ])
                    // NIO listened once more, with a backlog of its own.
                    guard listen(descriptor, Self.backlog) == 0 else {
                        throw BuiltinServerError.systemCall("listen", fileDescriptor: descriptor, errno: errno)
                    }
                }
            }
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            // A client that pipelines gets no more than this before the event loop turns to the others.
            .childChannelOption(.maxMessagesPerRead, value: 1)
            .childChannelOption(
                .recvAllocator, value: AdaptiveRecvByteBufferAllocator(minimum: 1024, initial: 1024, maximum: 16 * 1024)
            )
            .childChannelInitializer { [self] channel in
                channel.eventLoop.makeCompletedFuture { try addHTTPHandlers(to: channel.pipeline.syncOperations) }
            }
            .withBoundSocket(descriptor)
    }

    private func addHTTPHandlers(to pipeline: ChannelPipeline.SynchronousOperations) throws {
        var decoding = NIOHTTPDecoderLimitConfiguration()
        decoding.maxHeaderFieldSize = limits.headerBytes
        decoding.maxHeaderListSize = limits.headerBytes
        try pipeline.addHandlers([
            HTTPResponseEncoder(),
            ByteToMessageHandler(HTTPRequestDecoder(leftOverBytesStrategy: .dropBytes, limitConfiguration: decoding)),
            HTTPServerPipelineHandler(),
            HTTPWorkloadHandler(
                endpoints: WorkloadEndpoints(identity: listener.identity, limits: limits),
                dialer: PodDialer(group: group, connector: listener.connector, limits: limits), connections: connections
            ),
        ])
    }

    private func datagramChannel() -> EventLoopFuture<any Channel> {
        let descriptor = listener.socket.fileDescriptor
        let allocator = FixedSizeRecvByteBufferAllocator(capacity: DatagramWorkloadHandler.largestDatagram)
        return DatagramBootstrap(group: group)
            .channelOption(.recvAllocator, value: allocator)
            .channelInitializer { [listener, logger] channel in
                channel.eventLoop.makeCompletedFuture {
                    let handler = DatagramWorkloadHandler(
                        identity: listener.identity, fileDescriptor: descriptor, logger: logger)
                    try channel.pipeline.syncOperations.addHandler(handler)
                }
            }
            .withBoundSocket(descriptor)
    }
}
