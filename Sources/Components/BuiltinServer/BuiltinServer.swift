public import Logging
public import NIOCore
import NIOPosix
import Synchronization

/// The server that answers in pods whose image is the built-in one.
///
/// It is given sockets that were opened in the pods' network namespaces and serves thousands of them in one process, on
/// the event loops that it is given:
///
///     namespace of pod-a   10.244.1.5:80/tcp ──┐  descriptors
///     namespace of pod-a   10.244.1.5:80/udp ──┼────────────── BuiltinServer ── event loops
///     namespace of pod-b   10.244.2.7:80/tcp ──┘
///
/// Over TCP it speaks HTTP with the endpoints that Kubernetes' own network tests use on agnhost netexec: `/hostname`,
/// `/clientip`, `/echo`, `/dial`, `/header`, `/healthz`, and `/seen?id=…`, which says what the server saw. Over UDP it
/// takes the commands `hostname`, `clientip`, `echo MESSAGE` and `seen ID`.
///
/// A UDP socket may be bound to the wildcard, also in a namespace with several addresses and for both families at once:
/// replies leave from the address that the request came to.
public final class BuiltinServer: Sendable {
    private struct State {
        var listeners: [ObjectIdentifier: ServedListener] = [:]
        var isClosed = false
    }

    private let group: any EventLoopGroup
    private let logger: Logger
    private let limits: BuiltinServerLimits
    private let budget: ConnectionBudget
    private let state = Mutex(State())

    /// Makes a server that runs on NIOPosix event loops. They stay the caller's to shut down, after `close()`.
    public convenience init(group: any EventLoopGroup, logger: Logger) {
        self.init(group: group, logger: logger, limits: BuiltinServerLimits())
    }

    init(group: any EventLoopGroup, logger: Logger, limits: BuiltinServerLimits) {
        self.group = group
        self.logger = logger
        self.limits = limits
        self.budget = ConnectionBudget(limit: limits.connections)
    }

    /// Serves a socket. The descriptor is the server's from the call on, also when this throws.
    public func serve(
        listener: ListeningSocket, as identity: WorkloadIdentity, connector: @escaping PodConnector
    ) async throws(BuiltinServerError) -> ServedListener {
        let listener = WorkloadListener(socket: listener, identity: identity, connector: connector)
        guard let served = try await serve([listener]).first else { throw .closed }
        return served
    }

    /// Serves many sockets, all of them or, when one cannot be served, none. The result has their order. The descriptors
    /// are the server's from the call on, also when this throws.
    public func serve(_ listeners: [WorkloadListener]) async throws(BuiltinServerError) -> [ServedListener] {
        try prepare(listeners)
        // One wait for all of them: thousands of waits would cost as much as the adoptions.
        let adoptions = EventLoopFuture.whenAllComplete(listeners.map { adopt($0) }, on: group.next())
        guard case .success(let results) = await adoptions.result() else { throw .closed }
        var served: [ServedListener] = []
        var failure: BuiltinServerError?
        for (result, listener) in zip(results, listeners) {
            switch result {
            case .success(let listener): served.append(listener)
            case .failure(let error):
                failure =
                    error as? BuiltinServerError
                    ?? .adoption(fileDescriptor: listener.socket.fileDescriptor, reason: "\(error)")
            }
        }
        if failure == nil, !keep(served) { failure = .closed }
        guard let failure else { return served }
        for listener in served { await listener.close() }
        throw failure
    }

    /// Closes every socket that is served, and takes no more. Returns when none of their descriptors is left.
    public func close() async {
        let listeners = state.withLock { state in
            state.isClosed = true
            return Array(state.listeners.values)
        }
        await withTaskGroup(of: Void.self) { tasks in
            for listener in listeners { tasks.addTask { await listener.close() } }
        }
    }

    // MARK: -

    /// Checks all sockets before any is adopted; closes them all where one does not suit.
    private func prepare(_ listeners: [WorkloadListener]) throws(BuiltinServerError) {
        do throws(BuiltinServerError) {
            guard !state.withLock({ $0.isClosed }) else { throw .closed }
            guard ServerBootstrap(validatingGroup: group) != nil else { throw .unsuitableEventLoops }
            for listener in listeners { try SocketCheck.prepare(listener.socket) }
        } catch {
            for listener in listeners { SocketCheck(fileDescriptor: listener.socket.fileDescriptor).close() }
            throw error
        }
    }

    private func adopt(_ listener: WorkloadListener) -> EventLoopFuture<ServedListener> {
        let connections = ListenerConnections(limit: limits.connectionsPerListener, budget: budget)
        let adoption = ListenerAdoption(
            listener: listener, group: group, limits: limits, connections: connections, logger: logger)
        return adoption.channel().flatMapThrowing { [self] channel in
            guard let bound = channel.localAddress?.endpoint else {
                channel.close(promise: nil)
                let descriptor = listener.socket.fileDescriptor
                throw BuiltinServerError.adoption(fileDescriptor: descriptor, reason: "the socket is not bound")
            }
            return ServedListener(identity: listener.identity, bound: bound, channel: channel, connections: connections)
            {
                self.forget($0)
            }
        }
    }

    private func keep(_ served: [ServedListener]) -> Bool {
        let isKept = state.withLock { state in
            guard !state.isClosed else { return false }
            for listener in served { state.listeners[ObjectIdentifier(listener)] = listener }
            return true
        }
        guard isKept else { return false }
        for listener in served { watch(listener) }
        return true
    }

    /// Says so when a socket ends by itself: the pod does not answer any more.
    private func watch(_ listener: ServedListener) {
        listener.whenClosed { [weak listener, logger] in
            guard let listener, !listener.isExpectedToClose else { return }
            logger.error(
                "a pod's socket ended by itself and answers no more",
                metadata: [
                    "pod": "\(listener.identity.namespace)/\(listener.identity.pod)",
                    "address": "\(listener.address.withPort(listener.port))",
                ])
        }
    }

    private func forget(_ listener: ServedListener) {
        state.withLock { _ = $0.listeners.removeValue(forKey: ObjectIdentifier(listener)) }
    }
}
