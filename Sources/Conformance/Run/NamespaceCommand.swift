import CLinux
import Glibc
import Synchronization

/// A program of the host, run in the calling thread's network namespace.
enum NamespaceCommand {
    /// How a program ended.
    struct Result: Sendable {
        /// Its exit status; 128 and the signal's number where one ended it.
        let status: Int32
        /// What it wrote to both of its streams.
        let output: String
    }

    /// Pipes are close-on-exec from the start, yet a child keeps those that became its own streams.
    private static let spawning = Mutex(())

    /// Runs a program to its end. It is looked up in PATH; there is no shell.
    /// - Throws: `ConformanceError` where it cannot be started.
    static func run(_ arguments: [String]) throws -> Result {
        let (pid, output) = try spawning.withLock { _ in try start(arguments) }
        defer { close(output) }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = read(output, &piece, piece.count)
            if count < 0, errno == EINTR { continue }
            if count <= 0 { break }
            bytes += piece[..<count]
        }
        var information = siginfo_t()
        while waitid(P_PID, id_t(pid), &information, WEXITED) != 0, errno == EINTR {}
        return Result(status: lab_exit_status(&information), output: String(decoding: bytes, as: UTF8.self))
    }

    private static func start(_ arguments: [String]) throws -> (pid_t, Int32) {
        let program = arguments.first ?? ""
        func failure(_ code: Int32) -> ConformanceError {
            ConformanceError(
                "cannot run \(program): \(String(cString: strerror(code)))", remedy: "install it, or check the command")
        }
        var ends: [Int32] = [-1, -1]
        guard lab_pipe(&ends) == 0 else { throw failure(errno) }
        defer { close(ends[1]) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
        posix_spawn_file_actions_adddup2(&actions, ends[1], 2)
        var words = arguments.map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        var pid: pid_t = 0
        let error = posix_spawnp(&pid, program, &actions, nil, &words, environ)
        guard error == 0 else {
            close(ends[0])
            throw failure(error)
        }
        return (pid, ends[0])
    }
}
