public import KubernetesModel
public import Logging
public import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import NIOSSL
internal import Synchronization

/// The API server: serves a registry's objects to kubectl, client libraries and components over HTTP/1.1.
///
/// It is given sockets that were opened elsewhere, a Unix socket for the machine's own command line and TCP sockets in the
/// network namespaces of a lab, and serves them all on the event loops that it is given:
///
///     /run/…/api.sock            Unix, root only ──┐  descriptors
///     namespace of the control   10.96.0.1:443 ────┼────────────── APIServer ── Registry, ObjectStore, PodRuntime
///     namespace of a node        …:6443        ────┘  TLS and tokens
public final class APIServer: Sendable {
    private struct State {
        var listeners: [(channel: any Channel, connections: ListenerConnections)] = []
        var isClosed = false
    }

    /// How the clients of a listening socket are told apart from strangers.
    public enum Listener: Sendable {
        /// A Unix socket, whose clients are root by the kernel's word. Nothing is encrypted.
        case unix
        /// A TCP socket, whose clients show a token, over TLS.
        case tls
    }

    private let group: any EventLoopGroup
    private let service: RequestService
    private let state = Mutex(State())

    /// Makes a server.
    ///
    /// - Parameters:
    ///   - group: event loops of NIOPosix. They stay the caller's to shut down, after `close()`.
    ///   - registry: the objects.
    ///   - runtime: what runs the pods.
    ///   - credentials: who may use the API over TCP.
    ///   - version: what the server says it is.
    ///   - logger: where it tells of its own faults.
    ///   - parseYAML: reads the bodies that are YAML.
    public convenience init(
        group: any EventLoopGroup, registry: Registry, runtime: any PodRuntime, credentials: Credentials,
        version: ServerVersion = ServerVersion(), logger: Logger,
        parseYAML: @escaping @Sendable ([UInt8]) throws(APIStatus) -> JSONValue
    ) {
        self.init(
            group: group, registry: registry, runtime: runtime, credentials: credentials, version: version,
            limits: ServerLimits(), logger: logger, parseYAML: parseYAML)
    }

    init(
        group: any EventLoopGroup, registry: Registry, runtime: any PodRuntime, credentials: Credentials,
        version: ServerVersion = ServerVersion(), limits: ServerLimits, logger: Logger,
        parseYAML: @escaping @Sendable ([UInt8]) throws(APIStatus) -> JSONValue
    ) {
        self.group = group
        service = RequestService(
            registry: registry, runtime: runtime, credentials: credentials, version: version, limits: limits,
            group: group, logger: logger, parseYAML: parseYAML)
    }

    /// Serves a bound socket from now on; more can be added at any time.
    ///
    /// - Parameters:
    ///   - descriptor: the socket. It is the server's from the call on, also when this throws.
    ///   - listener: what it is.
    /// - Throws: `APIServerError`.
    public func serve(_ descriptor: Int32, as listener: Listener) async throws(APIServerError) {
        let socket = ServerSocket(descriptor: descriptor)
        do throws(APIServerError) {
            guard !state.withLock({ $0.isClosed }) else { throw .closed }
            try socket.check(listener)
        } catch {
            socket.close()
            throw error
        }
        let connections = ListenerConnections(limit: service.limits.connectionsPerListener)
        let channel: any Channel
        do {
            let adoption = ListenerAdoption(
                group: group, service: service, connections: connections, listener: listener,
                tls: listener == .tls ? try service.credentials.serverContext() : nil)
            channel = try await adoption.channel(descriptor)
        } catch let error as APIServerError {
            throw error
        } catch {
            throw .adoption(descriptor: descriptor, reason: "\(error)")
        }
        let isKept = state.withLock { state in
            if !state.isClosed { state.listeners.append((channel, connections)) }
            return !state.isClosed
        }
        if !isKept {
            channel.close(promise: nil)
            throw .closed
        }
    }

    /// Ends all listeners and connections. Returns when none of their descriptors is left.
    public func close() async {
        let listeners = state.withLock { state in
            state.isClosed = true
            defer { state.listeners = [] }
            return state.listeners
        }
        for listener in listeners { listener.channel.close(promise: nil) }
        for listener in listeners {
            await listener.channel.closeFuture.outcome()
            await listener.connections.close()
        }
    }
}

/// Why a socket cannot be served.
public enum APIServerError: Error, Sendable, CustomStringConvertible {
    /// The server was closed.
    case closed
    /// The socket is not what its owner says.
    case unsuitable(descriptor: Int32, expected: String)
    /// The event loop refuses it.
    case adoption(descriptor: Int32, reason: String)

    /// A sentence.
    public var description: String {
        switch self {
        case .closed: "the API server was closed"
        case .unsuitable(let descriptor, let expected):
            "the API server cannot serve descriptor \(descriptor): it is not \(expected)"
        case .adoption(let descriptor, let reason):
            "the API server cannot serve descriptor \(descriptor): \(reason)"
        }
    }
}
