internal import CLinux
internal import Glibc
internal import Synchronization

/// The one thread that enters network namespaces.
///
/// setns(2) and unshare(2) change the calling thread only. A task of Swift's pool may go on on another thread after
/// every `await`, and innocent tasks would run on the thread left behind; so everything that has to happen inside a
/// namespace (creating it, opening sockets, captures and processes in it) happens here, synchronously, and hands out
/// descriptors that work anywhere.
///
/// The thread is a serial executor: an actor that names it as its executor runs on it, and may call `inside(_:_:)`
/// from its synchronous code.
public final class NamespaceThread: SerialExecutor {
    private struct State {
        var jobs: [UnownedJob] = []
        var isStopping = false
    }

    private let state = Mutex(State())
    /// An eventfd that counts what was enqueued.
    private let wakeUp: Int32
    private let identity = Mutex<pthread_t?>(nil)
    /// The namespace in which the thread was started, and to which it returns after every visit.
    private let home: OpenNamespace

    private init(home: OpenNamespace, wakeUp: Int32) {
        self.home = home
        self.wakeUp = wakeUp
    }

    /// Starts a thread in the caller's network namespace.
    ///
    /// - Throws: `NamespaceError` where the namespace cannot be opened or no thread can be started.
    public static func start() throws(NamespaceError) -> NamespaceThread {
        let home = try OpenNamespace(path: "/proc/thread-self/ns/net")
        let wakeUp = eventfd(0, Int32(EFD_CLOEXEC))
        guard wakeUp >= 0 else { throw NamespaceError("open an eventfd for", on: "this process", errno: errno) }
        let thread = NamespaceThread(home: home, wakeUp: wakeUp)
        let context = Unmanaged.passRetained(thread)
        let error = lab_start_thread({ NamespaceThread.body($0) }, context.toOpaque())
        guard error == 0 else {
            context.release()
            throw NamespaceError("start the namespace thread of", on: "this process", errno: error)
        }
        return thread
    }

    deinit {
        close(wakeUp)
    }

    /// Lets the thread end once it has done what was given to it so far.
    public func stop() {
        state.withLock { $0.isStopping = true }
        signal()
    }

    private func signal() {
        eventfd_write(wakeUp, 1)
    }

    /// Queues a job; called by the Swift runtime.
    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        state.withLock { $0.jobs.append(job) }
        signal()
    }

    private static func body(_ context: UnsafeMutableRawPointer?) {
        guard let context else { return }
        let thread = Unmanaged<NamespaceThread>.fromOpaque(context).takeRetainedValue()
        thread.identity.withLock { $0 = pthread_self() }
        lab_name_thread("lab-namespaces")
        while thread.runJobs() {
            var count: eventfd_t = 0
            while eventfd_read(thread.wakeUp, &count) != 0 {}
        }
    }

    /// Runs what is waiting; false when the thread is to end.
    private func runJobs() -> Bool {
        while true {
            let (jobs, isStopping) = state.withLock { state in
                defer { state.jobs.removeAll() }
                return (state.jobs, state.isStopping)
            }
            if jobs.isEmpty { return !isStopping }
            for job in jobs { job.runSynchronously(on: asUnownedSerialExecutor()) }
        }
    }

    /// Runs `body` inside a namespace and comes back. Only on this thread.
    ///
    /// - Throws: `NamespaceError` where the namespace cannot be entered, and what `body` throws.
    public func inside<Result>(_ namespace: OpenNamespace, _ body: () throws -> Result) throws -> Result {
        try checkThread()
        try namespace.enter()
        let result = Swift.Result(catching: body)
        try home.enter()
        return try result.get()
    }

    /// Moves the thread into a new, empty network namespace, runs `body` there and comes back. Only on this thread.
    public func insideNew<Result>(_ body: () throws -> Result) throws -> Result {
        try checkThread()
        guard lab_unshare_network() == 0 else {
            throw NamespaceError("create a network namespace", on: "this host", errno: errno)
        }
        let result = Swift.Result(catching: body)
        try home.enter()
        return try result.get()
    }

    private func checkThread() throws(NamespaceError) {
        guard let identity = identity.withLock({ $0 }), pthread_equal(identity, pthread_self()) != 0 else {
            throw NamespaceError("enter a network namespace", on: "a thread that others share", errno: EPERM)
        }
    }
}

/// Runs single pieces of work on a namespace thread for callers that are no actors of their own.
public actor NamespaceVisitor {
    private let thread: NamespaceThread

    /// A visitor that runs on the given thread.
    public init(_ thread: NamespaceThread) {
        self.thread = thread
    }

    /// The thread.
    public nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    /// Runs `body` inside a namespace.
    public func inside<Result: Sendable>(
        _ namespace: OpenNamespace, _ body: @Sendable () throws -> Result
    ) throws -> Result {
        try thread.inside(namespace, body)
    }
}
