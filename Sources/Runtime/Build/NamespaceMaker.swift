internal import CLinux
internal import Glibc
internal import Netlink
internal import NetworkNamespaces
internal import Synchronization
internal import Topology

/// Makes network namespaces ahead of the builder, on a thread of its own.
///
/// Half of what the kernel does for a pod is making its namespace, and most of that needs no lock that links, addresses
/// and routes are changed under: while one thread makes namespaces, the other fills those that are there.
///
///     maker     ns 1 │ ns 2 │ ns 3 │ ns 4 │ …
///     builder        │ links of 1  │ links of 2  │ …
final class NamespaceMaker: Sendable {
    /// A namespace to make.
    struct Order: Sendable {
        let name: String
        let sysctls: [SysctlSetting]
    }

    /// A session on its way from one thread to the other.
    private struct Parcel: @unchecked Sendable {
        // Unchecked: the maker keeps nothing of what it has put in, and the builder takes it out once.
        let session: NamespaceSession
    }

    private struct State {
        var parcels: [Result<Parcel, any Error>] = []
        var taken = 0
        /// What has been mounted, complete or not.
        var mounted: [String] = []
        var isCancelled = false
        var isFinished = false
    }

    private let state = Mutex(State())
    /// Counts results, and one more for the end.
    private let results: Int32
    private let orders: [Order]
    private let directories: LabDirectories

    /// Starts making namespaces in order. What is made has to be recorded already.
    ///
    /// - Parameter whenDone: called when the last one is made, or none will be any more.
    static func start(
        _ orders: [Order], directories: LabDirectories, whenDone: @escaping @Sendable () -> Void
    ) throws -> NamespaceMaker {
        let results = eventfd(0, Int32(EFD_CLOEXEC) | Int32(EFD_SEMAPHORE))
        guard results >= 0 else { throw StateError("open", "an eventfd", errno: errno) }
        let maker = NamespaceMaker(orders, results, directories)
        let thread = try NamespaceThread.start()
        let worker = Worker(thread: thread)
        Task {
            await worker.work(maker)
            thread.stop()
            whenDone()
        }
        return maker
    }

    private init(_ orders: [Order], _ results: Int32, _ directories: LabDirectories) {
        self.orders = orders
        self.results = results
        self.directories = directories
    }

    deinit {
        close(results)
    }

    /// Whether every session has been taken.
    var isExhausted: Bool { state.withLock { $0.taken == orders.count } }

    /// Waits for the next namespace, in the order in which they were asked for.
    ///
    /// - Throws: what went wrong with it; there are no more then.
    func next() throws -> NamespaceSession {
        waitForResult()
        let result = state.withLock { state in
            state.taken += 1
            return state.parcels.isEmpty ? nil : state.parcels.removeFirst()
        }
        guard let result else { throw CancellationError() }
        return try result.get().session
    }

    /// Makes no more, and waits until the thread has come to its end.
    ///
    /// - Returns: all names that were mounted, whether their sessions were taken or not.
    func stop() -> [String] {
        state.withLock { $0.isCancelled = true }
        while !state.withLock({ $0.isFinished }) { waitForResult() }
        return state.withLock { state in
            state.parcels.removeAll()
            return state.mounted
        }
    }

    private func waitForResult() {
        var count: eventfd_t = 0
        while eventfd_read(results, &count) != 0 {}
    }

    private func put(_ result: Result<Parcel, any Error>) {
        state.withLock { $0.parcels.append(result) }
        eventfd_write(results, 1)
    }

    fileprivate func work(on thread: NamespaceThread) {
        var areEmpty: Bool?
        for order in orders {
            if state.withLock({ $0.isCancelled }) { break }
            do {
                put(.success(Parcel(session: try thread.insideNew { try make(order, &areEmpty) })))
            } catch {
                put(.failure(error))
                break
            }
        }
        state.withLock { $0.isFinished = true }
        eventfd_write(results, 1)
    }

    /// - Parameter areEmpty: whether new namespaces have nothing but a loopback; hosts with tunnel modules put their
    ///   devices in each. Nil until one has been looked at.
    private func make(_ order: Order, _ areEmpty: inout Bool?) throws -> NamespaceSession {
        try directories.namespaces.mountCurrent(as: order.name)
        state.withLock { $0.mounted.append(order.name) }
        let tree = SysctlTree()
        for setting in order.sysctls { try setting.write(to: tree) }
        let namespace = try directories.namespaces.open(order.name)
        if areEmpty == nil { areEmpty = try RouteHandle().links().count == 1 }
        return try NamespaceSession(name: order.name, namespace: namespace, isNew: areEmpty ?? false)
    }

    /// The maker's thread, as an actor.
    private actor Worker {
        private let thread: NamespaceThread

        init(thread: NamespaceThread) {
            self.thread = thread
        }

        nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

        func work(_ maker: NamespaceMaker) {
            maker.work(on: thread)
        }
    }
}

extension SysctlSetting {
    /// Writes the setting in the namespace of the tree.
    func write(to tree: SysctlTree) throws {
        do {
            try tree.write(name, value)
        } catch {
            guard isOptional else { throw error }
        }
    }
}
