import Glibc
import NetworkNamespaces
import Synchronization
import Testing

/// In a row, since they count this process' descriptors.
@Suite("The namespace thread", .serialized)
struct NamespaceThreadTests {
    private struct Refusal: Error {}

    @Test("a visit is inside, and the thread is home again afterwards, also when the work throws")
    func visits() async throws {
        let worker = try NamespaceWorker.shared.get()
        let namespace = try await worker.make()
        let inode = try #require(namespace.identity).inode
        try await worker.run { thread in
            let home = currentNamespace()
            #expect(home != inode)
            #expect(try thread.inside(namespace) { currentNamespace() } == inode)
            #expect(currentNamespace() == home)
            #expect(throws: Refusal.self) {
                try thread.inside(namespace) {
                    #expect(currentNamespace() == inode)
                    throw Refusal()
                }
            }
            #expect(currentNamespace() == home)
            let new = try thread.insideNew { currentNamespace() }
            #expect(new != home && new != inode && currentNamespace() == home)
            #expect(throws: Refusal.self) { try thread.insideNew { throw Refusal() } }
            #expect(currentNamespace() == home)
        }
        #expect(currentNamespace() != inode)
    }

    @Test("every thread's home is the namespace that it was started in")
    func home() async throws {
        let before = currentNamespace()
        let worker = NamespaceWorker(try NamespaceThread.start())
        #expect(try await worker.run { _ in currentNamespace() } == before)
        worker.thread.stop()
    }

    @Test("other threads are refused, and stay where they are")
    func otherThreads() async throws {
        let worker = try NamespaceWorker.shared.get()
        let namespace = try await worker.make()
        let before = currentNamespace()
        for attempt in 0..<2 {
            let error = #expect(throws: NamespaceError.self) {
                if attempt == 0 {
                    try worker.thread.inside(namespace) { Issue.record("ran on a shared thread") }
                } else {
                    try worker.thread.insideNew { Issue.record("ran on a shared thread") }
                }
            }
            #expect(error?.cause.errno == EPERM)
        }
        #expect(currentNamespace() == before)
        let other = NamespaceWorker(try NamespaceThread.start())
        await #expect(throws: NamespaceError.self) {
            try await other.run { _ in try worker.thread.inside(namespace) {} }
        }
        other.thread.stop()
    }

    @Test("1,000 tasks between visits never run in a foreign namespace")
    func innocentTasks() async throws {
        let worker = try NamespaceWorker.shared.get()
        var made: [OpenNamespace] = []
        for _ in 0..<8 { made.append(try await worker.make()) }
        let namespaces = made
        let home = currentNamespace()
        let strays = Strays()
        let visitor = NamespaceVisitor(worker.thread)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<1000 {
                let namespace = namespaces[number % namespaces.count]
                group.addTask {
                    if currentNamespace() != home { strays.add() }
                    let inside = try await visitor.inside(namespace) { currentNamespace() }
                    #expect(inside == namespace.identity?.inode)
                    if currentNamespace() != home { strays.add() }
                    await Task.yield()
                    if currentNamespace() != home { strays.add() }
                }
            }
            try await group.waitForAll()
        }
        #expect(strays.count == 0)
    }

    @Test("1,000 visits and 200 new namespaces leave no descriptor behind")
    func descriptors() async throws {
        let worker = try NamespaceWorker.shared.get()
        let namespace = try await worker.make()
        // On the thread, so that no other test of this suite opens something meanwhile.
        let (before, after) = try await worker.run { thread in
            let before = openDescriptors("net:")
            for number in 0..<1000 {
                if number % 2 == 0 {
                    try thread.inside(namespace) {}
                } else {
                    try? thread.inside(namespace) { throw Refusal() }
                }
            }
            for _ in 0..<200 {
                _ = try thread.insideNew { try OpenNamespace(path: "/proc/thread-self/ns/net").identity }
            }
            return (before, openDescriptors("net:"))
        }
        // Other suites hold a few namespaces of their own; a leak would be one for each visit.
        #expect(before > 0 && after < before + 100)
    }

    @Test("a thread that is stopped ends, and with it its descriptors")
    func stopping() async throws {
        let events = openDescriptors("anon_inode:[eventfd]")
        for _ in 0..<20 {
            let worker = NamespaceWorker(try NamespaceThread.start())
            _ = try await worker.run { _ in currentNamespace() }
            worker.thread.stop()
        }
        // The threads end by themselves; that they do is what is waited for.
        var rounds = 0
        while openDescriptors("anon_inode:[eventfd]") > events, rounds < 5000 {
            rounds += 1
            usleep(1000)
        }
        #expect(openDescriptors("anon_inode:[eventfd]") <= events)
    }
}

/// Counts the times that a task found itself in a foreign namespace.
private final class Strays: Sendable {
    private let value = Atomic(0)

    var count: Int { value.load(ordering: .relaxed) }

    func add() { value.add(1, ordering: .relaxed) }
}
