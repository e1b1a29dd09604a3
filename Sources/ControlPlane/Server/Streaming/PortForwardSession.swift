internal import KubernetesModel
internal import NIOCore
internal import NIOWebSocket

/// Connections to ports of a pod, joined with a client's WebSocket: the port of place i has the stream 2i for its bytes and
/// 2i+1 for an error. Both begin with the port's number, two bytes, little end first.
struct PortForwardSession: Sendable {
    let target: PodForward
    let ports: [UInt16]
    let subprotocol: String

    /// Runs until all connections have ended or the client has gone.
    func run(_ client: NIOAsyncChannel<WebSocketFrame, WebSocketFrame>) async {
        try? await client.executeThenClose { inbound, outbound in
            let writer = ChannelWriter(outbound)
            let queues = ports.map { _ in ForwardQueue() }
            await withTaskGroup(of: Bool.self) { tasks in
                tasks.addTask {
                    await self.receive(inbound, writer, queues)
                    return true
                }
                for (index, port) in ports.enumerated() {
                    tasks.addTask {
                        await self.forward(port, index, queues[index], writer)
                        return false
                    }
                }
                var open = ports.count
                while open > 0, await tasks.next() == false { open -= 1 }
                if open == 0 { try? await writer.close() }
                for queue in queues { queue.abandon() }
                tasks.cancelAll()
            }
        }
    }

    private func receive(
        _ inbound: NIOAsyncChannelInboundStream<WebSocketFrame>, _ writer: ChannelWriter, _ queues: [ForwardQueue]
    ) async {
        var reader = ChannelReader(subprotocol)
        do {
            for try await frame in inbound {
                switch reader.read(frame) {
                case .bytes(let stream, let bytes, _, _):
                    let index = Int(stream) / 2
                    if stream % 2 == 0, queues.indices.contains(index) { await queues[index].push(bytes) }
                case .end(let stream):
                    if stream % 2 == 0, queues.indices.contains(Int(stream) / 2) { queues[Int(stream) / 2].finish() }
                case .ping(let bytes): try await writer.pong(bytes)
                case .close: return
                case nil: break
                }
            }
        } catch {
            // The client has gone, which ends the session.
        }
    }

    private func forward(_ port: UInt16, _ index: Int, _ queue: ForwardQueue, _ writer: ChannelWriter) async {
        let (data, error) = (UInt8(2 * index), UInt8(2 * index + 1))
        var number = ByteBuffer()
        number.writeInteger(port, endianness: .little)
        do {
            try await writer.send(data, number)
            try await writer.send(error, number)
            try await target.run(port: port, input: queue) { try await writer.send(data, $0) }
        } catch let status as APIStatus {
            try? await writer.send(error, ByteBuffer(string: status.message))
        } catch {
            // The connection ended, on whichever side.
        }
    }
}
