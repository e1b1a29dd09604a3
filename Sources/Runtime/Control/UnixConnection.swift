internal import CLinux
internal import Glibc

/// A connection to a Unix socket.
final class UnixConnection {
    let descriptor: Int32

    /// Connects; nil where nobody listens.
    init?(_ path: String) {
        guard let address = UnixAddress(path) else { return nil }
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return nil }
        guard address.withPointer({ connect(descriptor, $0, $1) }) == 0 else {
            close(descriptor)
            return nil
        }
        self.descriptor = descriptor
    }

    /// Takes over a connected socket.
    init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    deinit {
        close(descriptor)
    }

    /// Writes everything.
    ///
    /// - Throws: `StateError` where the other side has gone.
    func write(_ bytes: [UInt8]) throws(StateError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let sent = rest.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            if sent < 0 {
                if errno == EINTR { continue }
                throw StateError("send to", "the lab's supervisor", errno: errno)
            }
            rest = rest.dropFirst(sent)
        }
    }

    /// Waits for what comes next; empty at the end.
    ///
    /// - Throws: `StateError` where the other side has gone before its time.
    func read(atMost count: Int = 64 * 1024) throws(StateError) -> [UInt8] {
        while true {
            var result = 0
            let bytes = [UInt8](unsafeUninitializedCapacity: count) { room, filled in
                result = Glibc.read(descriptor, room.baseAddress, count)
                filled = max(0, result)
            }
            if result >= 0 { return bytes }
            if errno == EINTR { continue }
            throw StateError("hear from", "the lab's supervisor", errno: errno)
        }
    }
}
