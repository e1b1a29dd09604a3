internal import CLinux
internal import Glibc
internal import Synchronization

/// Serves DNS on sockets that were opened elsewhere, in a pod's network namespace: some threads for each UDP socket, and
/// one for TCP and for asking others.
///
///     UDP :53 --+-> worker --+--> resolver (shared)     answered at once
///               +-> worker --+
///     TCP :53 ----------------> loop --> upstream servers --> the answer to whoever asked
///
/// Several servers may answer from one resolver. A server lives until it is closed.
public final class DNSServer: Sendable {
    private let sockets: DNSSockets
    private let resolver: SharedResolver
    private let limits: DNSServerLimits
    private let counters = DNSCounters()
    private let isStopping = StopFlag()
    private let state = Mutex(State())
    private let onFailure: @Sendable (DNSServerError) -> Void

    private struct State {
        var poller: Poller?
        var threads = 0
        var isClosed = false
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    /// A server for sockets, which it closes when it is closed.
    ///
    /// - Parameter onFailure: called from one of the server's threads where that cannot go on; the server then answers no
    ///   more, or not over one of the transports, and should be closed.
    public init(
        _ sockets: DNSSockets, resolver: SharedResolver, limits: DNSServerLimits = DNSServerLimits(),
        onFailure: @escaping @Sendable (DNSServerError) -> Void = { _ in }
    ) {
        self.sockets = sockets
        self.resolver = resolver
        self.limits = limits
        self.onFailure = onFailure
    }

    /// What was done since the start.
    public var statistics: DNSStatistics { counters.statistics }

    /// Starts the threads. Where that fails the server is to be closed nevertheless.
    public func start() throws(DNSServerError) {
        let poller = try Poller()
        state.withLock { $0.poller = poller }
        let inbox = ForwardInbox(poller)
        try startThread("lab-dns") { [self] () throws(DNSServerError) in
            try ServerLoop(sockets, resolver, limits, poller, inbox, counters, isStopping).run()
        }
        for socket in sockets.datagrams {
            let worker = DatagramWorker(
                socket: socket, resolver: resolver, inbox: inbox, counters: counters, isStopping: isStopping)
            for _ in 0..<sockets.workers {
                try startThread("lab-dns-udp") { () throws(DNSServerError) in try worker.run() }
            }
        }
    }

    private func startThread(
        _ name: String, _ body: @escaping @Sendable () throws(DNSServerError) -> Void
    ) throws(DNSServerError) {
        state.withLock { $0.threads += 1 }
        do throws(DNSServerError) {
            try ServerThread.start(name) { [self] in
                do throws(DNSServerError) { try body() } catch { onFailure(error) }
                threadEnded()
            }
        } catch {
            threadEnded()
            throw error
        }
    }

    private func threadEnded() {
        let waiting = state.withLock { state in
            state.threads -= 1
            guard state.threads == 0 else { return [] as [CheckedContinuation<Void, Never>] }
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }

    /// Stops serving, and returns when no thread and no descriptor of the server is left. Closing twice is no error.
    public func close() async {
        isStopping.set()
        // Wakes all threads that wait for a datagram: with ENOTCONN, and nevertheless.
        for socket in sockets.datagrams { shutdown(socket, Int32(SHUT_RD)) }
        state.withLock { $0.poller }?.wake()
        await withCheckedContinuation { continuation in
            let isOver = state.withLock { state in
                if state.threads > 0 { state.waiting.append(continuation) }
                return state.threads == 0
            }
            if isOver { continuation.resume() }
        }
        let (isFirst, poller) = state.withLock { state in
            defer { (state.isClosed, state.poller) = (true, nil) }
            return (!state.isClosed, state.poller)
        }
        guard isFirst else { return }
        poller?.close()
        sockets.close()
    }
}
