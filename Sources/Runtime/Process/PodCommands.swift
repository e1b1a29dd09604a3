internal import CLinux
internal import Glibc
internal import Topology

/// Runs commands in containers of running pods: exec probes, preStop hooks, and what clients of the API ask for.
struct PodCommands: Sendable {
    let directory: LabDirectory
    let directories: LabDirectories
    let watcher: ProcessWatcher

    /// Runs a command to its end, with nobody to hear or talk to it.
    ///
    /// - Returns: the exit status.
    /// - Throws: `ProbeFailure` where it takes longer than the timeout; it is ended then.
    func run(_ command: [String], in pod: PodSpec, container: String?, timeout seconds: Int64) async throws -> Int32 {
        let request = try request(command, namespace: pod.namespace, pod: pod.name, container: container)
        let null = open("/dev/null", O_RDWR | O_CLOEXEC)
        guard null >= 0 else { throw StateError("open", "/dev/null", errno: errno) }
        defer { close(null) }
        let process = try request.spawn(output: null, error: null)
        let killing = Task {
            try await Task.sleep(for: .seconds(seconds))
            kill(-process.pid, SIGKILL)
        }
        let status = await end(of: process)
        guard !killing.isCancelled, status != 128 + SIGKILL else {
            throw ProbeFailure("command \(command) timed out after \(seconds)s")
        }
        killing.cancel()
        return status
    }

    /// What a command in a container is started with.
    ///
    /// - Throws: `ExecError` where there is no such pod or container.
    func request(_ command: [String], namespace: String, pod: String, container: String?) throws -> ProcessRequest {
        try ExecTarget.pod(namespace: namespace, name: pod, container: container)
            .request(command, directory: directory, directories: directories)
    }

    /// Waits for a process' end; the descriptor is closed.
    func end(of process: StartedProcess) async -> Int32 {
        await withCheckedContinuation { continuation in
            watcher.watch(pidfd: process.pidfd) { continuation.resume(returning: $0 ?? 137) }
        }
    }
}
