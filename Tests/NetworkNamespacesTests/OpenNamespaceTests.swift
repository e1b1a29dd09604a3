import Glibc
import NetworkNamespaces
import Testing

@Suite("Open namespaces")
struct OpenNamespaceTests {
    @Test("only a network namespace can be opened as one")
    func refusals() throws {
        let missing = #expect(throws: NamespaceError.self) { try OpenNamespace(path: "/nowhere/at-all") }
        #expect(missing?.cause.errno == ENOENT)
        #expect(missing?.description == "cannot open the network namespace /nowhere/at-all: No such file or directory")
        for path in ["/proc/self/ns/mnt", "/proc/self/status", "/tmp"] {
            let error = #expect(throws: NamespaceError.self, "\(path)") { try OpenNamespace(path: path) }
            #expect(error?.cause.errno == EINVAL, "\(path)")
        }
    }

    @Test("a namespace lives as long as it is held open, and its number tells it from others")
    func identity() async throws {
        let worker = try NamespaceWorker.shared.get()
        let (one, other) = (try await worker.make(), try await worker.make())
        #expect(one.identity != nil && one.identity != other.identity)
        #expect(one.identity == NamespaceIdentity(path: "/proc/self/fd/\(one.descriptor)"))
        #expect(try await worker.inside(one) { currentNamespace() } == one.identity?.inode)
        #expect(NamespaceIdentity(process: getpid())?.inode == currentNamespace())
        #expect(NamespaceIdentity(path: "/proc/self/status") == nil)
        #expect(NamespaceIdentity(process: Int32.max) == nil)
    }

    @Test("descriptors are closed on exec")
    func closeOnExec() async throws {
        let namespace = try await NamespaceWorker.shared.get().make()
        #expect(fcntl(namespace.descriptor, F_GETFD) & FD_CLOEXEC != 0)
    }
}
