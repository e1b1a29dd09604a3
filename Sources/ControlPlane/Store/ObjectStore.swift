public import KubernetesModel
internal import Synchronization

/// The objects of a cluster: every version a number, every change an event that can be watched.
///
/// Reading is possible from anywhere at any time; changes come from the `Registry` alone, one after the other. With a
/// path the objects are in a SQLite file there: a commit that has returned outlives the process.
public final class ObjectStore: Sendable {
    fileprivate struct State {
        var objects: [ResourceType: SortedObjects] = [:]
        var resourceVersion: UInt64
        var log: EventLog
        var latest = LatestObjects()
    }

    private let state: Mutex<State>
    /// Held while a commit is written, so that readers need not wait for the disk.
    private let database: Mutex<ObjectDatabase?>

    /// A change that is to be made.
    enum Change: Sendable {
        /// Stores an object, new or changed.
        case put(ResourceType, APIObject)
        /// Removes an object, whose last state this is.
        case remove(ResourceType, APIObject)
    }

    /// A store in memory.
    public convenience init() { self.init(history: EventLog.Bounds()) }

    /// A store in memory that keeps so much of its history.
    init(history: EventLog.Bounds) {
        state = Mutex(State(resourceVersion: 1, log: EventLog(start: 1, bounds: history)))
        database = Mutex(nil)
    }

    /// Opens the store in a file, or begins an empty one there; nil keeps everything in memory.
    ///
    /// Versions go on where they ended. Watches can begin at the current version, not at older ones.
    ///
    /// - Throws: `StoreError` where the file cannot be used; it is left as it is.
    public convenience init(path: String?) throws(StoreError) {
        guard let path else {
            self.init()
            return
        }
        try self.init(path: path, history: EventLog.Bounds())
    }

    init(path: String, history: EventLog.Bounds) throws(StoreError) {
        let database = try ObjectDatabase(path: path)
        let (objects, version) = try database.load()
        var kinds: [ResourceType: SortedObjects] = [:]
        for object in objects { _ = kinds[object.key.type, default: SortedObjects()].put(object) }
        state = Mutex(
            State(objects: kinds, resourceVersion: version, log: EventLog(start: version, bounds: history)))
        self.database = Mutex(database)
    }

    /// Lets go of the file, so that another store can open it. What is changed from now on is kept nowhere.
    public func close() {
        database.withLock { $0 = nil }
    }

    // MARK: Reading

    /// The version of the last change.
    public var resourceVersion: UInt64 { state.withLock { $0.resourceVersion } }

    /// An object, or nil.
    public func object(_ key: ObjectKey) -> StoredObject? {
        state.withLock { $0.objects[key.type]?.object(namespace: key.namespace, name: key.name) }
    }

    /// The selected objects in the order of namespace and name, and the version at which they were so.
    public func objects(_ selection: ObjectSelection) -> (objects: [StoredObject], resourceVersion: UInt64) {
        let (all, version) = state.withLock { ($0.objects[selection.type], $0.resourceVersion) }
        return (all?.objects(in: selection.namespace, where: selection.matches) ?? [], version)
    }

    /// How many objects of a kind there are.
    public func count(of type: ResourceType) -> Int { state.withLock { $0.objects[type]?.count ?? 0 } }

    // MARK: Changing

    /// Makes changes, all or none, each under a version of its own.
    ///
    /// - Throws: `StoreError` where they cannot be written; nothing has changed then.
    @discardableResult
    func commit(_ changes: [Change]) throws(StoreError) -> [StoredObject] {
        guard !changes.isEmpty else { return [] }
        return try database.withLock { database throws(StoreError) in
            var version = resourceVersion
            let stored = changes.map { change in
                version += 1
                switch change {
                case .put(let type, let object):
                    return (object: StoredObject(type, object, resourceVersion: version), isRemoved: false)
                case .remove(let type, let object):
                    return (object: StoredObject(type, object, resourceVersion: version), isRemoved: true)
                }
            }
            try database?.write(stored, version: version)
            let woken = state.withLock { $0.take(stored, version: version) }
            for waiter in woken { waiter.resume() }
            return stored.map(\.object)
        }
    }

    /// Lets the file grow no further than this, as a full disk does.
    func limitDatabase(pages: Int) throws { try database.withLock { try $0?.limit(pages: pages) } }

    // MARK: Watching

    /// The changes of one kind after a version, without waiting; where there are very many, the first of them.
    ///
    /// - Returns: the events, and the version up to which there are no others of this kind.
    /// - Throws: `APIStatus` (410) where they are no longer known.
    public func events(
        of type: ResourceType, after version: UInt64
    ) throws(APIStatus) -> (events: [WatchEvent], upTo: UInt64) {
        try state.withLock { state throws(APIStatus) in
            let oldest = state.log.oldest(of: type)
            guard version >= oldest, version <= state.resourceVersion else {
                throw .expired("too old resource version: \(version) (\(oldest))")
            }
            let (events, areAll) = state.log.events(of: type, after: version)
            return (events, areAll ? state.resourceVersion : events.last?.object.resourceVersion ?? version)
        }
    }

    /// Waits until there may be changes of a kind after a version. Returns at once where there are some already or the
    /// version is no longer known; cancelling the task ends the wait.
    public func waitForChange(of type: ResourceType, after version: UInt64) async {
        await wait(for: type) { state in
            version < state.log.oldest(of: type) || state.log.hasEvents(of: type, after: version)
        }
    }

    /// Waits until there may be changes of any kind after a version.
    public func waitForChange(after version: UInt64) async {
        await wait(for: nil) { $0.resourceVersion > version }
    }

    private func wait(for type: ResourceType?, unless isOver: @Sendable (State) -> Bool) async {
        let ticket = Ticket()
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    if Task.isCancelled || isOver(state) { return true }
                    state.log.wait(for: type, ticket, continuation)
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.log.cancel(ticket, for: type) }?.resume()
        }
    }
}

extension ObjectStore.State {
    /// Takes over what was written, and gives who waits for it.
    fileprivate mutating func take(
        _ changes: [(object: StoredObject, isRemoved: Bool)], version: UInt64
    ) -> [CheckedContinuation<Void, Never>] {
        for (object, isRemoved) in changes {
            let key = object.key
            latest.append(object)
            if isRemoved {
                let previous = objects[key.type]?.remove(namespace: key.namespace, name: key.name)
                log.append(WatchEvent(kind: .deleted, object: object, previous: previous))
            } else {
                let previous = objects[key.type, default: SortedObjects()].put(object)
                log.append(WatchEvent(kind: previous == nil ? .added : .modified, object: object, previous: previous))
            }
        }
        resourceVersion = version
        return log.takeWaiting()
    }
}

/// Names one wait, so that it can be cancelled.
final class Ticket: Sendable {}
