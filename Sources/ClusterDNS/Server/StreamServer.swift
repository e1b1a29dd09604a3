internal import CLinux
internal import DNSMessage
internal import Glibc

/// The TCP clients of a server. It belongs to one thread.
final class StreamServer {
    typealias Instant = ContinuousClock.Instant

    private let listeners: [Int32]
    private let resolver: SharedResolver
    private let limits: DNSServerLimits
    private let poller: Poller
    private let counters: DNSCounters
    private var connections: [Int32: StreamConnection] = [:]
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Message.longest, alignment: 8)
    /// When the next connection runs out of time, at the earliest.
    private(set) var nextDeadline: Instant?
    /// Until when no connection is accepted, because there was no descriptor for one.
    private var pausedUntil: Instant?

    /// How many messages of a client are answered before it is others' turn.
    private static let turn = 16

    init(
        _ listeners: [Int32], _ resolver: SharedResolver, _ limits: DNSServerLimits, _ poller: Poller,
        _ counters: DNSCounters
    ) {
        self.listeners = listeners
        self.resolver = resolver
        self.limits = limits
        self.poller = poller
        self.counters = counters
        for listener in listeners { poller.watch(listener, isReading: true, isWriting: false) }
    }

    deinit { buffer.deallocate() }

    /// A question of a client that others have to be asked.
    typealias Forward = (ForwardedQuestion, StreamConnection)

    /// Takes an event; gives the questions that others have to be asked. Nil where the descriptor is not its own.
    func handle(_ event: Poller.Event, at now: Instant) -> [Forward]? {
        if listeners.contains(event.descriptor) {
            accept(event.descriptor, at: now)
            return []
        }
        guard let connection = connections[event.descriptor] else { return nil }
        guard !event.hasFailed else {
            end(connection)
            return []
        }
        if event.isWritable, !connection.flush(at: now) {
            end(connection)
            return []
        }
        if event.isReadable, !connection.read(through: buffer, upTo: limits.queryBytes + 2, at: now) {
            end(connection)
            return []
        }
        return serve(connection, at: now)
    }

    /// Answers the messages that are there, unless the client does not take its answers or has too many outstanding.
    private func serve(_ connection: StreamConnection, at now: Instant) -> [Forward] {
        var forwards: [Forward] = []
        var turn = 0
        while !connection.hasOutput, connection.outstanding < limits.forwardedOfConnection {
            switch connection.nextMessage(longest: limits.queryBytes, at: now) {
            case .incomplete:
                settle(connection, at: now)
                return forwards
            case .unacceptable:
                counters.closed.add()
                end(connection)
                return forwards
            case .message(let message):
                counters.received.add()
                guard answer(message, connection, &forwards, at: now) else {
                    end(connection)
                    return forwards
                }
            }
            turn += 1
            if turn == Self.turn {
                waiting.append(connection)
                break
            }
        }
        settle(connection, at: now)
        return forwards
    }

    /// Connections with messages that were read and not answered yet.
    private var waiting: [StreamConnection] = []
    /// Whether there is something to do without any event.
    var isBusy: Bool { !waiting.isEmpty }

    /// Goes on with the clients that had to wait for others.
    func resume(at now: Instant) -> [Forward] {
        let resumed = waiting
        waiting = []
        return resumed.filter { !$0.isClosed }.flatMap { serve($0, at: now) }
    }

    /// False where the connection is broken.
    private func answer(
        _ message: [UInt8], _ connection: StreamConnection, _ forwards: inout [Forward], at now: Instant
    ) -> Bool {
        message.withUnsafeBytes { buffer.copyMemory(from: $0) }
        let outcome = resolver.withResolver { [buffer] in
            $0.respond(in: buffer, queryLength: message.count, over: .stream)
        }
        switch outcome {
        case .reply(let length):
            counters.answered.add()
            return connection.send(UnsafeRawBufferPointer(rebasing: buffer[..<length]), at: now)
        case .forward(let question):
            connection.outstanding += 1
            forwards.append((question, connection))
            return true
        case .drop:
            counters.ignored.add()
            return false
        }
    }

    /// Answers with what others said.
    func reply(_ message: [UInt8], to connection: StreamConnection, at now: Instant) -> [Forward] {
        connection.outstanding -= 1
        guard !connection.isClosed else { return [] }
        guard message.withUnsafeBytes({ connection.send($0, at: now) }) else {
            end(connection)
            return []
        }
        return serve(connection, at: now)
    }

    /// Watches a connection for what it can do next, or ends it where that is nothing.
    private func settle(_ connection: StreamConnection, at now: Instant) {
        guard !connection.isDone else {
            end(connection)
            return
        }
        let canRead =
            !connection.hasEnded && !connection.hasOutput
            && connection.outstanding < limits.forwardedOfConnection
        poller.watch(connection.descriptor, isReading: canRead, isWriting: connection.hasOutput)
        if let deadline = connection.deadline(limits) { nextDeadline = min(nextDeadline ?? deadline, deadline) }
    }

    private func end(_ connection: StreamConnection) {
        connections[connection.descriptor] = nil
        connection.close()
    }

    private func accept(_ listener: Int32, at now: Instant) {
        for _ in 0..<Self.turn {
            let descriptor = lab_accept(listener)
            guard descriptor >= 0 else {
                if errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == ENOBUFS { pause(at: now) }
                return
            }
            if connections.count >= limits.connections { endQuietest() }
            let connection = StreamConnection(descriptor, at: now)
            connections[descriptor] = connection
            counters.connections.add()
            settle(connection, at: now)
        }
    }

    /// Makes room for a client.
    private func endQuietest() {
        guard let quietest = connections.values.min(by: { $0.lastProgress < $1.lastProgress }) else { return }
        counters.closed.add()
        end(quietest)
    }

    /// Lets clients wait in the kernel for a while: the descriptor that none is left for would be reported again and again.
    private func pause(at now: Instant) {
        endQuietest()
        for listener in listeners { poller.forget(listener) }
        let end = now + .milliseconds(100)
        pausedUntil = end
        nextDeadline = min(nextDeadline ?? end, end)
    }

    /// Ends the connections whose time is over.
    func expire(at now: Instant) {
        guard let due = nextDeadline, due <= now else { return }
        nextDeadline = nil
        if let end = pausedUntil, end <= now {
            pausedUntil = nil
            for listener in listeners { poller.watch(listener, isReading: true, isWriting: false) }
        } else if let end = pausedUntil {
            nextDeadline = end
        }
        for connection in connections.values {
            guard let deadline = connection.deadline(limits) else { continue }
            if deadline <= now {
                counters.closed.add()
                end(connection)
            } else {
                nextDeadline = min(nextDeadline ?? deadline, deadline)
            }
        }
    }

    /// Ends all connections.
    func close() {
        for connection in connections.values { connection.close() }
        connections = [:]
    }
}
