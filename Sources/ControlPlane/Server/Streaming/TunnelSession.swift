internal import KubernetesModel
internal import NIOCore
internal import NIOWebSocket

/// Connections to ports of a pod, as kubectl from 1.31 on makes them: SPDY/3.1 inside a WebSocket, for each connection a
/// stream for an error and one for its bytes, told together by a number of the client's.
struct TunnelSession: Sendable {
    /// The protocol's name in the WebSocket handshake.
    static let subprotocol = "SPDY/3.1+portforward.k8s.io"
    /// The most streams at a time.
    private static let mostStreams = 2048

    let target: PodForward

    /// A client's streams.
    private struct Streams {
        /// The streams for errors, by the client's number of the connection.
        var errors: [String: UInt32] = [:]
        /// What is on its way to ports, by stream.
        var queues: [UInt32: ForwardQueue] = [:]
    }

    /// Runs until the client has gone.
    func run(_ client: NIOAsyncChannel<WebSocketFrame, WebSocketFrame>) async {
        try? await client.executeThenClose { inbound, outbound in
            let writer = ChannelWriter(outbound)
            await withDiscardingTaskGroup { tasks in
                var streams = Streams()
                try? await receive(inbound, writer, &streams, &tasks)
                for queue in streams.queues.values { queue.abandon() }
                tasks.cancelAll()
            }
        }
    }

    private func receive(
        _ inbound: NIOAsyncChannelInboundStream<WebSocketFrame>, _ writer: ChannelWriter, _ streams: inout Streams,
        _ tasks: inout DiscardingTaskGroup
    ) async throws {
        var reader = SPDYReader()
        var replies = SPDYWriter()
        for try await frame in inbound {
            switch frame.opcode {
            case .binary, .continuation, .text: reader.append(frame.unmaskedData)
            case .ping: try await writer.pong(frame.unmaskedData)
            case .connectionClose: return
            default: break
            }
            while let frame = try reader.next() {
                switch frame {
                case .open(let stream, let headers):
                    try await writer.sendPlain(replies.reply(stream: stream))
                    try await open(stream, headers, writer, &streams, &tasks)
                case .data(let stream, let bytes, let isLast):
                    await streams.queues[stream]?.push(bytes)
                    if isLast { streams.queues.removeValue(forKey: stream)?.finish() }
                case .reset(let stream): streams.queues.removeValue(forKey: stream)?.abandon()
                case .ping(let id): try await writer.sendPlain(SPDYWriter.ping(id: id))
                case .goAway: return
                case .other: break
                }
            }
        }
    }

    private func open(
        _ stream: UInt32, _ headers: [String: String], _ writer: ChannelWriter, _ streams: inout Streams,
        _ tasks: inout DiscardingTaskGroup
    ) async throws {
        let connection = headers["requestid"] ?? ""
        guard streams.queues.count + streams.errors.count < Self.mostStreams else {
            return try await writer.sendPlain(SPDYWriter.reset(stream: stream))
        }
        switch headers["streamtype"] {
        case "error": streams.errors[connection] = stream
        case "data":
            guard let port = headers["port"].flatMap({ UInt16($0) }), port > 0,
                let error = streams.errors.removeValue(forKey: connection)
            else { return try await writer.sendPlain(SPDYWriter.reset(stream: stream)) }
            let queue = ForwardQueue()
            streams.queues[stream] = queue
            tasks.addTask { await self.forward(port, data: stream, error: error, queue, writer) }
        default: try await writer.sendPlain(SPDYWriter.reset(stream: stream))
        }
    }

    private func forward(
        _ port: UInt16, data: UInt32, error: UInt32, _ queue: ForwardQueue, _ writer: ChannelWriter
    ) async {
        var reason = ByteBuffer()
        do {
            try await target.run(port: port, input: queue) { bytes in
                try await writer.sendPlain(SPDYWriter.data(stream: data, bytes, isLast: false))
            }
        } catch let status as APIStatus {
            reason.writeString(status.message)
        } catch {
            // The connection ended, on whichever side.
        }
        try? await writer.sendPlain(SPDYWriter.data(stream: data, ByteBuffer(), isLast: true))
        try? await writer.sendPlain(SPDYWriter.data(stream: error, reason, isLast: true))
    }
}
