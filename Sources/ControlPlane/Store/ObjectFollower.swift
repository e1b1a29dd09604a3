public import KubernetesModel

/// Follows objects of some kinds in a store at its own pace: what has changed since it last looked.
public struct ObjectFollower: Sendable {
    /// What there is to know.
    public enum News: Sendable {
        /// Every object, since nothing was known before or the changes are no longer kept. What is not among them is gone.
        case all([StoredObject])
        /// The changes, kind after kind, each kind's in their order.
        case changes([ObjectChange])
    }

    private let store: ObjectStore
    private let kinds: [ResourceType]
    private var cursors: [ResourceType: UInt64] = [:]

    /// Follows kinds of objects, which are told in this order.
    public init(_ store: ObjectStore, kinds: [ResourceType]) {
        self.store = store
        self.kinds = kinds
    }

    /// What has changed since the last call, without waiting.
    public mutating func next() -> News {
        guard cursors.count == kinds.count else { return list() }
        var changes: [ObjectChange] = []
        for type in kinds {
            do throws(APIStatus) { try follow(type, &changes) } catch { return list() }
        }
        return .changes(changes)
    }

    /// One reading gives only so many changes.
    private mutating func follow(_ type: ResourceType, _ changes: inout [ObjectChange]) throws(APIStatus) {
        let version = store.resourceVersion
        var cursor = cursors[type] ?? 0
        repeat {
            let (events, upTo) = try store.events(of: type, after: cursor)
            cursor = upTo
            cursors[type] = upTo
            changes += events.map { ObjectChange(stored: $0.object, isDeleted: $0.kind == .deleted) }
        } while cursor < version
    }

    private mutating func list() -> News {
        var all: [StoredObject] = []
        for type in kinds {
            let (objects, version) = store.objects(ObjectSelection(type))
            cursors[type] = version
            all += objects
        }
        return .all(all)
    }

    /// Waits until there may be news, a time has come, or the task is cancelled.
    public func wait(until instant: ContinuousClock.Instant? = nil) async {
        let store = store
        await withTaskGroup(of: Void.self) { group in
            for (type, version) in cursors {
                group.addTask { await store.waitForChange(of: type, after: version) }
            }
            if let instant {
                group.addTask { try? await Task.sleep(until: instant, clock: .continuous) }
            }
            await group.next()
            group.cancelAll()
        }
    }
}

/// An object as it is now, or that it has gone.
public struct ObjectChange: Sendable {
    /// The object; of one that has gone, its last state.
    public let stored: StoredObject
    /// Whether it has gone.
    public let isDeleted: Bool

    /// Describes a change.
    public init(stored: StoredObject, isDeleted: Bool) {
        self.stored = stored
        self.isDeleted = isDeleted
    }

    /// The kind.
    public var type: ResourceType { stored.key.type }
    /// The object, read anew at every call.
    public var object: APIObject { stored.object }
}
