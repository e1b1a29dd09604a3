internal import KubernetesModel
internal import NIOCore
internal import NIOPosix
internal import NIOWebSocket
internal import Synchronization

/// Connections to ports of a pod, joined with a client's WebSocket: the port of place i has the stream 2i for its bytes and
/// 2i+1 for an error. Both begin with the port's number, two bytes, little end first.
struct PortForwardSession: Sendable {
    let runtime: any PodRuntime
    let pod: ObjectKey
    let ports: [UInt16]
    let subprotocol: String
    let eventLoop: any EventLoop

    /// Runs until all connections have ended or the client has gone.
    func run(_ client: NIOAsyncChannel<WebSocketFrame, WebSocketFrame>) async {
        try? await client.executeThenClose { inbound, outbound in
            let writer = ChannelWriter(outbound)
            let inputs = ports.map { _ in AsyncStream<ByteBuffer>.makeStream() }
            let room = ports.map { _ in ForwardRoom() }
            await withTaskGroup(of: Bool.self) { tasks in
                tasks.addTask {
                    await self.receive(inbound, writer, inputs.map(\.continuation), room)
                    return true
                }
                for (index, port) in ports.enumerated() {
                    tasks.addTask {
                        await self.forward(port, index, inputs[index].stream, room[index], writer)
                        return false
                    }
                }
                var open = ports.count
                while open > 0, await tasks.next() == false { open -= 1 }
                if open == 0 { try? await writer.close() }
                for input in inputs { input.continuation.finish() }
                tasks.cancelAll()
            }
        }
    }

    private func receive(
        _ inbound: NIOAsyncChannelInboundStream<WebSocketFrame>, _ writer: ChannelWriter,
        _ inputs: [AsyncStream<ByteBuffer>.Continuation], _ room: [ForwardRoom]
    ) async {
        var reader = ChannelReader(subprotocol)
        do {
            for try await frame in inbound {
                switch reader.read(frame) {
                case .bytes(let stream, let bytes, _, _):
                    let index = Int(stream) / 2
                    guard stream % 2 == 0, inputs.indices.contains(index), bytes.readableBytes > 0 else { continue }
                    // Reads on only when the port has taken it: nothing piles up.
                    inputs[index].yield(bytes)
                    await room[index].taken()
                case .ping(let bytes): try await writer.pong(bytes)
                case .close: return
                case .end, nil: break
                }
            }
        } catch {
            // The client has gone, which ends the session.
        }
    }

    private func forward(
        _ port: UInt16, _ index: Int, _ input: AsyncStream<ByteBuffer>, _ room: ForwardRoom, _ writer: ChannelWriter
    ) async {
        defer { room.end() }
        let (data, error) = (UInt8(2 * index), UInt8(2 * index + 1))
        var number = ByteBuffer()
        number.writeInteger(port, endianness: .little)
        do {
            try await writer.send(data, number)
            try await writer.send(error, number)
            let connection = try await PodConnection.open(runtime, pod, port, on: eventLoop)
            try await connection.executeThenClose { inbound, outbound in
                try await withThrowingTaskGroup(of: Void.self) { tasks in
                    tasks.addTask {
                        for try await bytes in inbound { try await writer.send(data, bytes) }
                    }
                    let feeding = Task {
                        for await bytes in input {
                            try? await outbound.write(bytes)
                            room.take()
                        }
                    }
                    // The pod's side decides when the connection is over.
                    try await withTaskCancellationHandler {
                        try await tasks.waitForAll()
                    } onCancel: {
                        feeding.cancel()
                    }
                    feeding.cancel()
                }
            }
        } catch let status as APIStatus {
            try? await writer.send(error, ByteBuffer(string: status.message))
        } catch {
            // The connection ended, on whichever side.
        }
    }
}

/// Tells the receiver that a port has taken what it was given.
final class ForwardRoom: Sendable {
    private struct State {
        var taken = 0
        var hasEnded = false
        var waiting: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    func take() {
        state.withLock { state in
            state.taken += 1
            resume(&state)
        }
    }

    /// From now on everything is dropped.
    func end() {
        state.withLock { state in
            state.hasEnded = true
            resume(&state)
        }
    }

    private func resume(_ state: inout State) {
        guard let waiting = state.waiting else { return }
        state.waiting = nil
        if !state.hasEnded { state.taken -= 1 }
        waiting.resume()
    }

    /// Waits until the next piece is taken.
    func taken() async {
        await withCheckedContinuation { continuation in
            state.withLock { state in
                if state.hasEnded {
                    continuation.resume()
                } else if state.taken > 0 {
                    state.taken -= 1
                    continuation.resume()
                } else {
                    state.waiting = continuation
                }
            }
        }
    }
}

/// A TCP connection to a port of a pod.
enum PodConnection {
    static func open(
        _ runtime: any PodRuntime, _ pod: ObjectKey, _ port: UInt16, on eventLoop: any EventLoop
    ) async throws -> NIOAsyncChannel<ByteBuffer, ByteBuffer> {
        let descriptor = try await runtime.connect(to: pod, port: port)
        return try await ClientBootstrap(group: eventLoop)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .withConnectedSocket(descriptor) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel(
                        wrappingChannelSynchronously: channel,
                        configuration: .init(isOutboundHalfClosureEnabled: true))
                }
            }
    }
}

extension RequestService {
    /// What port-forward is spoken in.
    private static let forwardProtocols = ["v4.channel.k8s.io", "v5.channel.k8s.io"]
    /// The most ports of one session.
    private static let mostPorts = 64

    /// Connects a client with ports of a pod.
    func portForward(_ request: APIRequest, _ key: ObjectKey) async throws(APIStatus) -> Answer {
        guard let pod = store.object(key)?.object else { throw .notFound(key) }
        let handshake = try WebSocketHandshake(request, protocols: Self.forwardProtocols)
        guard pod["status", "phase"]?.string == "Running" else {
            throw .badRequest("unable to forward port because pod is not running. Current status=\(phase(of: pod))")
        }
        var ports: [UInt16] = []
        for text in request.query.all("ports").flatMap({ $0.split(separator: ",") }) {
            guard let port = UInt16(text), port > 0 else {
                throw .badRequest("port \"\(text.prefix(20))\" is none between 1 and 65535")
            }
            ports.append(port)
        }
        guard (1...Self.mostPorts).contains(ports.count) else {
            throw .badRequest("you must specify between 1 and \(Self.mostPorts) ports")
        }
        let session = PortForwardSession(
            runtime: runtime, pod: key, ports: ports, subprotocol: handshake.subprotocol, eventLoop: group.next())
        return handshake.answer { await session.run($0) }
    }

    private func phase(of pod: APIObject) -> String { pod["status", "phase"]?.string ?? "Unknown" }
}
