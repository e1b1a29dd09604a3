/// Keys that wait for their turn: each at most once, in the order in which they came, some not before a certain time.
struct WorkQueue<Key: Hashable & Sendable>: Sendable {
    typealias Instant = ContinuousClock.Instant

    /// The shortest and the longest time before another try.
    static var shortestDelay: Duration { .milliseconds(5) }
    static var longestDelay: Duration { .seconds(30) }

    private var waiting: [Key] = []
    private var first = 0
    private var queued: Set<Key> = []
    private var delayed: [Key: Instant] = [:]
    private var failures: [Key: Int] = [:]

    /// Whether nothing waits for its turn now.
    var isIdle: Bool { first == waiting.count }

    /// When the next delayed key's turn is.
    var nextInstant: Instant? { delayed.values.min() }

    /// Queues a key, unless it is queued already.
    mutating func add(_ key: Key) {
        if queued.insert(key).inserted { waiting.append(key) }
    }

    /// Queues keys.
    mutating func add(_ keys: some Sequence<Key>) {
        for key in keys { add(key) }
    }

    /// Queues a key for a time, or an earlier one that was named before.
    mutating func add(_ key: Key, at instant: Instant) {
        delayed[key] = min(delayed[key] ?? instant, instant)
    }

    /// The key whose turn it is; it may be queued again from now on.
    mutating func next(at now: Instant) -> Key? {
        if !delayed.isEmpty {
            for (key, instant) in delayed where instant <= now {
                delayed[key] = nil
                add(key)
            }
        }
        guard first < waiting.count else { return nil }
        let key = waiting[first]
        first += 1
        if first > 1_000, first > waiting.count / 2 {
            waiting.removeFirst(first)
            first = 0
        }
        queued.remove(key)
        return key
    }

    /// Takes note that a key's work is done.
    mutating func succeed(_ key: Key) {
        failures[key] = nil
    }

    /// Queues a key for another try, later each time.
    ///
    /// - Returns: how often it has failed in a row.
    mutating func fail(_ key: Key, at now: Instant) -> Int {
        let count = (failures[key] ?? 0) + 1
        failures[key] = count
        let delay = Self.shortestDelay * (1 << min(count - 1, 20))
        add(key, at: now.advanced(by: min(delay, Self.longestDelay)))
        return count
    }

    /// Forgets everything.
    mutating func removeAll() { self = WorkQueue() }
}
