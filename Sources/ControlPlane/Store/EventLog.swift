internal import KubernetesModel

/// The last changes, for watchers to read at their own pace. A slow watcher costs nothing here: it reads on from its
/// version, or learns that its version has gone.
struct EventLog: ~Copyable {
    /// How many changes of a kind are kept.
    static let capacity = 20_000

    /// Watches can begin after this version and later ones.
    private(set) var oldest: UInt64
    private var events: [ResourceType: [WatchEvent]] = [:]
    private var waiting: [ObjectIdentifier: (type: ResourceType, continuation: CheckedContinuation<Void, Never>)] = [:]
    private var changed: Set<ResourceType> = []

    init(oldest: UInt64) {
        self.oldest = oldest
    }

    mutating func append(_ event: WatchEvent) {
        let type = event.object.key.type
        events[type, default: []].append(event)
        changed.insert(type)
        guard let count = events[type]?.count, count > 2 * Self.capacity else { return }
        oldest = max(oldest, events[type]?[count - Self.capacity - 1].object.resourceVersion ?? oldest)
        events[type]?.removeFirst(count - Self.capacity)
    }

    func events(of type: ResourceType, after version: UInt64) -> [WatchEvent] {
        guard let events = events[type] else { return [] }
        var low = 0
        var high = events.count
        while low < high {
            let middle = (low + high) / 2
            if events[middle].object.resourceVersion <= version { low = middle + 1 } else { high = middle }
        }
        return Array(events[low...])
    }

    func hasEvents(of type: ResourceType, after version: UInt64) -> Bool {
        (events[type]?.last?.object.resourceVersion ?? 0) > version
    }

    mutating func wait(for type: ResourceType, _ ticket: Ticket, _ continuation: CheckedContinuation<Void, Never>) {
        waiting[ObjectIdentifier(ticket)] = (type, continuation)
    }

    mutating func cancel(_ ticket: Ticket) {
        waiting.removeValue(forKey: ObjectIdentifier(ticket))?.continuation.resume()
    }

    /// Wakes those who wait for a kind that has changed.
    mutating func wake() {
        guard !changed.isEmpty else { return }
        for (ticket, waiter) in waiting where changed.contains(waiter.type) {
            waiting[ticket] = nil
            waiter.continuation.resume()
        }
        changed = []
    }
}
