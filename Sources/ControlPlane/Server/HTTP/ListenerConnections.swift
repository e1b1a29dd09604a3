internal import NIOCore
internal import Synchronization

/// The live connections of one listener.
final class ListenerConnections: Sendable {
    private struct State {
        var channels: [ObjectIdentifier: any Channel] = [:]
        var isClosed = false
    }

    private let state = Mutex(State())
    private let limit: Int

    init(limit: Int) {
        self.limit = limit
    }

    /// Keeps a connection until it is closed; false where there are too many.
    func admit(_ channel: any Channel) -> Bool {
        let isAdmitted = state.withLock { state in
            guard !state.isClosed, state.channels.count < limit else { return false }
            state.channels[ObjectIdentifier(channel)] = channel
            return true
        }
        guard isAdmitted else { return false }
        channel.closeFuture.whenComplete { [self] _ in
            state.withLock { _ = $0.channels.removeValue(forKey: ObjectIdentifier(channel)) }
        }
        return true
    }

    /// Closes every connection, and returns when they are gone.
    func close() async {
        let channels = state.withLock { state in
            state.isClosed = true
            return Array(state.channels.values)
        }
        for channel in channels { channel.close(promise: nil) }
        for channel in channels { await channel.closeFuture.outcome() }
    }
}

/// Turns away connections that are too many, before they cost anything.
final class ConnectionAdmission: ChannelInboundHandler {
    typealias InboundIn = any Channel

    private let connections: ListenerConnections

    init(_ connections: ListenerConnections) {
        self.connections = connections
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let channel = unwrapInboundIn(data)
        if connections.admit(channel) {
            context.fireChannelRead(data)
        } else {
            channel.close(promise: nil)
        }
    }
}

extension EventLoopFuture where Value: Sendable {
    /// Waits for the outcome, whichever it is.
    @discardableResult
    func outcome() async -> Result<Value, any Error> {
        do { return .success(try await get()) } catch { return .failure(error) }
    }
}

/// The bytes of requests that are being received, of all connections together.
final class ByteBudget: Sendable {
    private let used = Atomic<Int>(0)
    private let limit: Int

    init(limit: Int) {
        self.limit = limit
    }

    /// Takes room, if there is enough.
    func take(_ bytes: Int) -> Bool {
        guard used.wrappingAdd(bytes, ordering: .relaxed).newValue <= limit else {
            giveBack(bytes)
            return false
        }
        return true
    }

    /// Gives room back.
    func giveBack(_ bytes: Int) {
        used.wrappingSubtract(bytes, ordering: .relaxed)
    }
}
