import KubernetesModel
import TestSupport
import Testing

@testable import ControlPlane

@Suite("Watching")
struct WatchEventTests {
    private func pod(_ name: String, app: String) -> APIObject {
        var pod = APIObject(.pods, name: name)
        pod.labels = ["app": app]
        return pod
    }

    @Test("an object that leaves the selection is deleted for those who watch the selection")
    func leavingSelection() async throws {
        let store = ObjectStore()
        let before = store.resourceVersion
        try store.commit([.put(.pods, pod("a", app: "web"))])
        try store.commit([.put(.pods, pod("a", app: "other")), .put(.services, APIObject(.services, name: "s"))])
        try store.commit([.remove(.pods, pod("a", app: "other"))])
        let selection = ObjectSelection(.pods, labels: LabelSelector(labels: ["app": "web"]))
        let events = try store.events(of: .pods, after: before).events
        #expect(events.map { $0.seen(by: selection) } == [.added, .deleted, nil])
        #expect(events.map(\.kind) == [.added, .modified, .deleted])
    }

    @Test("a watcher that waits is woken by a change of its kind, and by cancellation")
    func waking() async throws {
        let store = ObjectStore()
        let version = store.resourceVersion
        async let change: Void = store.waitForChange(of: .pods, after: version)
        try store.commit([.put(.pods, pod("a", app: "web"))])
        await change
        let cancelled = Task { await store.waitForChange(of: .nodes, after: version) }
        cancelled.cancel()
        await cancelled.value
    }

    @Test("a version of an earlier or another store is too old")
    func expired() throws {
        let store = ObjectStore()
        for version in [UInt64(0), 99] {
            let status = #expect(throws: APIStatus.self) { try store.events(of: .pods, after: version) }
            #expect(status?.code == 410)
        }
    }
}
