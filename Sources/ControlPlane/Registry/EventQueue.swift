import KubernetesModel

/// The Events in the order in which they came, so that the oldest can go: an API server forgets them after an hour, this
/// one when there are more than it keeps.
struct EventQueue {
    /// How many Events are kept.
    static let capacity = 5_000

    /// In the order of their coming, from `start` on; some of them may be gone.
    private var keys: [ObjectKey] = []
    private var start = 0
    private var members: Set<ObjectKey> = []

    init(of store: ObjectStore) {
        let events = store.objects(ObjectSelection(.events)).objects
        for event in events.sorted(by: { $0.resourceVersion < $1.resourceVersion }) { append(event.key) }
    }

    /// Those that have to go before another one comes.
    var excess: [ObjectKey] {
        let count = members.count - Self.capacity + 1
        return count > 0 ? Array(keys[start...].lazy.filter(members.contains).prefix(count)) : []
    }

    /// Adds an Event that was stored; one that is there keeps its place.
    mutating func append(_ key: ObjectKey) {
        if members.insert(key).inserted { keys.append(key) }
    }

    /// Forgets an Event that was removed.
    mutating func remove(_ key: ObjectKey) {
        members.remove(key)
        while start < keys.count, !members.contains(keys[start]) { start += 1 }
        if start > Self.capacity || keys.count > 3 * Self.capacity {
            keys = keys[start...].filter(members.contains)
            start = 0
        }
    }
}
