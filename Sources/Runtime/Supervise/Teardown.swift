internal import CLinux
internal import Glibc
internal import NetworkNamespaces

/// Removes a lab: everything that was recorded, and nothing else. It needs no lab file and no living supervisor, and
/// succeeds where nothing is left.
public struct Teardown {
    private let directory: LabDirectory
    private let directories: LabDirectories

    /// A teardown of one lab.
    public init(directory: LabDirectory, directories: LabDirectories) {
        self.directory = directory
        self.directories = directories
    }

    /// Removes the lab.
    ///
    /// - Returns: whether there was anything to remove.
    /// - Throws: `BuildError` or `StateError` for what could not be removed; what is left stays recorded.
    public func run() throws -> Bool {
        guard access(directory.path, F_OK) == 0 else {
            try Self.restore(directories)
            return false
        }
        let lock = try takeLock()
        let hadJournal = access(directory.journal, F_OK) == 0
        try removeAll()
        extendLifetime(lock)
        return hadJournal
    }

    /// Leaves the directories that labs share as they were found, unless a lab is there: a run that was killed between
    /// its last steps has not come to it.
    public static func restore(_ directories: LabDirectories) throws {
        try NamespaceRoot(directories).restore()
    }

    /// Ends the supervisor and takes the lock from it. Another `lab down` is waited for.
    private func takeLock() throws -> LabLock {
        // A lab up that had been waiting may be faster; its supervisor goes the same way.
        for _ in 0..<3_000 {
            if let holder = LabLock.holder(directory), holder.role == .supervisor { try end(holder) }
            if let lock = try LabLock.attempt(directory, as: .teardown) { return lock }
            usleep(10_000)
        }
        throw BuildError(
            attempt: "take the lab \(directory.lab) down", reason: "another process keeps changing it",
            remedy: "end lab up or the other lab down, and try again")
    }

    private func end(_ supervisor: LabLock.Holder) throws(BuildError) {
        let pidfd = lab_pidfd_open(supervisor.pid)
        guard pidfd >= 0 else { return }
        defer { close(pidfd) }
        // The number cannot have been given anew as long as its process holds the lock.
        guard LabLock.holder(directory) == supervisor else { return }
        _ = lab_kernel_request()
        _ = lab_pidfd_send_signal(pidfd, SIGKILL)
        var poll = pollfd(fd: pidfd, events: Int16(POLLIN), revents: 0)
        guard Glibc.poll(&poll, 1, 10_000) > 0 else {
            throw BuildError(
                attempt: "end the supervisor of \(directory.lab)",
                reason: "process \(supervisor.pid) did not end within ten seconds",
                remedy: "look at what it waits for in /proc/\(supervisor.pid)/stack")
        }
    }

    /// Removes everything, for the holder of the lab's lock.
    func removeAll() throws {
        try removeNetwork()
        try directory.remove()
        try NamespaceRoot(directories).restore()
    }

    /// Removes the lab's directory where nothing was built yet and nobody is at it: a supervisor could not be started.
    func removeUnused() throws {
        if let lock = try? LabLock.attempt(directory, as: .teardown) {
            if access(directory.journal, F_OK) != 0 { try directory.remove() }
            extendLifetime(lock)
        } else if LabLock.holder(directory) == nil {
            // No room even for the lock's file.
            try StateFile.remove(directory.supervisorLog)
            rmdir(directory.path)
        }
        try NamespaceRoot(directories).restore()
    }

    /// Ends what runs in the lab's namespaces and removes them.
    func removeNetwork() throws {
        let entries = try Journal(path: directory.journal).entries()
        var names: [String] = []
        for case .namespace(let name) in entries { names.append(name) }
        try NamespaceProcesses.end(
            in: Set(names.compactMap { NamespaceIdentity(path: directories.namespaces.path(of: $0)) }))
        // Somebody may have deleted the name of a namespace in which a container goes on.
        for record in try ProcessRecord.all(in: directory) { record.end() }
        for name in names { try directories.namespaces.remove(name) }
    }
}
