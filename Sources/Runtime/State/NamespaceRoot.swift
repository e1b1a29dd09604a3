internal import CLinux
internal import Glibc
internal import NetworkNamespaces

/// What labs share: the directory of namespaces. The first lab prepares it, the last one leaves it as it was found.
///
/// What was made is recorded in the state root, since the lab that made it may go before others.
struct NamespaceRoot {
    private let directories: LabDirectories
    private var record: String { "\(directories.stateRoot)/.namespaces" }

    init(_ directories: LabDirectories) {
        self.directories = directories
    }

    /// Makes the directory ready for namespaces.
    func prepare() throws {
        try withLock {
            let root = directories.namespaces
            var made = try recorded()
            if !root.isPresent { made.insert("directory") }
            if !root.isMountPoint { made.insert("mountpoint") }
            if !made.isEmpty { try StateFile.replace(record, with: Array(made.sorted().joined(separator: "\n").utf8)) }
            try root.prepare()
        }
    }

    /// Leaves the directory as it was before the first lab, and removes the state root, unless other labs are there.
    func restore() throws {
        guard access(directories.stateRoot, F_OK) == 0 else { return }
        try withLock {
            guard directories.labs().isEmpty else { return }
            let made = try recorded()
            directories.namespaces.restore(
                mountPoint: made.contains("mountpoint"), directory: made.contains("directory"))
            try StateFile.remove(StateFile.temporary(for: record))
            try StateFile.remove(record)
            // Fails where another lab is being begun; then it is that lab's.
            _ = lab_kernel_request()
            rmdir(directories.stateRoot)
        }
    }

    private func recorded() throws -> Set<String> {
        guard let bytes = try StateFile.read(record) else { return [] }
        return Set(String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init))
    }

    /// Runs `body` while no other lab prepares or restores the directory.
    private func withLock(_ body: () throws -> Void) throws {
        while true {
            try StateFile.createDirectory(directories.stateRoot, mode: 0o755)
            let descriptor = open(directories.stateRoot, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
            guard descriptor >= 0 else {
                // The last lab has just removed it.
                if errno == ENOENT { continue }
                throw StateError("open", directories.stateRoot, errno: errno)
            }
            defer { close(descriptor) }
            guard flock(descriptor, LOCK_EX) == 0 else { throw StateError("lock", directories.stateRoot, errno: errno) }
            var locked = stat()
            var current = stat()
            // The last lab may have removed the directory while this one waited for it.
            guard fstat(descriptor, &locked) == 0, stat(directories.stateRoot, &current) == 0,
                locked.st_ino == current.st_ino
            else { continue }
            return try body()
        }
    }
}
