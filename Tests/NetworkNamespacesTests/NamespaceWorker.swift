import Glibc
import NetworkNamespaces
import Testing

/// Does a test's work on the namespace thread.
actor NamespaceWorker {
    static let shared = Result { try NamespaceWorker(NamespaceThread.start()) }

    let thread: NamespaceThread

    init(_ thread: NamespaceThread) {
        self.thread = thread
    }

    nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    /// Runs `body` on the thread.
    func run<Value: Sendable>(_ body: @Sendable (NamespaceThread) throws -> Value) throws -> Value {
        try body(thread)
    }

    /// A namespace without a name.
    func make() throws -> OpenNamespace {
        try thread.insideNew { try OpenNamespace(path: "/proc/thread-self/ns/net") }
    }

    func inside<Value: Sendable>(_ namespace: OpenNamespace, _ body: @Sendable () throws -> Value) throws -> Value {
        try thread.inside(namespace, body)
    }
}

/// The network namespace of the calling thread, as the kernel numbers it.
func currentNamespace() -> UInt64 {
    var status = stat()
    return stat("/proc/thread-self/ns/net", &status) == 0 ? UInt64(status.st_ino) : 0
}

/// How many descriptors of this process refer to network namespaces, sockets and the like; those of other tests' files
/// and pipes do not count.
func openDescriptors(_ kind: String) -> Int {
    guard let directory = opendir("/proc/self/fd") else { return -1 }
    defer { closedir(directory) }
    var count = 0
    while let entry = readdir(directory) {
        let name = withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        var target = [CChar](repeating: 0, count: 256)
        let length = readlink("/proc/self/fd/\(name)", &target, target.count - 1)
        guard length > 0 else { continue }
        let text = String(decoding: target[..<length].map(UInt8.init(bitPattern:)), as: UTF8.self)
        if text.hasPrefix(kind) { count += 1 }
    }
    return count
}

/// A directory of a test's own, removed with everything mounted in it.
final class TemporaryDirectory: Sendable {
    let path: String

    init() throws {
        var template = Array("/tmp/namespaces-\(getpid())-XXXXXX".utf8CString)
        try #require(mkdtemp(&template) != nil)
        path = String(decoding: template.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    deinit {
        // Depth first: names in a namespace directory, the directory itself, what is left.
        for child in Self.children(of: path) {
            for name in Self.children(of: child) {
                umount2(name, Int32(MNT_DETACH))
                unlink(name)
            }
            umount2(child, Int32(MNT_DETACH))
            if rmdir(child) != 0 { unlink(child) }
        }
        rmdir(path)
    }

    private static func children(of path: String) -> [String] {
        guard let directory = opendir(path) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != "." && name != ".." { names.append("\(path)/\(name)") }
        }
        return names
    }
}
