internal import CLinux
internal import Glibc
internal import Synchronization

/// Tells when processes end, by their pidfds, from one thread.
///
/// Only processes that were handed over are waited for: other children of this process are others' concern.
final class ProcessWatcher: Sendable {
    /// Called with the exit status: the program's own, 128 and the signal's number, or nil for a process that is not
    /// this one's child.
    typealias Completion = @Sendable (Int32?) -> Void

    private let watched = Mutex<[Int32: Completion]>([:])
    private let poll: Int32

    init() throws {
        poll = epoll_create1(Int32(EPOLL_CLOEXEC))
        guard poll >= 0 else { throw StateError("create", "an epoll instance", errno: errno) }
        let context = Unmanaged.passRetained(self)
        let error = lab_start_thread({ ProcessWatcher.body($0) }, context.toOpaque())
        guard error == 0 else {
            context.release()
            throw StateError("start", "the thread that watches processes", errno: error)
        }
    }

    /// Watches a process; the descriptor passes to the watcher.
    func watch(pidfd: Int32, _ completion: @escaping Completion) {
        watched.withLock { $0[pidfd] = completion }
        var event = epoll_event(events: EPOLLIN.rawValue, data: epoll_data_t(fd: pidfd))
        if epoll_ctl(poll, EPOLL_CTL_ADD, pidfd, &event) != 0 { finish(pidfd) }
    }

    private static func body(_ context: UnsafeMutableRawPointer?) {
        guard let context else { return }
        let watcher = Unmanaged<ProcessWatcher>.fromOpaque(context).takeRetainedValue()
        lab_name_thread("lab-processes")
        watcher.run()
    }

    private func run() {
        var events = [epoll_event](repeating: epoll_event(), count: 64)
        while true {
            let count = epoll_wait(poll, &events, Int32(events.count), -1)
            if count < 0 {
                if errno == EINTR { continue }
                return
            }
            for event in events[..<Int(count)] { finish(event.data.fd) }
        }
    }

    private func finish(_ pidfd: Int32) {
        epoll_ctl(poll, EPOLL_CTL_DEL, pidfd, nil)
        var information = siginfo_t()
        let isChild = waitid(P_PIDFD, id_t(pidfd), &information, WEXITED) == 0
        close(pidfd)
        let completion = watched.withLock { $0.removeValue(forKey: pidfd) }
        completion?(isChild ? lab_exit_status(&information) : nil)
    }
}
