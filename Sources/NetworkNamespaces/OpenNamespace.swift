internal import CLinux
internal import Glibc

/// A network namespace held open by a descriptor. The namespace lives at least as long as this value.
public final class OpenNamespace: Sendable {
    /// The descriptor, for IFLA_NET_NS_FD and setns(2).
    public let descriptor: Int32
    /// Where it was opened, for messages.
    public let path: String

    /// Opens the namespace that is mounted at a path, such as `/run/netns/two-node.node1`.
    ///
    /// - Throws: `NamespaceError` where there is nothing, or no network namespace.
    public init(path: String) throws(NamespaceError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw NamespaceError("open the network namespace", on: path, errno: errno) }
        guard lab_namespace_is_network(descriptor) == 1 else {
            close(descriptor)
            throw NamespaceError("open the network namespace", on: path, errno: EINVAL)
        }
        self.descriptor = descriptor
        self.path = path
    }

    deinit {
        close(descriptor)
    }

    /// The number by which the kernel knows the namespace: the inode of its nsfs file.
    public var identity: NamespaceIdentity? {
        NamespaceIdentity(descriptor: descriptor)
    }

    /// Moves the calling thread into the namespace.
    func enter() throws(NamespaceError) {
        guard lab_enter_network(descriptor) == 0 else {
            throw NamespaceError("enter the network namespace", on: path, errno: errno)
        }
    }
}

/// What tells one network namespace from another for as long as both live: `readlink /proc/PID/ns/net`.
public struct NamespaceIdentity: Hashable, Sendable, Codable {
    /// The inode on nsfs.
    public let inode: UInt64

    /// Wraps an inode number.
    public init(inode: UInt64) {
        self.inode = inode
    }

    init?(descriptor: Int32) {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return nil }
        inode = UInt64(status.st_ino)
    }

    /// The namespace mounted at a path, or nil where there is no network namespace.
    public init?(path: String) {
        guard let open = try? OpenNamespace(path: path), let identity = open.identity else { return nil }
        self = identity
    }

    /// The namespace that a process' main thread is in, or nil where the process is gone.
    public init?(process: Int32) {
        var status = stat()
        guard stat("/proc/\(process)/ns/net", &status) == 0 else { return nil }
        inode = UInt64(status.st_ino)
    }
}
