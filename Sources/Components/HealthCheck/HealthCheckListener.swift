public import NIOCore
internal import NIOHTTP1
internal import NIOPosix
public import ServiceProxy
internal import Synchronization

/// Answers on the healthCheckNodePort of one Service on one node: any request, with what is known at that moment.
public final class HealthCheckListener: Sendable {
    private static let largestNumberOfConnections = 256
    /// Balancers ask every few seconds; a connection that is silent for so long is of no use to them.
    private static let idle = TimeAmount.seconds(30)

    private let current: CurrentHealthCheck
    private let channel: any Channel
    private let connections: ListenerConnections

    private init(_ current: CurrentHealthCheck, _ channel: any Channel, _ connections: ListenerConnections) {
        self.current = current
        self.channel = channel
        self.connections = connections
    }

    /// Serves a listening TCP socket on an event loop of NIOPosix. The descriptor is the listener's from the call on, also
    /// when this throws.
    ///
    /// - Throws: what keeps the event loop from taking the socket.
    public static func serve(
        _ descriptor: Int32, _ check: HealthCheck, group: any EventLoopGroup
    ) async throws -> HealthCheckListener {
        let current = CurrentHealthCheck(check)
        let connections = ListenerConnections(
            limit: largestNumberOfConnections, budget: ConnectionBudget(limit: largestNumberOfConnections))
        let channel = try await ServerBootstrap(group: group)
            .serverChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandlers([
                        AcceptBackoffHandler(shouldForwardIOErrorCaught: false), ConnectionAdmission(connections),
                    ])
                }
            }
            .childChannelOption(.maxMessagesPerRead, value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandlers([
                        IdleStateHandler(allTimeout: idle), HealthCheckHandler(current),
                    ])
                }
            }
            .withBoundSocket(descriptor).get()
        return HealthCheckListener(current, channel, connections)
    }

    /// Says something else from now on.
    public func update(_ check: HealthCheck) { current.value.withLock { $0 = check } }

    /// Closes the socket and its connections, and returns when none of their descriptors is left.
    public func close() async {
        channel.close(promise: nil)
        _ = await channel.closeFuture.result()
        await connections.close()
    }
}

/// What is answered now, for the connections of a listener.
private final class CurrentHealthCheck: Sendable {
    let value: Mutex<HealthCheck>

    init(_ check: HealthCheck) { value = Mutex(check) }
}

/// Answers the requests of one connection.
private final class HealthCheckHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let current: CurrentHealthCheck
    private var head: HTTPRequestHead?

    init(_ current: CurrentHealthCheck) { self.current = current }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): self.head = head
        case .body: break
        case .end:
            guard let head else { return }
            answer(head, context)
        }
    }

    private func answer(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        let check = current.value.withLock { $0 }
        let body = Array(check.body.utf8)
        var response = HTTPResponseHead(version: head.version, status: check.status)
        response.headers = [
            "content-type": "application/json", "content-length": String(body.count),
            "x-content-type-options": "nosniff", "x-load-balancing-endpoint-weight": String(check.localEndpoints),
        ]
        if !head.isKeepAlive { response.headers.add(name: "connection", value: "close") }
        context.write(wrapOutboundOut(.head(response)), promise: nil)
        if head.method != .HEAD {
            context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: body)))), promise: nil)
        }
        let isLast = !head.isKeepAlive
        let channel = context.channel
        context.writeAndFlush(wrapOutboundOut(.end(nil))).whenComplete { _ in if isLast { channel.close(promise: nil) }
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is IdleStateHandler.IdleStateEvent {
            context.close(promise: nil)
        } else {
            context.fireUserInboundEventTriggered(event)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
