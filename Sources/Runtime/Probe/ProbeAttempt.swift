internal import Addressing
internal import Glibc
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import NetworkNamespaces

/// Why a probe's try has failed, in words for an event.
struct ProbeFailure: Error, Hashable, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// One try of a TCP or HTTP probe, on a socket that was opened on the pod's node.
struct ProbeAttempt: Sendable {
    let address: IPAddress
    let port: UInt16
    let timeout: TimeAmount
    let group: any EventLoopGroup

    /// Connects.
    ///
    /// - Throws: `ProbeFailure` where nobody answers in time.
    func connect(on descriptor: Int32) async throws(ProbeFailure) {
        let loop = group.any()
        let promise = loop.makePromise(of: Void.self)
        try await run(descriptor, promise, on: loop) { channel in
            try channel.pipeline.syncOperations.addHandler(ConnectHandler(promise))
        }
    }

    /// Asks for a path; a status from 200 to 399 is a success.
    ///
    /// - Throws: `ProbeFailure` for another status, or where nobody answers in time.
    func get(_ path: String, host: String?, headers: [Probe.Header], on descriptor: Int32) async throws(ProbeFailure) {
        let loop = group.any()
        let promise = loop.makePromise(of: Void.self)
        var fields = HTTPHeaders()
        for header in headers { fields.add(name: header.name, value: header.value) }
        if !fields.contains(name: "Host") { fields.add(name: "Host", value: host ?? address.withPort(port)) }
        if !fields.contains(name: "User-Agent") { fields.add(name: "User-Agent", value: "kube-probe/1.32") }
        if !fields.contains(name: "Accept") { fields.add(name: "Accept", value: "*/*") }
        fields.add(name: "Connection", value: "close")
        let head = HTTPRequestHead(version: .http1_1, method: .GET, uri: path, headers: fields)
        try await run(descriptor, promise, on: loop) { channel in
            try channel.pipeline.syncOperations.addHTTPClientHandlers()
            try channel.pipeline.syncOperations.addHandler(StatusHandler(head, promise))
        }
    }

    private func run(
        _ descriptor: Int32, _ promise: EventLoopPromise<Void>, on loop: any EventLoop,
        _ initialize: @escaping @Sendable (any Channel) throws -> Void
    ) async throws(ProbeFailure) {
        let status = SocketAddress(address, port).withPointer { Glibc.connect(descriptor, $0, $1) == 0 ? 0 : errno }
        guard status == 0 || status == EINPROGRESS else {
            close(descriptor)
            promise.succeed(())
            throw ProbeFailure("dial tcp \(address.withPort(port)): connect: \(String(cString: strerror(status)))")
        }
        let overdue = loop.scheduleTask(in: timeout) {
            promise.fail(ProbeFailure("dial tcp \(address.withPort(port)): i/o timeout"))
        }
        defer { overdue.cancel() }
        let channel: any Channel
        do {
            channel = try await ClientBootstrap(group: loop)
                .channelInitializer { channel in channel.eventLoop.makeCompletedFuture { try initialize(channel) } }
                .withConnectedSocket(descriptor).get()
        } catch {
            promise.fail(error)
            throw ProbeFailure("dial tcp \(address.withPort(port)): \(error)")
        }
        defer { channel.close(promise: nil) }
        do {
            try await promise.futureResult.get()
        } catch let failure as ProbeFailure {
            throw failure
        } catch {
            throw ProbeFailure("dial tcp \(address.withPort(port)): \(error)")
        }
    }
}

/// Tells when a socket that was connecting is connected: it can be written to.
private final class ConnectHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer
    private let promise: EventLoopPromise<Void>

    init(_ promise: EventLoopPromise<Void>) { self.promise = promise }

    func channelActive(context: ChannelHandlerContext) {
        // A write of nothing completes once the connection stands.
        context.writeAndFlush(wrapOutboundOut(ByteBuffer()), promise: promise)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        promise.fail(error)
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) { promise.fail(ChannelError.eof) }
}

/// Sends a request and judges the status of the answer.
private final class StatusHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart
    private let head: HTTPRequestHead
    private let promise: EventLoopPromise<Void>

    init(_ head: HTTPRequestHead, _ promise: EventLoopPromise<Void>) {
        self.head = head
        self.promise = promise
    }

    func channelActive(context: ChannelHandlerContext) {
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .head(let head) = unwrapInboundIn(data) else { return }
        if (200..<400).contains(head.status.code) {
            promise.succeed(())
        } else {
            promise.fail(ProbeFailure("HTTP probe failed with statuscode: \(head.status.code)"))
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        promise.fail(error)
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) { promise.fail(ChannelError.eof) }
}
