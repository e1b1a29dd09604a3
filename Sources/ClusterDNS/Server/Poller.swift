internal import CLinux
internal import Glibc

/// Waits for many descriptors at once (epoll(7)), and can be woken from other threads.
struct Poller: Sendable {
    private let descriptor: Int32
    /// An eventfd(2), whose readiness means that somebody called `wake()`.
    let wakeUp: Int32

    struct Event {
        let descriptor: Int32
        let isReadable: Bool
        let isWritable: Bool
        /// The other side is gone, or an error is pending.
        let hasFailed: Bool
    }

    init() throws(DNSServerError) {
        descriptor = epoll_create1(Int32(EPOLL_CLOEXEC))
        guard descriptor >= 0 else { throw DNSServerError("create", "an epoll instance", errno: errno) }
        wakeUp = eventfd(0, Int32(EFD_CLOEXEC) | Int32(EFD_NONBLOCK))
        guard wakeUp >= 0, watch(wakeUp, isReading: true, isWriting: false) else {
            let error = errno
            Glibc.close(descriptor)
            throw DNSServerError("create", "an event descriptor", errno: error)
        }
    }

    func close() {
        Glibc.close(descriptor)
        if wakeUp >= 0 { Glibc.close(wakeUp) }
    }

    /// Wakes the waiting thread.
    func wake() {
        // Fails only where the counter is full, and then the thread is woken already.
        eventfd_write(wakeUp, 1)
    }

    func clearWakeUp() {
        var count: eventfd_t = 0
        eventfd_read(wakeUp, &count)
    }

    /// Begins to watch a descriptor, or watches it for something else.
    @discardableResult
    func watch(_ watched: Int32, isReading: Bool, isWriting: Bool) -> Bool {
        let events = (isReading ? EPOLLIN.rawValue : 0) | (isWriting ? EPOLLOUT.rawValue : 0)
        var event = epoll_event(events: events, data: epoll_data_t(fd: watched))
        if epoll_ctl(descriptor, EPOLL_CTL_MOD, watched, &event) == 0 { return true }
        return errno == ENOENT && epoll_ctl(descriptor, EPOLL_CTL_ADD, watched, &event) == 0
    }

    /// Ends watching. Closing a descriptor does so too.
    func forget(_ watched: Int32) {
        epoll_ctl(descriptor, EPOLL_CTL_DEL, watched, nil)
    }

    /// Waits for events, at most so long; for ever where that is nil.
    func wait(_ limit: Duration?) throws(DNSServerError) -> [Event] {
        var events = [epoll_event](repeating: epoll_event(), count: 64)
        // Rounded up: to wake just before a deadline would be to wake again and again.
        let milliseconds = limit.map { $0 <= .zero ? 0 : Int32(clamping: Int64(($0 / .milliseconds(1)).rounded(.up))) }
        let count = epoll_wait(descriptor, &events, Int32(events.count), milliseconds ?? -1)
        guard count >= 0 else {
            if errno == EINTR { return [] }
            throw DNSServerError("wait for", "its sockets", errno: errno)
        }
        return events[..<Int(count)].map { event in
            Event(
                descriptor: event.data.fd, isReadable: event.events & EPOLLIN.rawValue != 0,
                isWritable: event.events & EPOLLOUT.rawValue != 0,
                hasFailed: event.events & (EPOLLERR.rawValue | EPOLLHUP.rawValue) != 0)
        }
    }
}
