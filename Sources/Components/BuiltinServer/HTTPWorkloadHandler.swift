import Addressing
import NIOCore
import NIOHTTP1
import Topology

/// Answers the requests of one connection, one after the other.
///
/// The pipeline before it (`HTTPServerPipelineHandler`) holds back a pipelined request until the `.end` of the response
/// before has been written. Here that `.end` waits for a client that does not read, so that what one connection
/// can make the server hold is bounded.
final class HTTPWorkloadHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private enum Phase {
        /// A request is being read, or none has begun.
        case reading
        /// A request is whole and waits for its turn on the stack.
        case whole
        /// A dial is being made for it.
        case dialing
        /// The response is written but for its end, because the client does not read.
        case stalled
        /// The last response is written; what still comes is dropped until the connection is closed.
        case lingering
    }

    private let endpoints: WorkloadEndpoints
    private let dialer: PodDialer
    private let connections: ListenerConnections
    private var phase = Phase.reading
    private var head: HTTPRequestHead?
    private var bodyLength = 0
    private var keepsAlive = true
    private var isAnswering = false
    private var isInactive = false
    private var progressed = NIODeadline.now()
    private var check: Scheduled<Void>?
    private var dial: Task<Void, Never>?

    init(endpoints: WorkloadEndpoints, dialer: PodDialer, connections: ListenerConnections) {
        self.endpoints = endpoints
        self.dialer = dialer
        self.connections = connections
    }

    private var limits: BuiltinServerLimits { endpoints.limits }

    // MARK: The connection

    func channelActive(context: ChannelHandlerContext) {
        progressed = .now()
        scheduleCheck(context)
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        isInactive = true
        check?.cancel()
        dial?.cancel()
        context.fireChannelInactive()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable, phase == .stalled { endResponse(context) }
        context.fireChannelWritabilityChanged()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let error = error as? HTTPParserError, phase == .reading else { return context.close(promise: nil) }
        let isTooLarge = error == .headerOverflow
        keepsAlive = false
        respond(
            context, .text("\(error)", status: isTooLarge ? .requestHeaderFieldsTooLarge : .badRequest))
    }

    /// Closes a connection that made no progress for too long. A dial has its own time.
    private func scheduleCheck(_ context: ChannelHandlerContext) {
        check = context.eventLoop.assumeIsolated().scheduleTask(deadline: progressed + limits.idle) { [self] in
            if phase == .dialing { progressed = .now() }
            if NIODeadline.now() - progressed >= limits.idle {
                context.close(promise: nil)
            } else {
                scheduleCheck(context)
            }
        }
    }

    // MARK: Requests

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard phase == .reading else { return }
        switch unwrapInboundIn(data) {
        case .head(let head): begin(head, context)
        case .body(let part): addBody(part.readableBytes, context)
        case .end:
            phase = .whole
            answerWholeRequests(context)
        }
    }

    private func begin(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        self.head = head
        bodyLength = 0
        progressed = .now()
        // The decoder takes what follows an upgrade or a tunnel for another protocol.
        keepsAlive = head.isKeepAlive && head.method != .CONNECT && !head.headers.contains(name: "upgrade")
        if let length = head.headers.first(name: "content-length").flatMap(Int.init), length > limits.bodyBytes {
            refuseBody(context)
        } else if head.headers[canonicalForm: "expect"].contains(where: { $0.lowercased() == "100-continue" }) {
            context.writeAndFlush(
                wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: .continue))), promise: nil)
        }
    }

    private func addBody(_ bytes: Int, _ context: ChannelHandlerContext) {
        bodyLength += bytes
        if bodyLength > limits.bodyBytes { refuseBody(context) }
    }

    private func refuseBody(_ context: ChannelHandlerContext) {
        keepsAlive = false
        respond(context, .text("a body may have \(limits.bodyBytes) bytes", status: .payloadTooLarge))
    }

    /// Ending a response makes the pipeline deliver the next request at once, from inside the write. It is answered
    /// here after that write has returned: thousands of pipelined requests must not pile up on the stack.
    private func answerWholeRequests(_ context: ChannelHandlerContext) {
        guard !isAnswering else { return }
        isAnswering = true
        while phase == .whole { answer(context) }
        isAnswering = false
    }

    private func answer(_ context: ChannelHandlerContext) {
        guard let head, let flow = flow(of: context.channel) else { return context.close(promise: nil) }
        progressed = .now()
        switch endpoints.outcome(of: head, length: bodyLength, flow: flow) {
        case .answer(let answer): respond(context, answer)
        case .dial(let request): start(request, context)
        }
    }

    private func flow(of channel: any Channel) -> ObservedFlow? {
        guard let source = channel.remoteAddress?.endpoint, let destination = channel.localAddress?.endpoint else {
            return nil
        }
        return ObservedFlow(
            transport: .tcp, source: source.address, sourcePort: source.port, destination: destination.address,
            destinationPort: destination.port)
    }

    // MARK: Dials

    private func start(_ request: DialRequest, _ context: ChannelHandlerContext) {
        phase = .dialing
        let bound = NIOLoopBound((handler: self, context: context), eventLoop: context.eventLoop)
        let loop = context.eventLoop
        dial = connections.run { [dialer] in
            let result = await dialer.dial(request)
            loop.execute { bound.value.handler.finish(result, bound.value.context) }
        }
    }

    private func finish(_ result: DialResult, _ context: ChannelHandlerContext) {
        dial = nil
        guard !isInactive, phase == .dialing else { return }
        progressed = .now()
        respond(context, .json(result.json))
        answerWholeRequests(context)
    }

    // MARK: Responses

    private func respond(_ context: ChannelHandlerContext, _ answer: HTTPAnswer) {
        var response = HTTPResponseHead(version: head?.version ?? .http1_1, status: answer.status)
        if answer.mayHaveBody {
            response.headers.add(name: "Content-Type", value: answer.contentType)
            response.headers.add(name: "Content-Length", value: String(answer.body.count))
        }
        if !keepsAlive {
            response.headers.add(name: "Connection", value: "close")
        } else if response.version.minor == 0 {
            response.headers.add(name: "Connection", value: "keep-alive")
        }
        context.write(wrapOutboundOut(.head(response)), promise: nil)
        if answer.mayHaveBody, head?.method != .HEAD, !answer.body.isEmpty {
            context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: answer.body)))), promise: nil)
        }
        context.flush()
        if context.channel.isWritable || !keepsAlive { endResponse(context) } else { phase = .stalled }
    }

    private func endResponse(_ context: ChannelHandlerContext) {
        progressed = .now()
        head = nil
        guard keepsAlive else { return endConnection(context) }
        phase = .reading
        let wasAnswering = isAnswering
        isAnswering = true
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        isAnswering = wasAnswering
        answerWholeRequests(context)
    }

    /// Ends the stream behind the response, and closes once the client had time to read it.
    private func endConnection(_ context: ChannelHandlerContext) {
        phase = .lingering
        check?.cancel()
        let bound = context.loopBound
        let linger = limits.linger
        let idle = limits.idle
        let overdue = context.eventLoop.assumeIsolated().scheduleTask(in: idle) { context.close(promise: nil) }
        check = overdue
        context.writeAndFlush(wrapOutboundOut(.end(nil))).assumeIsolated().whenSuccess { [self] in
            guard !isInactive else { return }
            overdue.cancel()
            let context = bound.value
            context.close(mode: .output, promise: nil)
            check = context.eventLoop.assumeIsolated().scheduleTask(in: linger) { context.close(promise: nil) }
        }
    }
}
