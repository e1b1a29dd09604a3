import CLinux
import Synchronization

/// The reading thread's work, and what other threads ask of it.
final class CaptureReader: Sendable {
    let store = Mutex(PacketStore())
    private let shared = Mutex(Shared())
    private let wakeUp: WakeUp

    /// What the reading thread shares with those who call the session.
    private struct Shared {
        var points: [CapturePoint] = []
        var added: [PointReader] = []
        var requests: [Request] = []
        var retired: [Retirement] = []
        var isStopping = false
        var hasEnded = false
        var waitingForEnd: [CheckedContinuation<Void, Never>] = []
    }

    typealias Answer = Result<[CaptureStatistics], CaptureError>

    /// Someone waits for statistics, either now or once the points have been drained.
    private struct Request {
        let limit: Duration?
        let answer: CheckedContinuation<Answer, Never>
    }

    /// Someone waits for points to be closed.
    private struct Retirement {
        let points: Set<Int>
        let done: CheckedContinuation<Void, Never>
    }

    /// A request whose targets are known.
    private struct Drain {
        let deadline: ContinuousClock.Instant
        /// How many packets each point must have read. Points that came later are not waited for.
        let targets: [Int]
        let answer: CheckedContinuation<Answer, Never>
    }

    init() throws(CaptureError) {
        wakeUp = try WakeUp()
    }

    deinit {
        // What no thread ever came to read.
        var added = shared.withLock { $0.added }
        added.closeAll()
    }

    // MARK: On any thread

    var points: [CapturePoint] { shared.withLock { $0.points } }

    func add(_ captures: [OpenCapture]) throws(CaptureError) {
        try shared.withLock { shared throws(CaptureError) in
            guard !shared.isStopping else { throw .closed }
            var added: [PointReader] = []
            for (index, capture) in captures.enumerated() {
                guard let handle = capture.take() else {
                    added.closeAll()
                    throw .handleInUse(point: capture.point.name)
                }
                added.append(PointReader(shared.points.count + index, capture.point, handle))
            }
            shared.points += captures.map(\.point)
            shared.added += added
        }
        wakeUp.signal()
    }

    func request(within limit: Duration?) async throws(CaptureError) -> [CaptureStatistics] {
        let answer = await withCheckedContinuation { continuation in
            let isStopping = shared.withLock { shared in
                if !shared.isStopping { shared.requests.append(Request(limit: limit, answer: continuation)) }
                return shared.isStopping
            }
            if isStopping { continuation.resume(returning: .failure(.closed)) } else { wakeUp.signal() }
        }
        return try answer.get()
    }

    /// Closes points, and returns when their handles are closed. Their indices and what was read of them stay.
    func retire(_ points: Set<Int>) async {
        await withCheckedContinuation { continuation in
            let isStopping = shared.withLock { shared in
                if !shared.isStopping { shared.retired.append(Retirement(points: points, done: continuation)) }
                return shared.isStopping
            }
            if isStopping { continuation.resume() } else { wakeUp.signal() }
        }
    }

    func stop() {
        shared.withLock { $0.isStopping = true }
        wakeUp.signal()
    }

    /// Stops, and returns when the handles are closed and the thread is about to end.
    func finish() async {
        await withCheckedContinuation { continuation in
            let hasEnded = shared.withLock { shared in
                shared.isStopping = true
                if !shared.hasEnded { shared.waitingForEnd.append(continuation) }
                return shared.hasEnded
            }
            if hasEnded { continuation.resume() } else { wakeUp.signal() }
        }
    }

    // MARK: On the reading thread

    func run() {
        var readers: [PointReader] = []
        var drains: [Drain] = []
        while true {
            let (added, requests, retired, isStopping) = shared.withLock { shared in
                defer { (shared.added, shared.requests, shared.retired) = ([], [], []) }
                return (shared.added, shared.requests, shared.retired, shared.isStopping)
            }
            readers += added
            if isStopping {
                for drain in drains { drain.answer.resume(returning: .failure(.closed)) }
                for request in requests { request.answer.resume(returning: .failure(.closed)) }
                for retirement in retired { retirement.done.resume() }
                break
            }
            for retirement in retired {
                read(&readers, everything: true)
                readers.close(readers.indices.filter(retirement.points.contains))
                retirement.done.resume()
            }
            for request in requests { accept(request, &readers, &drains) }
            read(&readers, everything: !drains.isEmpty)
            drains = drains.filter { !answer($0, &readers) }
            wait(&readers, isDraining: !drains.isEmpty)
        }
        readers.closeAll()
        end()
    }

    private func end() {
        let waiting = shared.withLock { shared in
            shared.hasEnded = true
            defer { shared.waitingForEnd = [] }
            return shared.waitingForEnd
        }
        for continuation in waiting { continuation.resume() }
    }

    private func accept(_ request: Request, _ readers: inout [PointReader], _ drains: inout [Drain]) {
        for index in readers.indices { readers[index].count() }
        guard let limit = request.limit else {
            request.answer.resume(returning: .success(readers.map(\.statistics)))
            return
        }
        drains.append(
            Drain(deadline: .now + limit, targets: readers.map(\.countedAndKept), answer: request.answer))
    }

    /// Reads what is ready. While someone waits for a drain every point is asked, ready or not.
    private func read(_ readers: inout [PointReader], everything: Bool) {
        for index in readers.indices where everything || readers[index].isReady {
            let batch = readers[index].nextBatch()
            if !batch.isEmpty { store.withLock { $0.append(batch) } }
        }
    }

    /// Answers a drain that is done or out of time.
    private func answer(_ drain: Drain, _ readers: inout [PointReader]) -> Bool {
        let lagging = drain.targets.indices.filter { readers[$0].read < drain.targets[$0] }
        guard lagging.isEmpty || ContinuousClock.now >= drain.deadline else { return false }
        for index in readers.indices { readers[index].count() }
        let statistics = readers.map(\.statistics)
        drain.answer.resume(
            returning: lagging.isEmpty ? .success(statistics) : .failure(.notDrained(lagging.map { statistics[$0] })))
        return true
    }

    /// Sleeps until a ring has packets or someone calls; notes which points are ready.
    private func wait(_ readers: inout [PointReader], isDraining: Bool) {
        var descriptors = readers.map(\.pollDescriptor)
        descriptors.append(pollfd(fd: wakeUp.fileDescriptor, events: Int16(POLLIN), revents: 0))
        // A drain is also bounded by its deadline, and a point that failed no longer wakes the thread.
        let timeout: Int32 = readers.contains(where: \.isReady) ? 0 : isDraining ? 10 : -1
        // Fails only with EINTR, and no signal is delivered here.
        poll(&descriptors, nfds_t(descriptors.count), timeout)
        for index in readers.indices where descriptors[index].revents != 0 { readers[index].isReady = true }
        if descriptors[readers.count].revents != 0 { wakeUp.clear() }
    }
}
