import FoundationEssentials
import GRDB
import Glibc
import KubernetesModel

/// The objects on disk: one SQLite file in WAL mode, one row an object, and the counter of versions.
///
/// A commit is in the kernel's hands when it returns, so that the end of this process loses nothing; it is not forced to
/// the disk (`synchronous` is off). The file is this process' alone (exclusive locking).
final class ObjectDatabase: Sendable {
    /// "labk" in SQLite's header says whose file it is.
    private static let applicationID: Int32 = 0x6c61_626b
    private static let schemaVersion = 1

    private let path: String
    private let queue: DatabaseQueue

    /// Opens the file, or makes it, readable for its owner alone: it holds Secrets.
    init(path: String) throws(StoreError) {
        self.path = path
        let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else {
            throw StoreError(
                kind: .inaccessible, path: path, reason: "cannot open: \(String(cString: strerror(errno)))")
        }
        close(file)
        var configuration = Configuration()
        configuration.label = "objects"
        configuration.prepareDatabase { database in
            try database.execute(
                sql: """
                    PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF;
                    """)
        }
        do {
            queue = try DatabaseQueue(path: path, configuration: configuration)
            try queue.write { try Self.prepare($0, path: path) }
        } catch { throw Self.storeError(error, path, "cannot open") }
    }

    /// Makes the tables of a new file, and refuses what this release did not write.
    private static func prepare(_ database: Database, path: String) throws {
        let id = try Int32.fetchOne(database, sql: "PRAGMA application_id") ?? 0
        let version = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
        if id == 0, version == 0, try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_schema") == 0 {
            try database.execute(
                sql: """
                    CREATE TABLE object (
                        kind TEXT NOT NULL, namespace TEXT NOT NULL, name TEXT NOT NULL, version INTEGER NOT NULL,
                        json BLOB NOT NULL, PRIMARY KEY (kind, namespace, name));
                    CREATE TABLE counter (id INTEGER PRIMARY KEY CHECK (id = 1), version INTEGER NOT NULL);
                    INSERT INTO counter VALUES (1, 1);
                    PRAGMA application_id = \(applicationID);
                    PRAGMA user_version = \(schemaVersion);
                    """)
            return
        }
        guard id == applicationID else {
            throw StoreError(kind: .foreign, path: path, reason: "is a database of another program")
        }
        guard version <= schemaVersion else {
            throw StoreError(
                kind: .newer, path: path,
                reason: "was written by a later release (schema \(version), not \(schemaVersion))")
        }
    }

    /// Everything that is stored, and the version of the last change.
    ///
    /// Objects of kinds that are not served stay in the file.
    func load() throws(StoreError) -> (objects: [StoredObject], version: UInt64) {
        do {
            return try queue.read { database in
                let version = try Int64.fetchOne(database, sql: "SELECT version FROM counter") ?? 1
                let types = Dictionary(uniqueKeysWithValues: ResourceType.all.map { ($0.qualifiedName, $0) })
                var objects: [StoredObject] = []
                let rows = try Row.fetchCursor(
                    database, sql: "SELECT kind, version, json FROM object ORDER BY kind, namespace, name")
                while let row = try rows.next() {
                    guard let type = types[row[0]] else { continue }
                    let bytes = try row.withUnsafeData(atIndex: 2) { [UInt8]($0 ?? .init()) }
                    guard let value = try? JSONValue(parsing: bytes), let version = UInt64(exactly: row[1] as Int64)
                    else {
                        throw StoreError(kind: .damaged, path: path, reason: "holds an object that cannot be read")
                    }
                    objects.append(StoredObject(type, APIObject(value), resourceVersion: version, bytes: bytes))
                }
                return (objects, UInt64(version))
            }
        } catch { throw Self.storeError(error, path, "cannot read") }
    }

    /// Writes changes in one transaction.
    ///
    /// - Parameter changes: the new states, and the last states of what is removed.
    func write(_ changes: [(object: StoredObject, isRemoved: Bool)], version: UInt64) throws(StoreError) {
        do {
            try queue.write { database in
                let put = try database.cachedStatement(
                    sql: """
                        INSERT INTO object VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE \
                        SET version = excluded.version, json = excluded.json
                        """)
                let remove = try database.cachedStatement(
                    sql: "DELETE FROM object WHERE kind = ? AND namespace = ? AND name = ?")
                for (object, isRemoved) in changes {
                    let key = object.key
                    if isRemoved {
                        try remove.execute(arguments: [key.type.qualifiedName, key.namespace, key.name])
                    } else {
                        try put.execute(arguments: [
                            key.type.qualifiedName, key.namespace, key.name, Int64(object.resourceVersion), object.json,
                        ])
                    }
                }
                try database.cachedStatement(sql: "UPDATE counter SET version = ?").execute(arguments: [Int64(version)])
            }
        } catch { throw Self.storeError(error, path, "cannot store a change") }
    }

    /// Lets the file grow no further than this, as a full disk does.
    func limit(pages: Int) throws {
        try queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA max_page_count = \(pages)") }
    }

    private static func storeError(_ error: any Error, _ path: String, _ attempt: String) -> StoreError {
        if let error = error as? StoreError { return error }
        guard let error = error as? DatabaseError else {
            return StoreError(kind: .inaccessible, path: path, reason: "\(attempt): \(error)")
        }
        let kind: StoreError.Kind
        switch error.resultCode {
        case .SQLITE_NOTADB: kind = .foreign
        case .SQLITE_CORRUPT: kind = .damaged
        case .SQLITE_BUSY, .SQLITE_LOCKED: kind = .inUse
        case .SQLITE_FULL: kind = .full
        default: kind = .inaccessible
        }
        return StoreError(
            kind: kind, path: path, reason: "\(attempt): SQLite says \(error.message ?? "error \(error.resultCode)")")
    }
}

extension StoredObject {
    /// The bytes as SQLite takes them.
    fileprivate var json: Data { Data(bytes) }
}
