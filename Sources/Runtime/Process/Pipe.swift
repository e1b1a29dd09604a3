internal import CLinux
internal import Glibc

/// A pipe of which one end goes to a child and the other to whoever asked for it.
final class Pipe {
    private(set) var reading: Int32
    private(set) var writing: Int32

    init() throws(StateError) {
        var ends: [Int32] = [-1, -1]
        guard lab_pipe(&ends) == 0 else { throw StateError("open", "a pipe", errno: errno) }
        (reading, writing) = (ends[0], ends[1])
    }

    deinit {
        for descriptor in [reading, writing] where descriptor >= 0 { close(descriptor) }
    }

    /// The reading end, non-blocking, which is the caller's from now on.
    func takeReading() -> Int32 {
        Self.setNonBlocking(reading)
        defer { reading = -1 }
        return reading
    }

    /// The writing end, non-blocking, which is the caller's from now on.
    func takeWriting() -> Int32 {
        Self.setNonBlocking(writing)
        defer { writing = -1 }
        return writing
    }

    static func setNonBlocking(_ descriptor: Int32) {
        let flags = fcntl(descriptor, F_GETFL)
        _ = fcntl(descriptor, F_SETFL, flags | O_NONBLOCK)
    }
}
