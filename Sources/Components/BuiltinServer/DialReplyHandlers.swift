import NIOCore
import NIOHTTP1

/// Takes the first datagram that comes back.
final class DatagramReplyHandler: ChannelInboundHandler {
    typealias InboundIn = AddressedEnvelope<ByteBuffer>

    private let promise: EventLoopPromise<ByteBuffer>

    init(_ promise: EventLoopPromise<ByteBuffer>) {
        self.promise = promise
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        promise.succeed(unwrapInboundIn(data).data)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        promise.fail(error)
    }

    func channelInactive(context: ChannelHandlerContext) {
        promise.fail(ChannelError.eof)
    }
}

/// Sends bytes and the end of the stream, and takes what comes until the peer ends it too.
final class StreamReplyHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let request: [UInt8]
    private let promise: EventLoopPromise<ByteBuffer>
    private let mostBytes: Int
    private var reply = ByteBuffer()
    private var isSent = false

    init(_ request: [UInt8], _ promise: EventLoopPromise<ByteBuffer>, mostBytes: Int) {
        self.request = request
        self.promise = promise
        self.mostBytes = mostBytes
    }

    func channelActive(context: ChannelHandlerContext) {
        let written = context.eventLoop.makePromise(of: Void.self)
        written.futureResult.assumeIsolated().whenComplete { [self] result in
            switch result {
            case .success:
                isSent = true
                context.close(mode: .output, promise: nil)
            case .failure(let error): promise.fail(error)
            }
        }
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: request)), promise: written)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var part = unwrapInboundIn(data)
        reply.writeBuffer(&part)
        if reply.readableBytes > mostBytes { promise.fail(DialFailure("the reply is larger than \(mostBytes) bytes")) }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case ChannelEvent.inputClosed = event, isSent { promise.succeed(reply) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        promise.fail(error)
    }

    func channelInactive(context: ChannelHandlerContext) {
        if isSent { promise.succeed(reply) } else { promise.fail(ChannelError.eof) }
    }
}

/// Makes a GET request and takes the response's body.
final class HTTPReplyHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    private let request: DialRequest
    private let promise: EventLoopPromise<ByteBuffer>
    private let mostBytes: Int
    private var body = ByteBuffer()

    init(_ request: DialRequest, _ promise: EventLoopPromise<ByteBuffer>, mostBytes: Int) {
        self.request = request
        self.promise = promise
        self.mostBytes = mostBytes
    }

    func channelActive(context: ChannelHandlerContext) {
        let headers: HTTPHeaders = [
            "Host": request.host.withPort(request.port), "User-Agent": "lab", "Connection": "close",
        ]
        let uri = "/" + PercentEncoding.encode(request.request)
        let head = HTTPRequestHead(version: .http1_1, method: .GET, uri: uri, headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        let written = context.eventLoop.makePromise(of: Void.self)
        written.futureResult.cascadeFailure(to: promise)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: written)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head: break
        case .body(var part):
            body.writeBuffer(&part)
            if body.readableBytes > mostBytes {
                promise.fail(DialFailure("the reply is larger than \(mostBytes) bytes"))
            }
        case .end:
            promise.succeed(body)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        promise.fail(error)
    }

    func channelInactive(context: ChannelHandlerContext) {
        promise.fail(ChannelError.eof)
    }
}
