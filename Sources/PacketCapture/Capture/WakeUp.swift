import CLinux
import Glibc

/// Wakes the reading thread from its poll: eventfd(2).
final class WakeUp: Sendable {
    let fileDescriptor: Int32

    init() throws(CaptureError) {
        fileDescriptor = eventfd(0, Int32(EFD_CLOEXEC) | Int32(EFD_NONBLOCK))
        guard fileDescriptor >= 0 else { throw .thread(reason: "eventfd: \(String(cString: strerror(errno)))") }
    }

    deinit {
        close(fileDescriptor)
    }

    func signal() {
        // Fails only where the counter is full, and then the thread is woken already.
        eventfd_write(fileDescriptor, 1)
    }

    func clear() {
        var count: eventfd_t = 0
        eventfd_read(fileDescriptor, &count)
    }
}
