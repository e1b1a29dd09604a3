internal import CLinux
internal import Glibc

/// A listening Unix socket that only its owner can connect to.
enum UnixListener {
    /// Opens the socket, in the place of one that an earlier process has left.
    ///
    /// - Returns: its descriptor, non-blocking, which the caller closes.
    static func open(_ path: String) throws(StateError) -> Int32 {
        try StateFile.remove(path)
        guard let address = UnixAddress(path) else { throw StateError("listen on", path, errno: ENAMETOOLONG) }
        let flags = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        let descriptor = socket(AF_UNIX, flags, 0)
        guard descriptor >= 0 else { throw StateError("open a socket for", path, errno: errno) }
        let isBound = address.withPointer { bind(descriptor, $0, $1) == 0 }
        // Nobody can connect before the socket listens.
        guard isBound, chmod(path, 0o600) == 0, listen(descriptor, 128) == 0 else {
            let error = errno
            close(descriptor)
            throw StateError("listen on", path, errno: error)
        }
        return descriptor
    }
}
