internal import CLinux
internal import Glibc
internal import Synchronization

/// Reads what containers write to pipes and terminals, from one thread.
final class OutputPump: Sendable {
    /// Called on the pump's thread when a descriptor has something to read, or has come to its end.
    typealias Reader = @Sendable () -> Void

    private let readers = Mutex<[Int32: Reader]>([:])
    private let poll: Int32

    init() throws(StateError) {
        poll = epoll_create1(Int32(EPOLL_CLOEXEC))
        guard poll >= 0 else { throw StateError("create", "an epoll instance", errno: errno) }
        let context = Unmanaged.passRetained(self)
        let error = lab_start_thread({ OutputPump.body($0) }, context.toOpaque())
        guard error == 0 else {
            context.release()
            close(poll)
            throw StateError("start", "the thread that reads containers' output", errno: error)
        }
    }

    /// Calls `reader` whenever a descriptor can be read. It has to be non-blocking: a call may come in vain.
    func watch(_ descriptor: Int32, _ reader: @escaping Reader) throws(StateError) {
        readers.withLock { $0[descriptor] = reader }
        var event = epoll_event(events: EPOLLIN.rawValue, data: epoll_data_t(fd: descriptor))
        guard epoll_ctl(poll, EPOLL_CTL_ADD, descriptor, &event) == 0 else {
            let error = errno
            readers.withLock { $0[descriptor] = nil }
            throw StateError("watch", "a container's output", errno: error)
        }
    }

    /// Calls no more for a descriptor. It comes before the descriptor is closed: while a copy of it is open anywhere, epoll
    /// would go on about it.
    func forget(_ descriptor: Int32) {
        epoll_ctl(poll, EPOLL_CTL_DEL, descriptor, nil)
        readers.withLock { $0[descriptor] = nil }
    }

    private static func body(_ context: UnsafeMutableRawPointer?) {
        guard let context else { return }
        let pump = Unmanaged<OutputPump>.fromOpaque(context).takeRetainedValue()
        lab_name_thread("lab-output")
        pump.run()
    }

    private func run() {
        var events = [epoll_event](repeating: epoll_event(), count: 64)
        while true {
            let count = epoll_wait(poll, &events, Int32(events.count), -1)
            if count < 0 {
                if errno == EINTR { continue }
                return
            }
            for event in events[..<Int(count)] {
                let reader = readers.withLock { $0[event.data.fd] }
                reader?()
            }
        }
    }
}
