internal import CLinux
internal import Glibc

/// The thread of a server that serves TCP and asks others.
final class ServerLoop {
    private let poller: Poller
    private let inbox: ForwardInbox
    private let streams: StreamServer
    private let forwarder: Forwarder
    private let counters: DNSCounters
    private let isStopping: StopFlag

    init(
        _ sockets: DNSSockets, _ resolver: SharedResolver, _ limits: DNSServerLimits, _ poller: Poller,
        _ inbox: ForwardInbox, _ counters: DNSCounters, _ isStopping: StopFlag
    ) {
        self.poller = poller
        self.inbox = inbox
        self.counters = counters
        self.isStopping = isStopping
        streams = StreamServer(sockets.listeners, resolver, limits, poller, counters)
        forwarder = Forwarder(sockets.upstream, limits, poller, counters)
    }

    /// Serves until the server stops.
    ///
    /// - Throws: where events cannot be waited for any more.
    func run() throws(DNSServerError) {
        defer { streams.close() }
        while true {
            let events = try poller.wait(limit)
            let now = ContinuousClock.now
            if isStopping.isSet { return }
            for event in events { handle(event, at: now) }
            forward(streams.resume(at: now), at: now)
            streams.expire(at: now)
            forwarder.expire(at: now)
            deliver(at: now)
        }
    }

    /// How long events may be waited for.
    private var limit: Duration? {
        if streams.isBusy { return .zero }
        let deadlines = [streams.nextDeadline, forwarder.nextDeadline].compactMap(\.self)
        return deadlines.min().map { $0 - ContinuousClock.now }
    }

    private func handle(_ event: Poller.Event, at now: ContinuousClock.Instant) {
        if event.descriptor == poller.wakeUp {
            poller.clearWakeUp()
            for item in inbox.take() {
                forwarder.ask(item.question, for: .datagram(socket: item.socket, item.ends), at: now)
            }
        } else if let forwards = streams.handle(event, at: now) {
            forward(forwards, at: now)
        } else {
            _ = forwarder.handle(event, at: now)
        }
    }

    private func forward(_ forwards: [StreamServer.Forward], at now: ContinuousClock.Instant) {
        for (question, connection) in forwards { forwarder.ask(question, for: .stream(connection), at: now) }
    }

    /// Gives complete answers to their clients, which may then ask more.
    private func deliver(at now: ContinuousClock.Instant) {
        while case let replies = forwarder.takeReplies(), !replies.isEmpty {
            for (client, message) in replies {
                switch client {
                case .datagram(let socket, var ends):
                    let error = message.withUnsafeBytes {
                        lab_datagram_reply(socket, &ends, $0.baseAddress, $0.count)
                    }
                    if error == 0 { counters.answered.add() }
                case .stream(let connection):
                    counters.answered.add()
                    forward(streams.reply(message, to: connection, at: now), at: now)
                }
            }
        }
    }
}
