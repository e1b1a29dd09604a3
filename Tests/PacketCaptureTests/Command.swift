import CLinux
import Glibc
import Synchronization

/// Runs a program of the machine and gathers what it writes.
enum Command {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// Whether a program is installed.
    static func isInstalled(_ name: String) -> Bool {
        ["/usr/bin/", "/usr/sbin/", "/bin/", "/sbin/"].contains { access($0 + name, X_OK) == 0 }
    }

    /// Runs a program to its end; throws where it exits with anything but 0.
    @discardableResult
    static func run(_ arguments: String...) throws -> String {
        try run(arguments)
    }

    static func run(_ arguments: [String]) throws -> String {
        let (pid, output) = try spawning.withLock { _ in try start(arguments) }
        defer { close(output) }
        let text = readAll(output)
        var status: Int32 = 0
        waitpid(pid, &status, 0)
        guard status == 0 else { throw Failure(description: "\(arguments) ended with status \(status): \(text)") }
        return text
    }

    /// One at a time: no child may inherit another's pipe before it is marked close-on-exec.
    private static let spawning = Mutex(())

    private static func start(_ arguments: [String]) throws -> (pid_t, Int32) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw Failure(description: "pipe: \(errno)") }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        defer { close(ends[1]) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
        posix_spawn_file_actions_adddup2(&actions, ends[1], 2)
        var words = arguments.map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        var pid: pid_t = 0
        let error = posix_spawnp(&pid, arguments[0], &actions, nil, &words, environ)
        guard error == 0 else {
            close(ends[0])
            throw Failure(description: "\(arguments): \(String(cString: strerror(error)))")
        }
        return (pid, ends[0])
    }

    private static func readAll(_ fileDescriptor: Int32) -> String {
        var output: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = read(fileDescriptor, &piece, piece.count)
            if count <= 0 { break }
            output += piece[..<count]
        }
        return String(decoding: output, as: UTF8.self)
    }
}
