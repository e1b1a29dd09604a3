import Glibc
import NetworkNamespaces
import Testing

/// In private directories below /tmp, since /run/netns is the host's. In a row: they compare the mounts of this process.
@Suite("The directory of namespaces", .serialized)
struct NamespaceDirectoryTests {
    private func mounts() -> [String] {
        guard let file = fopen("/proc/self/mountinfo", "r") else { return [] }
        defer { fclose(file) }
        var lines: [String] = []
        var line = [CChar](repeating: 0, count: 4096)
        while fgets(&line, Int32(line.count), file) != nil {
            lines.append(String(decoding: line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self))
        }
        return lines
    }

    private func mounts(below directory: TemporaryDirectory) -> [String] {
        mounts().filter { $0.contains(" \(directory.path)") }
    }

    @Test("a namespace is mounted under its name, opened by it, given another, and ends with the last of them")
    func life() async throws {
        let root = try TemporaryDirectory()
        let directory = NamespaceDirectory(path: "\(root.path)/netns")
        #expect(!directory.isPresent && !directory.isMountPoint)
        try directory.prepare()
        #expect(directory.isPresent && directory.isMountPoint)
        #expect(mounts(below: root).count == 1)
        #expect(mounts(below: root)[0].contains(" shared:"))
        // A second time changes nothing.
        try directory.prepare()
        #expect(mounts(below: root).count == 1)

        let worker = try NamespaceWorker.shared.get()
        let inode = try await worker.run { thread in
            try thread.insideNew {
                try directory.mountCurrent(as: "a.node1")
                return currentNamespace()
            }
        }
        #expect(directory.exists("a.node1") && !directory.exists("a.node2"))
        #expect(directory.path(of: "a.node1") == "\(root.path)/netns/a.node1")
        let namespace = try directory.open("a.node1")
        #expect(namespace.identity?.inode == inode)
        try directory.mount(namespace, as: "a.default.pod")
        #expect(NamespaceIdentity(path: directory.path(of: "a.default.pod"))?.inode == inode)
        #expect(try await worker.inside(try directory.open("a.default.pod")) { currentNamespace() } == inode)

        try directory.remove("a.node1")
        #expect(!directory.exists("a.node1"))
        #expect(try directory.open("a.default.pod").identity?.inode == inode)
        try directory.remove("a.default.pod")
        directory.restore(mountPoint: true, directory: true)
        #expect(!directory.isPresent && mounts(below: root).isEmpty)
    }

    @Test("a name that is taken is refused, and what it stands for is not covered")
    func taken() async throws {
        let root = try TemporaryDirectory()
        let directory = NamespaceDirectory(path: root.path + "/netns")
        try directory.prepare()
        let worker = try NamespaceWorker.shared.get()
        try await worker.run { thread in
            try thread.insideNew { try directory.mountCurrent(as: "taken") }
            let before = NamespaceIdentity(path: directory.path(of: "taken"))
            let error = #expect(throws: NamespaceError.self) {
                try thread.insideNew { try directory.mountCurrent(as: "taken") }
            }
            #expect(error?.cause.errno == EEXIST && error?.subject == directory.path(of: "taken"))
            #expect(NamespaceIdentity(path: directory.path(of: "taken")) == before && before != nil)
        }
        try directory.remove("taken")
        directory.restore(mountPoint: true, directory: true)
    }

    @Test("a plain file that a killed run left is no namespace, and is removed; a name that is free is removed twice")
    func leftOvers() throws {
        let root = try TemporaryDirectory()
        let directory = NamespaceDirectory(path: root.path)
        let file = open(directory.path(of: "half"), O_WRONLY | O_CREAT, 0o444)
        try #require(file >= 0)
        close(file)
        #expect(directory.exists("half"))
        #expect(throws: NamespaceError.self) { try directory.open("half") }
        try directory.remove("half")
        #expect(!directory.exists("half"))
        try directory.remove("half")
        #expect(throws: NamespaceError.self) { try directory.open("half") }
    }

    @Test("a mount that fails leaves no file behind")
    func failedMount() throws {
        let root = try TemporaryDirectory()
        let directory = NamespaceDirectory(path: root.path + "/nowhere")
        let missing = #expect(throws: NamespaceError.self) { try directory.mountCurrent(as: "a") }
        #expect(missing?.cause.errno == ENOENT)
        #expect(!directory.isPresent)
    }

    @Test("restoring keeps what was there before, and whatever holds other people's names")
    func restoring() async throws {
        let root = try TemporaryDirectory()
        let directory = NamespaceDirectory(path: root.path + "/netns")
        try #require(mkdir(directory.path, 0o755) == 0)
        let before = mounts(below: root)
        try directory.prepare()
        try await NamespaceWorker.shared.get().run { thread in
            try thread.insideNew { try directory.mountCurrent(as: "somebody") }
        }
        directory.restore(mountPoint: true, directory: true)
        #expect(directory.isMountPoint && directory.exists("somebody"))
        try directory.remove("somebody")
        directory.restore(mountPoint: true, directory: false)
        #expect(directory.isPresent && !directory.isMountPoint)
        #expect(mounts(below: root) == before)
    }
}
