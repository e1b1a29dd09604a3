internal import Glibc
internal import Netlink
public import NetworkNamespaces
internal import Nftables
internal import Synchronization
public import Topology

/// Asks a build to stop before its next step.
public final class Cancellation: Sendable {
    private let flag = Atomic(false)

    /// Makes one that has not been asked yet.
    public init() {}

    /// Asks.
    public func cancel() { flag.store(true, ordering: .relaxed) }

    /// Whether somebody has asked.
    public var isCancelled: Bool { flag.load(ordering: .relaxed) }
}

/// Carries out a plan's operations. It lives on the namespace thread.
public actor Builder {
    let thread: NamespaceThread
    let directories: LabDirectories
    private var sessions: [String: NamespaceSession] = [:]
    private var current: NamespaceSession?
    /// Names that were created in the run under way.
    private var created: Set<String> = []
    /// What makes the namespaces that are to be created next.
    private var maker: NamespaceMaker?
    /// Told when a processor is free again.
    private var whenMade: @Sendable () -> Void = {}

    /// A builder on the given thread.
    public init(thread: NamespaceThread, directories: LabDirectories) {
        self.thread = thread
        self.directories = directories
    }

    /// The namespace thread.
    public nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    /// Carries out operations in order. Where one fails, or the run is cancelled, what this run has made is removed again.
    ///
    /// - Parameters:
    ///   - progress: called now and then with the number of operations carried out so far.
    ///   - whenMade: called when the namespaces are made: two processors are busy until then, and one afterwards.
    ///   - work: what can be done while the kernel brings up the links that were made: everything has its addresses, but
    ///     packets may not pass yet. It may use this builder, and has ended when this returns or throws.
    /// - Throws: `BuildError` for the operation that failed; `CancellationError` for a cancelled run.
    public func perform(
        _ operations: [Operation], cancellation: Cancellation, progress: @Sendable (Int) -> Void = { _ in },
        whenMade: @escaping @Sendable () -> Void = {}, whileSettling work: @escaping @Sendable () async -> Void = {}
    ) async throws {
        defer { endRun() }
        self.whenMade = whenMade
        var done = 0
        // Each report travels to the command line as a message; more would only be in the way.
        var nextReport = ContinuousClock.now
        do {
            if !operations.contains(where: { if case .createNamespace = $0 { true } else { false } }) { whenMade() }
            while done < operations.count {
                if case .createNamespace = operations[done] {
                    if cancellation.isCancelled { throw CancellationError() }
                    if ContinuousClock.now >= nextReport {
                        progress(done)
                        nextReport = .now + .milliseconds(25)
                    }
                }
                try perform(operations[done], of: operations[done...])
                done += 1
            }
            try switchTo(nil)
            try await settle(operations, cancellation, while: work)
            if cancellation.isCancelled { throw CancellationError() }
        } catch {
            let ahead = maker?.stop() ?? []
            undo(operations[..<min(done + 1, operations.count)])
            for name in ahead where !created.contains(name) { try? directories.namespaces.remove(name) }
            throw error
        }
        progress(done)
    }

    /// Removes what a failed run has made. What cannot be removed now stays in the journal for `lab down`.
    private func undo(_ operations: ArraySlice<Operation>) {
        current = nil
        for operation in operations.reversed() {
            guard let inverse = operation.inverse else { continue }
            if case .removeNamespace(let name) = inverse {
                guard created.contains(name) else { continue }
            } else if created.contains(inverse.namespace) {
                continue
            }
            try? perform(inverse, of: [inverse])
            try? switchTo(nil)
        }
    }

    private func endRun() {
        sessions.removeAll()
        current = nil
        maker = nil
        whenMade()
        whenMade = {}
        created.removeAll()
    }

    /// Carries out an operation.
    ///
    /// - Parameter rest: it and those that come after it.
    private func perform(_ operation: Operation, of rest: ArraySlice<Operation>) throws {
        do {
            switch operation {
            case .createNamespace(let name, _):
                try switchTo(nil)
                try create(name, of: rest)
            case .shareNamespace(let name, let other):
                try switchTo(nil)
                try directories.namespaces.mount(try session(other).namespace, as: name)
                created.insert(name)
            case .removeNamespace(let name):
                try switchTo(nil)
                sessions[name] = nil
                try directories.namespaces.remove(name)
            case .writeSysctl(let name, let setting):
                try switchTo(nil)
                try thread.inside(try session(name).namespace) { try setting.write(to: SysctlTree()) }
            case .disableChecksumOffload(let name, let link):
                try switchTo(nil)
                try session(name).socket.setTransmitChecksumOffload(false, interface: link)
            case .replaceHostPorts(let name, let mappings):
                try switchTo(nil)
                try thread.inside(try session(name).namespace) { try HostPorts.replace(mappings) }
            default:
                try performLink(operation)
            }
        } catch let error as BuildError {
            throw error
        } catch {
            throw BuildError(operation, error)
        }
    }

    private func performLink(_ operation: Operation) throws {
        let session = try session(operation.namespace)
        try switchTo(session)
        switch operation {
        case .addUplink(let far, let uplink):
            let farSession = try self.session(far)
            try session.add(operation, peer: farSession.namespace)
            session.didAdd(link: uplink.port)
            farSession.didAdd(link: uplink.interface)
        case .addBridge(_, let bridge):
            try session.add(operation)
            session.didAdd(link: bridge.name)
        case .addVXLAN(_, let vxlan):
            try session.add(operation)
            session.didAdd(link: vxlan.name)
        case .removeLink:
            try session.remove(operation)
        default:
            try session.add(operation)
        }
    }

    /// Requests for one namespace are sent together; those for another wait until they have been.
    private func switchTo(_ next: NamespaceSession?) throws {
        guard current !== next else { return }
        try current?.flush()
        current = next
    }

    func session(_ name: String) throws -> NamespaceSession {
        if let current, current.name == name { return current }
        if let session = sessions[name] { return session }
        let namespace = try directories.namespaces.open(name)
        let session = try thread.inside(namespace) {
            try NamespaceSession(name: name, namespace: namespace, isNew: false)
        }
        sessions[name] = session
        return session
    }

    /// Takes the namespace that the maker has ready. A maker makes everything up to the next removal, since that may be
    /// of a name that is to be made anew.
    private func create(_ name: String, of rest: ArraySlice<Operation>) throws {
        if maker?.isExhausted ?? true {
            var orders: [NamespaceMaker.Order] = []
            loop: for operation in rest {
                switch operation {
                case .createNamespace(let name, let sysctls): orders.append(.init(name: name, sysctls: sysctls))
                case .removeNamespace: break loop
                default: continue
                }
            }
            maker = try NamespaceMaker.start(orders, directories: directories, whenDone: whenMade)
        }
        guard let maker else { return }
        sessions[name] = try maker.next()
        created.insert(name)
    }

    /// Runs `body` inside a namespace of the lab.
    public func inside<Result: Sendable>(_ name: String, _ body: @Sendable () throws -> Result) throws -> Result {
        try thread.inside(try directories.namespaces.open(name), body)
    }

    /// Whether a namespace has an interface of that name.
    func hasLink(_ link: String, in name: String) throws -> Bool {
        try inside(name) { if_nametoindex(link) != 0 }
    }
}
