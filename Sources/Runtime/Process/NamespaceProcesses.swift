internal import CLinux
internal import Glibc
internal import NetworkNamespaces

/// The processes that are in a lab's network namespaces, found through /proc as `ip netns pids` finds them.
///
/// Which processes belong to a lab is thus known without a list that a kill could leave incomplete.
enum NamespaceProcesses {
    /// The processes in any of the namespaces.
    static func find(in namespaces: Set<NamespaceIdentity>) -> [Int32] {
        guard !namespaces.isEmpty, let directory = opendir("/proc") else { return [] }
        defer { closedir(directory) }
        var found: [Int32] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            guard let pid = Int32(name), pid != getpid(), let identity = NamespaceIdentity(process: pid),
                namespaces.contains(identity)
            else { continue }
            found.append(pid)
        }
        return found
    }

    /// A process' environment as it was when its program began, `NAME=value`; empty where the process is gone.
    static func environment(of process: Int32) -> [String] {
        guard let bytes = try? StateFile.read("/proc/\(process)/environ") else { return [] }
        return bytes.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
    }

    /// Ends every process in the namespaces and waits until none is left. This process' own namespace is left alone,
    /// whatever lies under a lab's names.
    ///
    /// - Throws: `BuildError` where one outlives SIGKILL for ten seconds.
    static func end(in namespaces: Set<NamespaceIdentity>) throws(BuildError) {
        var namespaces = namespaces
        if let own = NamespaceIdentity(process: getpid()) { namespaces.remove(own) }
        for _ in 0..<100 {
            let processes = find(in: namespaces)
            if processes.isEmpty { return }
            for process in processes { terminate(process, within: 0.1, in: namespaces) }
        }
        let names = find(in: namespaces).map(String.init).joined(separator: ", ")
        throw BuildError(
            attempt: "end the processes \(names)", reason: "they did not end within ten seconds",
            remedy: "look at what they wait for in /proc/PID/stack")
    }

    /// Kills one process and waits for its end. The pidfd makes sure that a number which was given anew in the meantime
    /// names nobody else.
    private static func terminate(_ process: Int32, within seconds: Double, in namespaces: Set<NamespaceIdentity>) {
        let pidfd = lab_pidfd_open(process)
        guard pidfd >= 0 else { return }
        defer { close(pidfd) }
        guard let identity = NamespaceIdentity(process: process), namespaces.contains(identity) else { return }
        _ = lab_kernel_request()
        _ = lab_pidfd_send_signal(pidfd, SIGKILL)
        var poll = pollfd(fd: pidfd, events: Int16(POLLIN), revents: 0)
        _ = Glibc.poll(&poll, 1, Int32(seconds * 1000))
    }
}
