import KubernetesModel
import TestSupport
import Testing

@testable import ControlPlane

@Suite("The history of changes")
struct EventLogTests {
    private func put(_ name: String, _ type: ResourceType = .configMaps, filling: Int = 0) -> ObjectStore.Change {
        .put(type, APIObject(type, name: name, ["data": ["x": .string(String(repeating: "x", count: filling))]]))
    }

    @Test("history is bounded by count, for each kind of its own")
    func boundedByCount() throws {
        let store = ObjectStore(history: EventLog.Bounds(count: 100))
        let start = store.resourceVersion
        try store.commit([put("first", .secrets)])
        for number in 0..<1000 { try store.commit([put("c\(number % 7)")]) }
        #expect(try store.events(of: .secrets, after: start).events.count == 1)
        let status = #expect(throws: APIStatus.self) { try store.events(of: .configMaps, after: start) }
        #expect(status?.code == 410)
        #expect(status?.reason == "Expired")
        let version = store.resourceVersion
        #expect(try store.events(of: .configMaps, after: version - 100).events.count == 100)
        #expect(throws: APIStatus.self) { try store.events(of: .configMaps, after: version - 130) }
    }

    @Test("history is bounded by bytes, and the last change is always known")
    func boundedByBytes() throws {
        let store = ObjectStore(history: EventLog.Bounds(bytes: 100_000))
        for number in 0..<50 { try store.commit([put("c\(number % 3)", filling: 20_000)]) }
        let version = store.resourceVersion
        #expect(try store.events(of: .configMaps, after: version - 4).events.count == 4)
        #expect(throws: APIStatus.self) { try store.events(of: .configMaps, after: version - 8) }
        try store.commit([put("c", filling: 500_000)])
        #expect(try store.events(of: .configMaps, after: version).events.count == 1)
    }

    @Test("a watcher that is far behind reads on in portions and misses nothing")
    func portions() throws {
        let store = ObjectStore(history: EventLog.Bounds(reading: 10))
        var cursor = store.resourceVersion
        try store.commit((0..<95).flatMap { [put("c\($0)"), put("s\($0)", .secrets)] })
        var names: [String] = []
        while cursor < store.resourceVersion {
            let (events, upTo) = try store.events(of: .configMaps, after: cursor)
            #expect(events.count <= 10)
            names += events.map(\.object.key.name)
            cursor = upTo
        }
        #expect(names == (0..<95).map { "c\($0)" })
    }

    @Test("a hundred watchers that wait are all woken by one change, those of other kinds are not")
    func manyWatchers() async throws {
        let store = ObjectStore()
        let version = store.resourceVersion
        let other = Task { await store.waitForChange(of: .pods, after: version) }
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<100 { group.addTask { await store.waitForChange(of: .configMaps, after: version) } }
            group.addTask { await store.waitForChange(after: version) }
            group.addTask { _ = try? store.commit([self.put("c")]) }
        }
        #expect(try store.events(of: .pods, after: version).events.isEmpty)
        other.cancel()
        await other.value
    }

    @Test("objects are kept in order whatever the order of changes", arguments: 0..<8)
    func order(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var objects = SortedObjects()
        var expected: [String: StoredObject] = [:]
        for version in 1...3000 {
            let namespace = ["a", "a-b", "b", "zz"].randomElement(using: &generator) ?? "a"
            let name = "n\(Int.random(in: 0..<900, using: &generator))"
            let key = namespace + "/" + name
            if Int.random(in: 0..<3, using: &generator) == 0 {
                #expect(
                    objects.remove(namespace: namespace, name: name) === expected.removeValue(forKey: key),
                    "seed \(seed)")
            } else {
                let object = StoredObject(
                    .pods, APIObject(.pods, namespace: namespace, name: name), resourceVersion: UInt64(version))
                #expect(objects.put(object) === expected.updateValue(object, forKey: key), "seed \(seed)")
            }
        }
        let sorted = expected.values.sorted { ($0.key.namespace, $0.key.name) < ($1.key.namespace, $1.key.name) }
        #expect(objects.count == sorted.count, "seed \(seed)")
        #expect(
            objects.objects(in: nil) { _ in true }.map(\.resourceVersion) == sorted.map(\.resourceVersion),
            "seed \(seed)")
        for namespace in ["", "a", "a-b", "b", "c", "zz", "zzz"] {
            #expect(
                objects.objects(in: namespace) { _ in true }.map(\.resourceVersion)
                    == sorted.filter { $0.key.namespace == namespace }.map(\.resourceVersion), "seed \(seed)")
        }
    }
}
