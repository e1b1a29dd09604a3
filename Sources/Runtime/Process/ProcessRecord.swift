internal import CLinux
internal import Glibc
public import Topology

/// A container's process, which outlives the supervisor: its number, and when it began, since numbers are given anew.
public struct ProcessRecord: Hashable, Sendable, Codable {
    /// The process' number.
    public let pid: Int32
    /// When it began, in clock ticks since boot (field 22 of /proc/PID/stat).
    public let startTime: UInt64
    /// The pod that it was started for.
    public let pod: PodSpec

    /// Describes a living process; nil where there is none of that number.
    init?(pid: Int32, of pod: PodSpec) {
        guard let startTime = Self.startTime(of: pid) else { return nil }
        self.pid = pid
        self.startTime = startTime
        self.pod = pod
    }

    /// The living processes that a lab has recorded.
    static func all(in directory: LabDirectory) throws(StateError) -> [ProcessRecord] {
        var records: [ProcessRecord] = []
        for pod in try StateFile.names(in: directory.pods) {
            for name in try StateFile.names(in: "\(directory.pods)/\(pod)")
            where name.hasSuffix(PodDirectory.processSuffix) {
                if let record = living(at: "\(directory.pods)/\(pod)/\(name)") { records.append(record) }
            }
        }
        return records
    }

    /// Sends a signal to the process and its group; false where there is no such process any more.
    func signal(_ number: Int32) -> Bool {
        guard isAlive else { return false }
        _ = lab_kernel_request()
        return kill(-pid, number) == 0
    }

    /// Ends the process and its group, and waits a moment for it.
    func end() {
        let pidfd = lab_pidfd_open(pid)
        guard pidfd >= 0 else { return }
        defer { close(pidfd) }
        guard isAlive else { return }
        _ = lab_kernel_request()
        kill(-pid, SIGKILL)
        var poll = pollfd(fd: pidfd, events: Int16(POLLIN), revents: 0)
        _ = Glibc.poll(&poll, 1, 1000)
    }

    /// Reads a record; nil where there is none, or where the process has ended.
    public static func living(at path: String) -> ProcessRecord? {
        guard let record = try? StateFile.read(ProcessRecord.self, json: path), record.isAlive else { return nil }
        return record
    }

    /// Whether the process still lives.
    public var isAlive: Bool { Self.startTime(of: pid) == startTime }

    private static func startTime(of pid: Int32) -> UInt64? {
        guard let bytes = try? StateFile.read("/proc/\(pid)/stat") else { return nil }
        let text = String(decoding: bytes, as: UTF8.self)
        // The second field is the program's name in brackets, which may hold anything.
        guard let end = text.lastIndex(of: ")") else { return nil }
        let fields = text[text.index(after: end)...].split(separator: " ")
        guard fields.count > 19, fields[0] != "Z" else { return nil }
        return UInt64(fields[19])
    }
}
