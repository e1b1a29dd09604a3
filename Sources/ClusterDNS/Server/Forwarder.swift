internal import Addressing
internal import CLinux
internal import DNSMessage
internal import Glibc

/// Asks other servers: over UDP, over TCP where an answer is cut, one after the other where one is silent or fails. It
/// belongs to one thread.
///
/// Each question is on a socket of its own, which is connected: the kernel lets through only what comes from the server
/// that was asked, and chooses another port for each query (RFC 5452, section 9.2).
final class Forwarder {
    typealias Instant = ContinuousClock.Instant

    private let limits: DNSServerLimits
    private let poller: Poller
    private let counters: DNSCounters
    private var free: [AddressFamily: DNSSockets.UpstreamSockets]
    private var exchanges: [UpstreamQuestion: UpstreamExchange] = [:]
    private var inUse: [Int32: UpstreamExchange] = [:]
    private var cache: AnswerCache
    /// When a server last did not answer.
    private var failures: [UpstreamServer: Instant] = [:]
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Message.longest, alignment: 8)
    /// Answers that are complete, and for whom they are.
    private var replies: [(ForwardClient, [UInt8])] = []

    /// How often each server is asked at most.
    private static let rounds = 3
    /// How many datagrams of one server are read before it is others' turn.
    private static let turn = 16
    /// For how long a server that did not answer is asked last.
    private static let penalty = Duration.seconds(5)

    init(
        _ sockets: [AddressFamily: DNSSockets.UpstreamSockets], _ limits: DNSServerLimits, _ poller: Poller,
        _ counters: DNSCounters
    ) {
        free = sockets
        self.limits = limits
        self.poller = poller
        self.counters = counters
        cache = AnswerCache(capacity: limits.cachedAnswers)
    }

    deinit { buffer.deallocate() }

    /// Answers that became complete since they were last taken.
    func takeReplies() -> [(ForwardClient, [UInt8])] {
        defer { replies = [] }
        return replies
    }

    /// Asks for a client; who asks the same waits for the same answer.
    func ask(_ forwarded: ForwardedQuestion, for client: ForwardClient, at now: Instant) {
        counters.forwarded.add()
        let question = UpstreamQuestion(question: forwarded.target, servers: forwarded.servers)
        if let answer = cache.answer(to: question, at: now) {
            replies.append((client, forwarded.reply(with: answer)))
            return
        }
        if let exchange = exchanges[question] {
            guard exchange.clients.count < limits.waiting else { return fail(forwarded, client) }
            exchange.clients.append((forwarded, client))
            return
        }
        let servers = forwarded.servers.filter { !hasFailed($0, now) } + forwarded.servers.filter { hasFailed($0, now) }
        let exchange = UpstreamExchange(question, servers: servers, deadline: now + limits.forward)
        exchange.clients = [(forwarded, client)]
        exchanges[question] = exchange
        attempt(exchange, at: now)
    }

    private func fail(_ forwarded: ForwardedQuestion, _ client: ForwardClient) {
        counters.failed.add()
        replies.append((client, forwarded.reply(with: nil)))
    }

    private func hasFailed(_ server: UpstreamServer, _ now: Instant) -> Bool {
        failures[server].map { now < $0 + Self.penalty } ?? false
    }

    /// Asks the next server, or gives up where all were asked often enough, or for long enough.
    private func attempt(_ exchange: UpstreamExchange, at now: Instant) {
        release(exchange)
        while exchange.attempts < Self.rounds * exchange.servers.count, now < exchange.deadline {
            exchange.attempts += 1
            exchange.attemptDeadline = min(now + limits.attempt, exchange.deadline)
            // All sockets in use: the client had better be told at once.
            if free[exchange.server.address.family]?.datagrams.isEmpty != false { break }
            if start(exchange, isStream: false) { return }
            failures[exchange.server] = now
        }
        finish(exchange, exchange.failure, at: now)
    }

    /// Sends a query, or begins to connect. False where that is not possible.
    private func start(_ exchange: UpstreamExchange, isStream: Bool) -> Bool {
        let server = exchange.server
        let pool = isStream ? \DNSSockets.UpstreamSockets.streams : \.datagrams
        guard let descriptor = free[server.address.family]?[keyPath: pool].popLast() else { return false }
        exchange.socket = UpstreamSocket(descriptor: descriptor, isStream: isStream)
        inUse[descriptor] = exchange
        let status = SocketAddress(server.address, port: server.port).withPointer { connect(descriptor, $0, $1) }
        if isStream {
            exchange.prepareStream()
            guard status == 0 || errno == EINPROGRESS else { return undo(exchange) }
            return poller.watch(descriptor, isReading: false, isWriting: true) || undo(exchange)
        }
        let query = exchange.makeQuery()
        guard status == 0, send(descriptor, query, query.count, Int32(MSG_NOSIGNAL)) == query.count else {
            return undo(exchange)
        }
        return poller.watch(descriptor, isReading: true, isWriting: false) || undo(exchange)
    }

    private func undo(_ exchange: UpstreamExchange) -> Bool {
        release(exchange)
        return false
    }

    /// Gives the socket back: disconnected and empty.
    private func release(_ exchange: UpstreamExchange) {
        guard let socket = exchange.socket else { return }
        exchange.socket = nil
        inUse[socket.descriptor] = nil
        poller.forget(socket.descriptor)
        _ = SocketAddress.none.withPointer { connect(socket.descriptor, $0, $1) }
        let family = exchange.server.address.family
        if socket.isStream {
            free[family]?.streams.append(socket.descriptor)
        } else {
            while recv(socket.descriptor, buffer.baseAddress, buffer.count, 0) >= 0 || errno == ECONNREFUSED {}
            free[family]?.datagrams.append(socket.descriptor)
        }
    }

    /// Takes an event; false where the descriptor is not its own.
    func handle(_ event: Poller.Event, at now: Instant) -> Bool {
        guard let exchange = inUse[event.descriptor], let socket = exchange.socket else { return false }
        if socket.isStream { handleStream(event, exchange, at: now) } else { handleDatagrams(event, exchange, at: now) }
        return true
    }

    private func handleDatagrams(_ event: Poller.Event, _ exchange: UpstreamExchange, at now: Instant) {
        for _ in 0..<Self.turn where exchange.socket?.descriptor == event.descriptor {
            let count = recv(event.descriptor, buffer.baseAddress, buffer.count, 0)
            if count < 0 {
                if errno == EINTR { continue }
                // ECONNREFUSED and the like: an ICMP error says that nobody is there.
                if errno != EAGAIN { failed(exchange, at: now) }
                return
            }
            judge(Array(buffer[..<count]), exchange, at: now)
        }
    }

    private func handleStream(_ event: Poller.Event, _ exchange: UpstreamExchange, at now: Instant) {
        guard exchange.flush(event.descriptor) else { return failed(exchange, at: now) }
        poller.watch(event.descriptor, isReading: true, isWriting: exchange.hasOutput)
        guard event.isReadable || event.hasFailed else { return }
        switch exchange.readStream(event.descriptor, through: buffer) {
        case .incomplete: return
        case .broken: failed(exchange, at: now)
        case .message(let message): judge(message, exchange, at: now)
        }
    }

    private func judge(_ bytes: [UInt8], _ exchange: UpstreamExchange, at now: Instant) {
        switch UpstreamAnswer(bytes, to: exchange.question.question, id: exchange.id) {
        case .foreign:
            // A forged datagram is passed over. Over TCP nobody else can have sent it.
            if exchange.socket?.isStream == true { failed(exchange, at: now) }
        case .answer(let answer): finish(exchange, answer, at: now)
        case .failure(let failure):
            exchange.failure = failure
            attempt(exchange, at: now)
        case .truncated:
            let wasStream = exchange.socket?.isStream == true
            release(exchange)
            exchange.attemptDeadline = min(now + limits.attempt, exchange.deadline)
            if wasStream || !start(exchange, isStream: true) { failed(exchange, at: now) }
        }
    }

    private func failed(_ exchange: UpstreamExchange, at now: Instant) {
        failures[exchange.server] = now
        attempt(exchange, at: now)
    }

    private func finish(_ exchange: UpstreamExchange, _ answer: Message?, at now: Instant) {
        release(exchange)
        exchanges[exchange.question] = nil
        if let answer, [.noError, .nameError].contains(answer.responseCode) {
            failures[exchange.server] = nil
            cache.store(answer, to: exchange.question, at: now)
        }
        for (forwarded, client) in exchange.clients {
            if answer == nil { counters.failed.add() }
            replies.append((client, forwarded.reply(with: answer)))
        }
    }

    /// When the next server has been silent for long enough.
    var nextDeadline: Instant? { exchanges.values.map(\.attemptDeadline).min() }

    /// Goes on with the questions whose server was silent.
    func expire(at now: Instant) {
        for exchange in exchanges.values where exchange.attemptDeadline <= now { failed(exchange, at: now) }
    }
}
