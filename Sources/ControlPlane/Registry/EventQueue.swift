import KubernetesModel

/// The Events in the order in which they came, so that the oldest can go: an API server forgets them after an hour, this
/// one when there are more than it keeps.
struct EventQueue {
    /// How many Events are kept.
    static let capacity = 5_000

    private var keys: [ObjectKey] = []
    private var members: Set<ObjectKey> = []
    /// Where the oldest one that was not handed out yet is.
    private var start = 0

    init(of store: ObjectStore) {
        let events = store.objects(ObjectSelection(.events)).objects
        for event in events.sorted(by: { $0.resourceVersion < $1.resourceVersion }) { append(event.key) }
    }

    /// Adds an Event that was stored; one that is there keeps its place.
    mutating func append(_ key: ObjectKey) {
        if members.insert(key).inserted { keys.append(key) }
    }

    /// Takes out those that have to go before another one comes.
    mutating func takeExcess() -> [ObjectKey] {
        guard members.count >= Self.capacity else { return [] }
        let excess = keys[start..<start + members.count - Self.capacity + 1]
        members.subtract(excess)
        start += excess.count
        if start > Self.capacity {
            keys.removeFirst(start)
            start = 0
        }
        return Array(excess)
    }
}
