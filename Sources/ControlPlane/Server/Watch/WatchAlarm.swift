internal import NIOCore
internal import Synchronization

/// Ends a watch's waits for changes when it has something else to do.
final class WatchAlarm: Sendable {
    private struct State {
        var wait: Task<Void, Never>?
        var isRung = false
        var timers: (RepeatedTask, Scheduled<Void>)?
    }

    private let state = Mutex(State())

    /// Rings at every interval and at the end.
    init(_ eventLoop: any EventLoop, every interval: TimeAmount, end: NIODeadline) {
        let repeated = eventLoop.scheduleRepeatedTask(initialDelay: interval, delay: interval) { [weak self] _ in
            self?.ring()
        }
        let last = eventLoop.scheduleTask(deadline: end) { [weak self] in
            self?.ring()
            return
        }
        state.withLock { $0.timers = (repeated, last) }
    }

    /// Rings no more.
    func stop() {
        let timers = state.withLock { $0.timers }
        timers?.0.cancel()
        timers?.1.cancel()
    }

    private func ring() {
        let wait = state.withLock { state in
            if state.wait == nil { state.isRung = true }
            return state.wait
        }
        wait?.cancel()
    }

    /// Waits until the operation is done, the alarm rings, or the task is cancelled. The operation ends when it is
    /// cancelled.
    func wait(_ operation: @escaping @Sendable () async -> Void) async {
        let wait = Task { await operation() }
        let isRung = state.withLock { state in
            defer { state.isRung = false }
            if !state.isRung { state.wait = wait }
            return state.isRung
        }
        if isRung { return wait.cancel() }
        await withTaskCancellationHandler {
            await wait.value
        } onCancel: {
            wait.cancel()
        }
        state.withLock { $0.wait = nil }
    }
}
