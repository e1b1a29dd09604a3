internal import KubernetesModel
internal import NIOCore
internal import NIOHTTP1
internal import NIOSSL
internal import NIOWebSocket

/// Reads the requests of one connection, one after the other, has each answered, and writes what is answered as fast as
/// the client takes it.
///
/// The pipeline before it (`HTTPServerPipelineHandler`) holds back a pipelined request until the `.end` of the answer
/// before has been written. Here that `.end` waits for a client that does not read, so that what one connection
/// can make the server hold is bounded.
final class ConnectionHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private enum Phase {
        /// Between two requests.
        case idle
        /// A request's body is being read.
        case receiving
        /// A request is being answered.
        case answering
        /// All is written but the answer's end, because the client does not read.
        case stalled
        /// The last answer is written; what still comes is dropped until the connection is closed.
        case lingering
        /// Another protocol has taken over.
        case upgraded
    }

    private let service: RequestService
    private let access: Access
    var limits: ServerLimits { service.limits }

    private var context: ChannelHandlerContext?
    private var phase = Phase.idle
    private var incoming: IncomingRequest?
    private var keepsAlive = true
    private var isHead = false
    private var isEndless = false
    private var version = HTTPVersion.http1_1
    private var task: Task<Void, Never>?
    private var waiting: CheckedContinuation<Void, any Error>?
    private var timer: Scheduled<Void>?

    init(service: RequestService, access: Access) {
        self.service = service
        self.access = access
    }

    // MARK: The connection

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        if context.channel.isActive { setTimer(limits.firstHead) }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        timer?.cancel()
        self.context = nil
    }

    func channelActive(context: ChannelHandlerContext) {
        setTimer(limits.firstHead)
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        timer?.cancel()
        task?.cancel()
        incoming?.abandon()
        incoming = nil
        waiting?.resume(throwing: ChannelError.ioOnClosedChannel)
        waiting = nil
        self.context = nil
        context.fireChannelInactive()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable {
            if let continuation = waiting {
                timer?.cancel()
                waiting = nil
                continuation.resume()
            } else if phase == .stalled {
                endAnswer()
            }
        }
        context.fireChannelWritabilityChanged()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        keepsAlive = false
        guard let error = error as? HTTPParserError else { return context.close(promise: nil) }
        guard phase == .idle || phase == .receiving else { return }
        let isTooLarge = error == .headerOverflow
        incoming?.abandon()
        incoming = nil
        send(.text("\(error)\n", isTooLarge ? .requestHeaderFieldsTooLarge : .badRequest))
    }

    private func setTimer(_ time: TimeAmount) {
        timer?.cancel()
        timer = context?.eventLoop.assumeIsolated().scheduleTask(in: time) { [weak self] in
            self?.context?.close(promise: nil)
        }
    }

    // MARK: Requests

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head) where phase == .idle: begin(head, context)
        case .body(let part) where phase == .receiving: receive(part)
        case .end where phase == .receiving: finishRequest(context)
        default: break
        }
    }

    private func begin(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        phase = .receiving
        version = head.version
        isHead = head.method == .HEAD
        // The decoder takes what follows an upgrade or a tunnel for another protocol.
        keepsAlive = head.isKeepAlive && head.method != .CONNECT && !head.headers.contains(name: "upgrade")
        setTimer(limits.body)
        let incoming = IncomingRequest(head, service: service, access: access)
        self.incoming = incoming
        if let refusal = incoming.refusalOfHead {
            refuse(refusal)
        } else if head.headers[canonicalForm: "expect"].contains(where: { $0.lowercased() == "100-continue" }) {
            let proceed = HTTPResponseHead(version: .http1_1, status: .continue)
            context.writeAndFlush(wrapOutboundOut(.head(proceed)), promise: nil)
        }
    }

    private func receive(_ part: ByteBuffer) {
        if let refusal = incoming?.receive(part) { refuse(refusal) }
    }

    /// Answers before the request is whole; what follows of it is not read.
    private func refuse(_ status: APIStatus) {
        incoming?.abandon()
        incoming = nil
        keepsAlive = false
        send(.refusal(status))
    }

    private func finishRequest(_ context: ChannelHandlerContext) {
        guard let incoming else { return }
        self.incoming = nil
        timer?.cancel()
        phase = .answering
        let loop = context.eventLoop
        let connection = NIOLoopBound(self, eventLoop: loop)
        let request = incoming.whole()
        task = Task { [service] in
            let answer = await service.answer(request)
            loop.execute { connection.value.send(answer) }
        }
    }

    // MARK: Answers

    /// Writes an answer, or begins to.
    private func send(_ answer: Answer) {
        guard let context else { return }
        if case .webSocket(let run) = answer.content {
            phase = .upgraded
            timer?.cancel()
            return upgrade(answer, run, context)
        }
        phase = .answering
        var head = HTTPResponseHead(version: version, status: answer.status, headers: answer.headers)
        head.headers.replaceOrAdd(name: "Cache-Control", value: "no-cache, private")
        if !keepsAlive {
            head.headers.add(name: "Connection", value: "close")
        } else if version.minor == 0 {
            head.headers.add(name: "Connection", value: "keep-alive")
        }
        switch answer.content {
        case .whole(let body):
            head.headers.add(name: "Content-Length", value: String(body.readableBytes))
            context.write(wrapOutboundOut(.head(head)), promise: nil)
            if !isHead, body.readableBytes > 0 {
                context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
            }
            finishAnswer()
        case .pieces(let isEndless, let write):
            if version.minor == 0 { keepsAlive = false }
            self.isEndless = isEndless
            context.writeAndFlush(wrapOutboundOut(.head(head)), promise: nil)
            if isHead { finishAnswer() } else { sendPieces(write, context) }
        case .webSocket: break
        }
    }

    private func sendPieces(
        _ write: @escaping @Sendable (AnswerBody) async throws -> Void, _ context: ChannelHandlerContext
    ) {
        let loop = context.eventLoop
        let connection = NIOLoopBound(self, eventLoop: loop)
        task = Task {
            do {
                try await write(AnswerBody(eventLoop: loop, connection: connection))
                loop.execute { connection.value.finishAnswer() }
            } catch {
                // The client sees that the answer is not whole.
                loop.execute { connection.value.cut() }
            }
        }
    }

    /// Writes a piece; whoever waits goes on when the client has room for more.
    func write(_ piece: ByteBuffer, _ continuation: CheckedContinuation<Void, any Error>) {
        guard let context, phase == .answering else {
            return continuation.resume(throwing: ChannelError.ioOnClosedChannel)
        }
        context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(piece))), promise: nil)
        // The write may have found the connection closed.
        guard self.context != nil else { return continuation.resume(throwing: ChannelError.ioOnClosedChannel) }
        if context.channel.isWritable { return continuation.resume() }
        waiting = continuation
        if !isEndless { setTimer(limits.write) }
    }

    /// Ends the connection at once.
    func cut() {
        context?.close(promise: nil)
    }

    private func finishAnswer() {
        guard let context, phase == .answering else { return }
        context.flush()
        if context.channel.isWritable || !keepsAlive {
            endAnswer()
        } else {
            phase = .stalled
            setTimer(limits.write)
        }
    }

    private func endAnswer() {
        guard let context else { return }
        timer?.cancel()
        task = nil
        guard keepsAlive else { return endConnection(context) }
        phase = .idle
        setTimer(limits.nextHead)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }

    /// Ends the stream behind the answer, and closes once the client had time to read it.
    private func endConnection(_ context: ChannelHandlerContext) {
        phase = .lingering
        setTimer(limits.write)
        context.writeAndFlush(wrapOutboundOut(.end(nil))).assumeIsolated().whenSuccess { [self] in
            guard let context = self.context else { return }
            context.close(mode: .output, promise: nil)
            setTimer(limits.linger)
        }
    }
}
