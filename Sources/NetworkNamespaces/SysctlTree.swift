internal import CLinux
internal import Glibc

/// The kernel settings of the network namespace that the calling thread is in while they are first used. For many
/// settings of one namespace at a time.
///
/// Every namespace has a directory `ipv4` of its own under /proc/sys/net, all of one name and one parent: the kernel's
/// cache of names holds them in one chain, and whoever walks to a setting by its whole path walks past those of all
/// other namespaces. With a thousand namespaces that costs more than the setting does, so the way there is walked once.
public final class SysctlTree {
    private var directories: [Substring: Int32] = [:]

    /// Opens nothing yet.
    public init() {}

    deinit {
        for descriptor in directories.values { close(descriptor) }
    }

    /// Writes a setting. `sysctl -w`
    ///
    /// - Parameter name: the path below /proc/sys, such as `net/ipv4/ip_forward`.
    public func write(_ name: String, _ value: String) throws(NamespaceError) {
        _ = lab_kernel_request()
        let file = open(name, O_WRONLY)
        guard file >= 0 else { throw NamespaceError("open", on: "/proc/sys/\(name)", errno: errno) }
        defer { close(file) }
        let written = Array(value.utf8).withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
        guard written == value.utf8.count else {
            throw NamespaceError("write '\(value)' to", on: "/proc/sys/\(name)", errno: errno)
        }
    }

    /// Reads a setting, without its line end; nil where there is none.
    public func read(_ name: String) -> String? {
        let file = open(name, O_RDONLY)
        guard file >= 0 else { return nil }
        defer { close(file) }
        return withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 1) { buffer in
            let count = Glibc.read(file, buffer.baseAddress, buffer.count)
            guard count >= 0 else { return nil }
            return String(decoding: buffer[..<count].prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
        }
    }

    /// Opens a setting; -1 and errno where that fails.
    private func open(_ name: String, _ access: Int32) -> Int32 {
        let parts = name.split(separator: "/", maxSplits: 2)
        guard parts.count == 3 else { return Glibc.open("/proc/sys/\(name)", access | O_CLOEXEC) }
        let family = name[..<parts[1].endIndex]
        if directories[family] == nil {
            let descriptor = Glibc.open("/proc/sys/\(family)", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
            guard descriptor >= 0 else { return -1 }
            directories[family] = descriptor
        }
        return openat(directories[family] ?? -1, String(parts[2]), access | O_CLOEXEC)
    }
}
