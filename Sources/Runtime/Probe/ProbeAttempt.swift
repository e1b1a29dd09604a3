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

    /// Connects. In a lab the answer comes within microseconds or never, so that it is looked for and not waited on.
    ///
    /// - Throws: `ProbeFailure` where nobody answers in time.
    func connect(on descriptor: Int32) async throws(ProbeFailure) {
        defer { close(descriptor) }
        try begin(descriptor)
        let deadline = NIODeadline.now() + timeout
        var pause = Duration.microseconds(200)
        while true {
            var ready = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
            if poll(&ready, 1, 0) > 0 {
                var status: Int32 = 0
                var size = socklen_t(MemoryLayout<Int32>.size)
                getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &status, &size)
                guard status == 0 else { throw refusal(status) }
                return
            }
            guard NIODeadline.now() < deadline else { throw overdue }
            do { try await Task.sleep(for: pause) } catch { throw overdue }
            pause = min(pause * 2, .milliseconds(50))
        }
    }

    private var overdue: ProbeFailure { ProbeFailure("dial tcp \(address.withPort(port)): i/o timeout") }

    private func refusal(_ status: Int32) -> ProbeFailure {
        ProbeFailure("dial tcp \(address.withPort(port)): connect: \(String(cString: strerror(status)).lowercased())")
    }

    /// Begins to connect, without waiting.
    private func begin(_ descriptor: Int32) throws(ProbeFailure) {
        let status = SocketAddress(address, port).withPointer { Glibc.connect(descriptor, $0, $1) == 0 ? 0 : errno }
        guard status == 0 || status == EINPROGRESS else { throw refusal(status) }
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
        do throws(ProbeFailure) { try begin(descriptor) } catch {
            close(descriptor)
            promise.succeed(())
            throw error
        }
        let overdue = loop.scheduleTask(in: timeout) {
            promise.fail(self.overdue)
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
