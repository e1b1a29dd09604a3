import Addressing
import Glibc
import NetworkNamespaces
import Synchronization

/// A long flow under way, on a namespace thread of its own that stays with the sender.
final class RunningStream: Sendable {
    let plan: StreamPlan
    private let isStopping = Atomic<Bool>(false)
    private let answered = Atomic<Int>(0)
    private let thread: NamespaceThread
    private let work: Mutex<Task<StreamRecord, any Error>?> = Mutex(nil)

    /// After the end, messages of one connection may still come back for so long: TCP may have to send them again.
    private static let lastWait: Duration = .seconds(1)
    /// The same where each message has a flow of its own.
    private static let lastWaitOfFresh: Duration = .milliseconds(50)
    /// The first answer is waited for no longer than this.
    private static let firstWait: Duration = .seconds(2)

    /// Opens servers at the receivers and begins to send.
    /// - Throws: `ConformanceError` where a receiver serves the port already, or cannot be entered.
    static func start(_ plan: StreamPlan, _ watch: Watch, _ threads: NamespaceThreads) async throws -> RunningStream {
        let isStream = plan.step.kind.transport == .tcp
        var places: [OpenNamespace] = []
        for receiver in plan.receivers { places.append(try await watch.namespace(of: receiver.participant)) }
        let opened = try await threads.forEach(Array(zip(plan.receivers, places)), in: { $0.1 }) { receiver, _ in
            Result { try StreamServers.open(receiver, isStream: isStream) }
        }
        let descriptors = opened.compactMap { try? $0.get() }
        for (receiver, result) in zip(plan.receivers, opened) {
            guard case .failure(let error) = result else { continue }
            for descriptor in descriptors { close(descriptor) }
            throw ConformanceError(
                "the stream \(plan.step.id) cannot be served at \(receiver.participant.name): \(error)",
                remedy: "lead it to a port that the pod's container does not serve")
        }
        let stream = try RunningStream(plan)
        stream.begin(StreamServers(descriptors, isStream: isStream), in: try await watch.namespace(of: plan.sender))
        await stream.waitForAnswer()
        return stream
    }

    private init(_ plan: StreamPlan) throws {
        self.plan = plan
        thread = try NamespaceThread.start()
    }

    private func begin(_ servers: StreamServers, in namespace: OpenNamespace) {
        let visitor = NamespaceVisitor(thread)
        work.withLock { work in
            work = Task { [self] in
                try await visitor.inside(namespace) { self.run(servers) }
            }
        }
    }

    private func waitForAnswer() async {
        let deadline = ContinuousClock.now + Self.firstWait
        while answered.load(ordering: .relaxed) == 0, ContinuousClock.now < deadline {
            try? await Task.sleep(for: .milliseconds(2))
        }
    }

    /// Ends the flow, once what was sent has come back or had its time.
    func end() async throws -> StreamRecord {
        isStopping.store(true, ordering: .relaxed)
        defer { thread.stop() }
        guard let task = work.withLock({ $0 }) else { return StreamRecord() }
        return try await task.value
    }

    /// Sends, answers and listens, until it is told to end.
    private func run(_ servers: StreamServers) -> StreamRecord {
        var servers = servers
        var client = StreamClient(plan)
        let clock = ContinuousClock()
        var next = clock.now
        var end: ContinuousClock.Instant?
        while true {
            let now = clock.now
            if isStopping.load(ordering: .relaxed), end == nil {
                client.stopClock()
                end = now + (plan.step.isFresh ? Self.lastWaitOfFresh : Self.lastWait)
            }
            if let end, client.isComplete || client.isFinished || now >= end { break }
            if end == nil, now >= next, !client.isFinished {
                client.sendNext()
                next = max(next + plan.step.interval, now)
            }
            let wait = end == nil && !client.isFinished ? next - clock.now : .milliseconds(5)
            var own = client.descriptors
            let count = own.count
            own += servers.descriptors
            let timeout = Int32(clamping: Int((wait / .milliseconds(1)).rounded(.up)))
            if poll(&own, nfds_t(own.count), min(5, max(0, timeout))) > 0 {
                servers.answer(own[count...])
                client.proceed(own[..<count])
            }
            answered.store(client.record.answered, ordering: .relaxed)
        }
        client.stopClock()
        client.closeAll()
        servers.closeAll()
        var record = client.record
        record.answers = servers.counts
        return record
    }
}
