import Foundation
import KubernetesModel
import TestSupport
import Testing

@testable import ControlPlane

@Suite("The store on disk")
struct ObjectDatabaseTests {
    private func service(_ name: String, _ namespace: String = "default", label: String = "a") -> APIObject {
        var service = APIObject(.services, namespace: namespace, name: name)
        service.labels = ["label": label]
        service.uid = "uid-\(name)"
        service["spec", "unknownToAll"] = ["kept": [1, .number(2.5), .null, "ü"]]
        return service
    }

    @Test("what was committed is there again, byte for byte")
    func reopening() throws {
        let directory = try TemporaryDirectory()
        var before: [StoredObject] = []
        do {
            let store = try ObjectStore(path: directory.path + "/objects")
            try store.commit((0..<50).map { .put(.services, service("s\($0)")) })
            try store.commit([.put(.services, service("s1", label: "changed")), .remove(.services, service("s2"))])
            before = store.objects(ObjectSelection(.services)).objects
        }
        let store = try ObjectStore(path: directory.path + "/objects")
        let after = store.objects(ObjectSelection(.services)).objects
        #expect(after.map(\.bytes) == before.map(\.bytes))
        #expect(after.map(\.labels) == before.map(\.labels))
        #expect(after.map(\.resourceVersion) == before.map(\.resourceVersion))
        #expect(after.count == 49)
    }

    @Test("versions go on after a restart, even where the last change was a deletion")
    func versionsGoOn() throws {
        let directory = try TemporaryDirectory()
        var last: UInt64 = 0
        for _ in 0..<3 {
            let store = try ObjectStore(path: directory.path + "/objects")
            #expect(store.resourceVersion >= last)
            try store.commit([.put(.services, service("s"))])
            try store.commit([.remove(.services, service("s"))])
            #expect(store.resourceVersion > last)
            last = store.resourceVersion
        }
    }

    @Test("after a restart watches begin at its version, not before and not after")
    func watchesAfterRestart() throws {
        let directory = try TemporaryDirectory()
        var last: UInt64 = 0
        do {
            let store = try ObjectStore(path: directory.path + "/objects")
            try store.commit([.put(.services, service("s")), .put(.services, service("t"))])
            last = store.resourceVersion
        }
        let store = try ObjectStore(path: directory.path + "/objects")
        #expect(try store.events(of: .services, after: last).events.isEmpty)
        for version in [last - 1, last + 1] {
            let status = #expect(throws: APIStatus.self) { try store.events(of: .services, after: version) }
            #expect(status?.code == 410)
        }
    }

    @Test("the files as a kill leaves them hold every commit that returned")
    func killed() throws {
        let directory = try TemporaryDirectory()
        let store = try ObjectStore(path: directory.path + "/objects")
        for round in 0..<300 {
            try store.commit((0..<5).map { .put(.services, service("s\($0)", label: "\(round)")) })
            guard round % 37 == 0 else { continue }
            try directory.copyStore("objects", to: "copy\(round)")
            let copy = try ObjectStore(path: directory.path + "/copy\(round)")
            #expect(copy.resourceVersion == store.resourceVersion)
            #expect(
                copy.objects(ObjectSelection(.services)).objects.map(\.bytes)
                    == store.objects(ObjectSelection(.services)).objects.map(\.bytes))
        }
    }

    @Test("a commit that a kill has cut short is there whole or not at all", arguments: 0..<6)
    func cutShort(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let directory = try TemporaryDirectory()
        let store = try ObjectStore(path: directory.path + "/objects")
        for round in 0..<40 {
            try store.commit((0..<5).map { .put(.services, service("s\($0)", label: "\(round)")) })
        }
        try directory.copyStore("objects", to: "copy")
        let log = URL(fileURLWithPath: directory.path + "/copy-wal")
        let whole = try Data(contentsOf: log)
        // What comes before was there before the first commit: the tables.
        try whole.prefix(Int.random(in: 30_000..<whole.count, using: &generator)).write(to: log)
        let copy = try ObjectStore(path: directory.path + "/copy")
        let objects = copy.objects(ObjectSelection(.services)).objects
        #expect(objects.isEmpty || objects.count == 5, "seed \(seed)")
        #expect(Set(objects.map { $0.labels["label"] }).count <= 1, "seed \(seed)")
        #expect(copy.resourceVersion == (objects.map(\.resourceVersion).max() ?? 1), "seed \(seed)")
    }

    @Test("a second process is refused, and the file stays whole")
    func inUse() throws {
        let directory = try TemporaryDirectory()
        let store = try ObjectStore(path: directory.path + "/objects")
        let error = #expect(throws: StoreError.self) { try ObjectStore(path: directory.path + "/objects") }
        #expect(error?.kind == .inUse)
        try store.commit([.put(.services, service("s"))])
    }

    @Test("the file is its owner's alone")
    func permissions() throws {
        let directory = try TemporaryDirectory()
        let store = try ObjectStore(path: directory.path + "/objects")
        try store.commit([.put(.services, service("s"))])
        for name in ["objects", "objects-wal"] {
            let attributes = try FileManager.default.attributesOfItem(atPath: "\(directory.path)/\(name)")
            #expect(attributes[.posixPermissions] as? Int == 0o600)
        }
    }

    @Test(
        "what is no store is refused and left as it is",
        arguments: ["no database at all, " + String(repeating: "x", count: 5000)])
    func foreignFile(content: String) throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/objects"
        try content.write(toFile: path, atomically: true, encoding: .utf8)
        let error = #expect(throws: StoreError.self) { try ObjectStore(path: path) }
        #expect(error?.kind == .foreign)
        #expect(try String(contentsOfFile: path, encoding: .utf8) == content)
    }

    @Test("a store of a later release is refused and left as it is")
    func newerSchema() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/objects"
        do { try ObjectStore(path: path).commit([.put(.services, service("s"))]) }
        var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        // The user version is the big-endian number at byte 60 of SQLite's header.
        bytes.replaceSubrange(60..<64, with: [0, 0, 0, 9])
        try bytes.write(to: URL(fileURLWithPath: path))
        let error = #expect(throws: StoreError.self) { try ObjectStore(path: path) }
        #expect(error?.kind == .newer)
    }

    @Test("a damaged file is refused with what to do")
    func damaged() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/objects"
        do { try ObjectStore(path: path).commit((0..<500).map { .put(.services, service("s\($0)")) }) }
        var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        for page in 1..<bytes.count / 4096 {
            bytes.replaceSubrange(page * 4096..<page * 4096 + 200, with: Data(repeating: 0xaa, count: 200))
        }
        try bytes.write(to: URL(fileURLWithPath: path))
        let error = #expect(throws: StoreError.self) { try ObjectStore(path: path) }
        #expect(error?.kind == .damaged)
        #expect(error?.description.contains("move the file") == true)
    }

    @Test("a directory that is not there is named")
    func noDirectory() {
        let error = #expect(throws: StoreError.self) { try ObjectStore(path: "/nonexistent/objects") }
        #expect(error?.kind == .inaccessible)
        #expect(error?.description.contains("/nonexistent/objects") == true)
    }

    @Test("a commit that the disk refuses changes nothing in memory either")
    func fullDisk() throws {
        let directory = try TemporaryDirectory()
        let store = try ObjectStore(path: directory.path + "/objects")
        try store.commit([.put(.services, service("s"))])
        let version = store.resourceVersion
        try store.limitDatabase(pages: 8)
        let error = #expect(throws: StoreError.self) {
            try store.commit((0..<1000).map { .put(.services, service("t\($0)")) })
        }
        #expect(error?.kind == .full)
        #expect(store.resourceVersion == version)
        #expect(store.count(of: .services) == 1)
        #expect(try store.events(of: .services, after: version).events.isEmpty)
    }
}
