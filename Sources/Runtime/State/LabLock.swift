internal import CLinux
internal import Glibc

/// The lock of a lab: whoever changes the lab holds it. The kernel releases it when its holder ends, however that is,
/// and knows who holds it (fcntl(2), F_SETLK).
///
/// A process opens the file once: closing any descriptor of it would release the lock.
struct LabLock: ~Copyable {
    /// What the holder of the lock does. The number of bytes that it locks tells.
    enum Role: Int64 {
        /// It supervises the lab.
        case supervisor = 1
        /// It takes the lab down.
        case teardown = 2
    }

    /// A process that holds a lab's lock.
    struct Holder: Equatable {
        let pid: Int32
        let role: Role
    }

    private let descriptor: Int32

    /// Tries to take the lock; nil where another process holds it.
    ///
    /// - Throws: `StateError` where the lock's file cannot be made, as on a full disk.
    static func attempt(_ directory: LabDirectory, as role: Role) throws(StateError) -> LabLock? {
        while true {
            _ = lab_kernel_request()
            let descriptor = open(directory.lock, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
            guard descriptor >= 0 else {
                // Its last holder has just removed the lab.
                guard errno == ENOENT else { throw StateError("open the lock", directory.lock, errno: errno) }
                try directory.create()
                continue
            }
            var request = region(of: role)
            guard fcntl(descriptor, F_SETLK, &request) == 0 else {
                let error = errno
                close(descriptor)
                if error == EACCES || error == EAGAIN { return nil }
                throw StateError("lock", directory.lock, errno: error)
            }
            // The holder before may have removed the lab and the file: then this lock locks nothing.
            var mine = stat()
            var current = stat()
            if fstat(descriptor, &mine) == 0, stat(directory.lock, &current) == 0, mine.st_ino == current.st_ino {
                return LabLock(descriptor: descriptor)
            }
            close(descriptor)
        }
    }

    /// The lab's supervisor, or nil where none runs.
    static func supervisor(_ directory: LabDirectory) -> Int32? {
        holder(directory).flatMap { $0.role == .supervisor ? $0.pid : nil }
    }

    /// The process that holds the lock, or nil where nobody does.
    static func holder(_ directory: LabDirectory) -> Holder? {
        let descriptor = open(directory.lock, O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var request = region(of: .teardown)
        guard fcntl(descriptor, F_GETLK, &request) == 0, request.l_type != Int16(F_UNLCK) else { return nil }
        return Holder(pid: request.l_pid, role: request.l_len == Role.supervisor.rawValue ? .supervisor : .teardown)
    }

    /// Every role's region has the first byte, so that two of them conflict.
    private static func region(of role: Role) -> flock {
        var request = flock()
        request.l_type = Int16(F_WRLCK)
        request.l_whence = Int16(SEEK_SET)
        request.l_len = off_t(role.rawValue)
        return request
    }

    private init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    deinit {
        close(descriptor)
    }
}
