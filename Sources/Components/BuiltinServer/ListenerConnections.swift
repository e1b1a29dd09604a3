import NIOCore
import Synchronization

/// How many connections the listeners of a server have together.
final class ConnectionBudget: Sendable {
    private let used = Atomic<Int>(0)
    private let limit: Int

    init(limit: Int) {
        self.limit = limit
    }

    /// Takes a place, if there is one.
    func take() -> Bool {
        guard used.wrappingAdd(1, ordering: .relaxed).newValue <= limit else {
            giveBack()
            return false
        }
        return true
    }

    func giveBack() {
        used.wrappingSubtract(1, ordering: .relaxed)
    }
}

/// The live connections of one listener and the dials that they wait for.
final class ListenerConnections: Sendable {
    private struct State {
        var channels: [ObjectIdentifier: any Channel] = [:]
        var dials: [UInt64: Task<Void, Never>] = [:]
        var nextDial: UInt64 = 0
        var isClosed = false
    }

    private let state = Mutex(State())
    private let limit: Int
    private let budget: ConnectionBudget

    init(limit: Int, budget: ConnectionBudget) {
        self.limit = limit
        self.budget = budget
    }

    /// Keeps a connection until it is closed; false where there are too many.
    func admit(_ channel: any Channel) -> Bool {
        guard budget.take() else { return false }
        let isAdmitted = state.withLock { state in
            guard !state.isClosed, state.channels.count < limit else { return false }
            state.channels[ObjectIdentifier(channel)] = channel
            return true
        }
        guard isAdmitted else {
            budget.giveBack()
            return false
        }
        channel.closeFuture.whenComplete { [self] _ in
            state.withLock { _ = $0.channels.removeValue(forKey: ObjectIdentifier(channel)) }
            budget.giveBack()
        }
        return true
    }

    /// Runs a dial; cancelled at once where the listener is closed.
    func run(_ operation: @escaping @Sendable () async -> Void) -> Task<Void, Never> {
        state.withLock { state in
            let id = state.nextDial
            state.nextDial += 1
            let task = Task {
                await operation()
                self.state.withLock { _ = $0.dials.removeValue(forKey: id) }
            }
            state.dials[id] = task
            if state.isClosed { task.cancel() }
            return task
        }
    }

    /// Closes every connection, and returns when they and their dials are gone.
    func close() async {
        let channels = state.withLock { state in
            state.isClosed = true
            return Array(state.channels.values)
        }
        for channel in channels { channel.close(promise: nil) }
        for channel in channels { _ = await channel.closeFuture.result() }
        // No connection is left that could begin another dial.
        let dials = state.withLock { Array($0.dials.values) }
        for dial in dials { dial.cancel() }
        for dial in dials { await dial.value }
    }
}

extension EventLoopFuture where Value: Sendable {
    /// Waits for the outcome, whichever it is.
    func result() async -> Result<Value, any Error> {
        do {
            return .success(try await get())
        } catch {
            return .failure(error)
        }
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
