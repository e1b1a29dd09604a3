internal import Addressing
internal import Components
internal import Logging
internal import NIOCore
internal import NetworkNamespaces
internal import ServiceProxy
internal import Synchronization

/// The HTTP servers on the nodes' healthCheckNodePorts.
actor HealthCheckServers {
    /// What a node is to answer.
    struct Wish: Sendable {
        /// The node's network namespace.
        let namespace: String
        /// Its inode: a namespace that comes under the same name has none of the sockets.
        let inode: UInt64
        /// The addresses that the ports are opened on.
        let addresses: [IPAddress]
        let checks: [HealthCheck]
    }

    private struct Place: Hashable {
        let inode: UInt64
        let address: IPAddress
        let port: UInt16
    }

    private let wishes = Mutex<[String: Wish]>([:])
    private let signals: AsyncStream<Void>
    private let signal: AsyncStream<Void>.Continuation
    private let builder: Builder
    private let group: any EventLoopGroup
    private let logger: Logger
    private var listeners: [String: [Place: HealthCheckListener]] = [:]

    init(builder: Builder, group: any EventLoopGroup, logger: Logger) {
        (signals, signal) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        self.builder = builder
        self.group = group
        self.logger = logger
    }

    /// Says what a node is to answer from now on; returns at once.
    nonisolated func want(_ wish: Wish, of node: String) {
        wishes.withLock { $0[node] = wish }
        signal.yield()
    }

    /// Opens, changes and closes servers as they are wanted, until the task is cancelled.
    func run() async {
        for await _ in signals {
            let wanted = wishes.withLock { wishes in
                defer { wishes = [:] }
                return wishes
            }
            for (node, wish) in wanted { await converge(node, to: wish) }
        }
        for listener in listeners.values.flatMap(\.values) { await listener.close() }
        listeners = [:]
    }

    private func converge(_ node: String, to wish: Wish) async {
        var wanted: [Place: HealthCheck] = [:]
        for check in wish.checks {
            for address in wish.addresses {
                wanted[Place(inode: wish.inode, address: address, port: check.port)] = check
            }
        }
        var present = listeners[node] ?? [:]
        for (place, listener) in present where wanted[place] == nil {
            present[place] = nil
            await listener.close()
        }
        for (place, check) in wanted {
            if let listener = present[place] {
                listener.update(check)
                continue
            }
            do {
                let descriptor = try await builder.inside(wish.namespace) {
                    try Socket.listen(.tcp, place.address, port: place.port)
                }
                present[place] = try await HealthCheckListener.serve(descriptor, check, group: group)
            } catch {
                logger.error("\(node) cannot answer health checks of \(check.service): \(error)")
            }
        }
        listeners[node] = present.isEmpty ? nil : present
    }
}
