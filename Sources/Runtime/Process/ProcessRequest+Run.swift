internal import CLinux
internal import Glibc

extension ProcessRequest {
    /// How a program ended that was run to its end.
    public struct Result: Hashable, Sendable {
        /// Its exit status; 128 and the signal's number where one ended it.
        public let status: Int32
        /// What it wrote to standard output, at most a megabyte.
        public let output: String
    }

    /// Runs the program to its end, with nobody to talk to it. It is killed where it takes longer than `seconds`.
    ///
    /// The calling thread waits.
    public func run(within seconds: Int32) throws -> Result {
        let output = try Pipe()
        let null = open("/dev/null", O_WRONLY | O_CLOEXEC)
        guard null >= 0 else { throw StateError("open", "/dev/null", errno: errno) }
        defer { close(null) }
        let process = try spawn(output: output.writing, error: null)
        defer { close(process.pidfd) }
        close(output.takeWriting())
        let reading = output.takeReading()
        defer { close(reading) }
        let text = Self.read(reading, until: .now + .seconds(Int64(seconds)))
        var ending = pollfd(fd: process.pidfd, events: Int16(POLLIN), revents: 0)
        if text == nil || poll(&ending, 1, 1000) == 0 { kill(-process.pid, SIGKILL) }
        var information = siginfo_t()
        while waitid(P_PID, id_t(process.pid), &information, WEXITED) != 0, errno == EINTR {}
        return Result(status: lab_exit_status(&information), output: text ?? "")
    }

    /// All that is written until the other end is closed; nil where that takes too long.
    private static func read(_ descriptor: Int32, until deadline: ContinuousClock.Instant) -> String? {
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 4096)
        while bytes.count < 1 << 20 {
            var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            let left = (deadline - .now) / .milliseconds(1)
            guard left > 0 else { return nil }
            guard poll(&waiting, 1, Int32(left)) > 0 else {
                if errno == EINTR { continue }
                return nil
            }
            let count = Glibc.read(descriptor, &piece, piece.count)
            guard count > 0 else { break }
            bytes += piece[..<count]
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
