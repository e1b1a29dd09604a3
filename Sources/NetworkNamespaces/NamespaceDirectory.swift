internal import CLinux
internal import Glibc

/// The directory in which named network namespaces are mounted: /run/netns, where `ip netns` looks for them.
public struct NamespaceDirectory: Hashable, Sendable {
    /// The directory's path.
    public let path: String

    /// Names a directory; nothing is touched.
    public init(path: String) {
        self.path = path
    }

    /// The path of a name in the directory.
    public func path(of name: String) -> String { "\(path)/\(name)" }

    /// Opens a namespace by its name.
    public func open(_ name: String) throws(NamespaceError) -> OpenNamespace {
        try OpenNamespace(path: path(of: name))
    }

    /// Makes the directory a shared mount point, as `ip netns add` does: processes with a mount namespace of their own
    /// then see removals, and can drop every namespace with one umount.
    ///
    public func prepare() throws(NamespaceError) {
        _ = lab_kernel_request()
        if mkdir(path, 0o755) != 0, errno != EEXIST {
            throw NamespaceError("create the directory", on: path, errno: errno)
        }
        _ = lab_kernel_request()
        if Glibc.mount("", path, "none", UInt(MS_SHARED | MS_REC), nil) == 0 { return }
        guard errno == EINVAL else { throw NamespaceError("share the mount point", on: path, errno: errno) }
        _ = lab_kernel_request()
        guard Glibc.mount(path, path, "none", UInt(MS_BIND | MS_REC), nil) == 0 else {
            throw NamespaceError("make a mount point of", on: path, errno: errno)
        }
        _ = lab_kernel_request()
        guard Glibc.mount("", path, "none", UInt(MS_SHARED | MS_REC), nil) == 0 else {
            throw NamespaceError("share the mount point", on: path, errno: errno)
        }
    }

    /// Whether the directory exists.
    public var isPresent: Bool { access(path, F_OK) == 0 }

    /// Whether the directory is a mount point already, so that `prepare()` will not make it one.
    public var isMountPoint: Bool { lab_is_mount_point(path) == 1 }

    /// Undoes what `prepare()` made, where nothing is left in the directory.
    ///
    /// - Parameters:
    ///   - mountPoint: whether the directory was made a mount point.
    ///   - directory: whether the directory was created.
    public func restore(mountPoint: Bool, directory: Bool) {
        guard isEmpty else { return }
        if mountPoint {
            _ = lab_kernel_request()
            umount2(path, Int32(MNT_DETACH))
        }
        if directory {
            _ = lab_kernel_request()
            rmdir(path)
        }
    }

    private var isEmpty: Bool {
        guard let directory = opendir(path) else { return false }
        defer { closedir(directory) }
        var count = 0
        while readdir(directory) != nil { count += 1 }
        return count <= 2
    }

    /// Mounts the calling thread's network namespace under a name.
    ///
    /// The name must be free: the file is made with O_EXCL, so that a namespace of somebody else is never covered.
    public func mountCurrent(as name: String) throws(NamespaceError) {
        try mount("/proc/thread-self/ns/net", as: name)
    }

    /// Mounts a namespace under a further name.
    public func mount(_ namespace: OpenNamespace, as name: String) throws(NamespaceError) {
        try mount("/proc/self/fd/\(namespace.descriptor)", as: name)
    }

    private func mount(_ source: String, as name: String) throws(NamespaceError) {
        let target = path(of: name)
        _ = lab_kernel_request()
        let file = Glibc.open(target, O_RDONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o444)
        guard file >= 0 else { throw NamespaceError("create", on: target, errno: errno) }
        close(file)
        _ = lab_kernel_request()
        guard Glibc.mount(source, target, "none", UInt(MS_BIND), nil) == 0 else {
            let error = errno
            unlink(target)
            throw NamespaceError("mount the network namespace", on: target, errno: error)
        }
    }

    /// Unmounts a name and removes it. The namespace itself ends with its last process, socket and descriptor.
    /// A name that does not exist is no error.
    public func remove(_ name: String) throws(NamespaceError) {
        let target = path(of: name)
        _ = lab_kernel_request()
        // EINVAL: a file that is no mount point, left by a run that was killed before it mounted.
        if umount2(target, Int32(MNT_DETACH)) != 0, errno != EINVAL, errno != ENOENT {
            throw NamespaceError("unmount", on: target, errno: errno)
        }
        _ = lab_kernel_request()
        if unlink(target) != 0, errno != ENOENT { throw NamespaceError("remove", on: target, errno: errno) }
    }

    /// Whether something lies under a name.
    public func exists(_ name: String) -> Bool {
        access(path(of: name), F_OK) == 0
    }
}
