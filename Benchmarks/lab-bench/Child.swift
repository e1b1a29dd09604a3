import Glibc

/// A program that was run to its end, with its wall clock.
struct Child {
    let command: String
    /// From before it was started until it had ended.
    let duration: Duration
    let status: Int32
    let output: String
    let errors: String

    /// Runs a program. Its output goes to files, so that nothing has to be read while the clock runs.
    static func run(_ arguments: [String]) throws -> Child {
        let files = ["/tmp/lab-bench.\(getpid()).out", "/tmp/lab-bench.\(getpid()).err"]
        defer { for file in files { unlink(file) } }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (index, file) in files.enumerated() {
            posix_spawn_file_actions_addopen(&actions, Int32(index + 1), file, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        }
        var words = arguments.map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        var pid: pid_t = 0
        let start = ContinuousClock.now
        let error = posix_spawnp(&pid, arguments[0], &actions, nil, &words, environ)
        guard error == 0 else { throw BenchError("cannot start \(arguments[0]): \(String(cString: strerror(error)))") }
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0, errno == EINTR {}
        let duration = ContinuousClock.now - start
        return Child(
            command: arguments.joined(separator: " "), duration: duration, status: status,
            output: try TextFile.read(files[0]), errors: try TextFile.read(files[1]))
    }

    /// Throws where the program did not end with status 0.
    @discardableResult
    func expectSuccess() throws -> Child {
        guard status == 0 else {
            throw BenchError("\(command) failed (wait status \(status)): \(errors.prefix(500)) \(output.prefix(500))")
        }
        return self
    }

    /// Whether a program is on the path.
    static func isInstalled(_ program: String) -> Bool {
        guard let path = getenv("PATH") else { return false }
        return String(cString: path).split(separator: ":").contains { access("\($0)/\(program)", X_OK) == 0 }
    }
}

/// Small files.
enum TextFile {
    static func read(_ path: String) throws -> String {
        guard let file = fopen(path, "r") else {
            throw BenchError("cannot open \(path): \(String(cString: strerror(errno)))")
        }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 * 1024)
        while case let count = fread(&buffer, 1, buffer.count, file), count > 0 { bytes += buffer[..<count] }
        return String(decoding: bytes, as: UTF8.self)
    }

    static func write(_ path: String, _ text: String) throws {
        guard let file = fopen(path, "w") else {
            throw BenchError("cannot create \(path): \(String(cString: strerror(errno)))")
        }
        let bytes = Array(text.utf8)
        let written = fwrite(bytes, 1, bytes.count, file)
        guard fclose(file) == 0, written == bytes.count else { throw BenchError("cannot write \(path)") }
    }
}
