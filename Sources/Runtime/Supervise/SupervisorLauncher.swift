internal import CLinux
internal import Glibc

/// Starts a lab's supervisor as a process of its own.
public struct SupervisorLauncher {
    private let directories: LabDirectories
    private let directory: LabDirectory

    /// A launcher for one lab.
    public init(lab: String, directories: LabDirectories) {
        self.directories = directories
        directory = directories.lab(lab)
    }

    /// Connects to the lab's supervisor, starting one where there is none.
    ///
    /// - Parameter waiting: called once where somebody else is changing the lab and has to be waited for.
    /// - Throws: `BuildError` where it does not start, or the lab stays busy for a minute.
    public func connect(waiting: () -> Void) throws -> ControlClient {
        var hasSaid = false
        for _ in 0..<600 {
            if let client = ControlClient(directory) { return client }
            if try start(), let client = ControlClient(directory) { return client }
            if !hasSaid {
                waiting()
                hasSaid = true
            }
            // Another lab up has not come to listening, or a lab down is at work: there is nothing to wait on.
            usleep(100_000)
        }
        let holder = LabLock.holder(directory).map { "process \($0.pid)" } ?? "another process"
        throw BuildError(
            attempt: "change the lab \(directory.lab)", reason: "\(holder) has been changing it for a minute",
            remedy: "wait for it, or end it")
    }

    /// Starts a supervisor and waits until it listens; false where another process has the lab. Where it cannot be
    /// started, nothing is left of the try.
    private func start() throws -> Bool {
        do {
            return try launch()
        } catch {
            try? Teardown(directory: directory, directories: directories).removeUnused()
            throw error
        }
    }

    private func launch() throws -> Bool {
        // The pipe comes first: whoever has no descriptors left for it has none to clear a directory up with.
        var pipe: [Int32] = [-1, -1]
        guard lab_pipe(&pipe) == 0 else { throw StateError("open", "a pipe", errno: errno) }
        defer { close(pipe[0]) }
        let process: StartedProcess
        do {
            defer { close(pipe[1]) }
            try directory.create()
            guard let started = try spawn(output: pipe[1]) else { return false }
            process = started
        }
        defer { close(process.pidfd) }
        let words = Self.readAll(pipe[0])
        if words == SupervisorProcess.ready { return true }
        var information = siginfo_t()
        guard waitid(P_PIDFD, id_t(process.pidfd), &information, WEXITED) == 0 else { return false }
        let status = lab_exit_status(&information)
        if status == SupervisorProcess.alreadyRunning { return false }
        throw BuildError(
            attempt: "start the supervisor of \(directory.lab)",
            reason: words.isEmpty ? "it ended with status \(status)" : words)
    }

    private static func readAll(_ descriptor: Int32) -> String {
        var text: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = buffer.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
            if count > 0 {
                text += buffer[..<count]
            } else if count == 0 || errno != EINTR {
                return String(decoding: text, as: UTF8.self)
            }
        }
    }

    /// Nil where a lab down has just removed the directory.
    private func spawn(output: Int32) throws -> StartedProcess? {
        _ = lab_kernel_request()
        let log = open(directory.supervisorLog, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard log >= 0 else {
            if errno == ENOENT { return nil }
            throw StateError("open", directory.supervisorLog, errno: errno)
        }
        defer { close(log) }
        var request = ProcessRequest(
            arguments: ["/proc/self/exe", "supervise", directory.lab], environment: ProcessRequest.ownEnvironment,
            networkNamespace: nil, namespaceDirectory: directories.namespaces.path)
        // Enough for a thousand pods with the built-in server.
        request.descriptors = 8_192
        return try request.spawn(output: output, error: log)
    }
}
