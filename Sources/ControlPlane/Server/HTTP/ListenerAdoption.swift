internal import Glibc
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import NIOSSL

/// Gives one socket to an event loop, with what answers on it.
struct ListenerAdoption: Sendable {
    let group: any EventLoopGroup
    let service: RequestService
    let connections: ListenerConnections
    let listener: APIServer.Listener
    let tls: NIOSSLContext?

    /// The socket's channel, once it is served.
    func channel(_ descriptor: Int32) async throws -> any Channel {
        var bootstrap = ServerBootstrap(group: group)
            .serverChannelInitializer { [connections] channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandlers([
                        AcceptBackoffHandler(shouldForwardIOErrorCaught: false), ConnectionAdmission(connections),
                    ])
                }
            }
            .serverChannelOption(.backlog, value: 1024)
            // A client that pipelines gets no more than this before the event loop turns to the others.
            .childChannelOption(.maxMessagesPerRead, value: 1)
            .childChannelOption(
                .recvAllocator, value: AdaptiveRecvByteBufferAllocator(minimum: 1024, initial: 4096, maximum: 64 * 1024)
            )
            .childChannelInitializer { [self] channel in
                if listener == .unix { return admitRoot(channel) }
                return channel.eventLoop.makeCompletedFuture { try addHandlers(to: channel.pipeline.syncOperations) }
            }
        if listener == .tls { bootstrap = bootstrap.childChannelOption(.tcpOption(.tcp_nodelay), value: 1) }
        return try await bootstrap.withBoundSocket(descriptor).get()
    }

    /// Whoever can open the socket's file is asked for by the kernel once more: it may lie where others can see it.
    private func admitRoot(_ channel: any Channel) -> EventLoopFuture<Void> {
        guard let socket = channel as? any SocketOptionProvider else {
            return channel.eventLoop.makeFailedFuture(ChannelError.operationUnsupported)
        }
        let peer: EventLoopFuture<PeerCredentials> = socket.unsafeGetSocketOption(
            level: .socket, name: .init(rawValue: SO_PEERCRED))
        return peer.flatMapThrowing { peer in
            guard peer.uid == 0 || peer.uid == geteuid() else { throw ChannelError.operationUnsupported }
            try addHandlers(to: channel.pipeline.syncOperations)
        }
    }

    private func addHandlers(to pipeline: ChannelPipeline.SynchronousOperations) throws {
        if let tls { try pipeline.addHandler(NIOSSLServerHandler(context: tls)) }
        var decoding = NIOHTTPDecoderLimitConfiguration()
        decoding.maxHeaderFieldSize = service.limits.headerBytes
        decoding.maxHeaderListSize = service.limits.headerBytes
        let decoder = HTTPRequestDecoder(leftOverBytesStrategy: .forwardBytes, limitConfiguration: decoding)
        let names = ConnectionHandler.httpHandlers
        try pipeline.addHandler(HTTPResponseEncoder(), name: names.encoder)
        try pipeline.addHandler(ByteToMessageHandler(decoder), name: names.decoder)
        try pipeline.addHandler(HTTPServerPipelineHandler(), name: names.pipelining)
        try pipeline.addHandler(ConnectionHandler(service: service, access: listener == .unix ? .root : .token))
    }
}

/// Who made a Unix connection (struct ucred of unix(7)).
private struct PeerCredentials: Sendable {
    var process: Int32 = 0
    var uid: UInt32 = 0
    var gid: UInt32 = 0
}

/// Looks at a descriptor before NIO gets it: NIO traps on some of those that it cannot serve.
struct ServerSocket {
    let descriptor: Int32

    func check(_ listener: APIServer.Listener) throws(APIServerError) {
        let expected = listener == .unix ? "a bound Unix stream socket" : "a bound TCP socket"
        let families = listener == .unix ? [AF_UNIX] : [AF_INET, AF_INET6]
        guard option(SO_TYPE) == Int32(SOCK_STREAM.rawValue), let family = option(SO_DOMAIN), families.contains(family)
        else { throw .unsuitable(descriptor: descriptor, expected: expected) }
    }

    private func option(_ name: Int32) -> Int32? {
        var value: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        return getsockopt(descriptor, SOL_SOCKET, name, &value, &length) == 0 ? value : nil
    }

    func close() { _ = Glibc.close(descriptor) }
}
