internal import CLinux
internal import Glibc

extension SupervisorLauncher {
    /// How long the kernel may take to end a process, in milliseconds.
    private static let patience: Int32 = 5000

    /// Kills a lab's supervisor, and returns when it has ended. Nothing happens where none runs.
    ///
    /// - Throws: `StateError` where it cannot be killed.
    public static func kill(supervisorOf directory: LabDirectory) throws {
        guard let pid = LabLock.supervisor(directory) else { return }
        // The number may be another process' by now; a descriptor of it says which one was meant.
        let pidfd = lab_pidfd_open(pid)
        guard pidfd >= 0 else {
            if errno == ESRCH { return }
            throw StateError("find the supervisor of", directory.lab, errno: errno)
        }
        defer { close(pidfd) }
        guard LabLock.supervisor(directory) == pid else { return }
        guard lab_pidfd_send_signal(pidfd, SIGKILL) == 0 || errno == ESRCH else {
            throw StateError("end the supervisor of", directory.lab, errno: errno)
        }
        var descriptors = [pollfd(fd: pidfd, events: Int16(POLLIN), revents: 0)]
        guard poll(&descriptors, 1, patience) > 0 else {
            throw StateError("end the supervisor of", directory.lab, reason: "it has not ended in time")
        }
    }
}
