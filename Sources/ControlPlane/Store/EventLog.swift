internal import KubernetesModel

/// The last changes, for watchers to read at their own pace. A slow watcher costs nothing here: it reads on from its
/// version, or learns that its version has gone.
struct EventLog {
    /// How much of each kind's history is kept.
    struct Bounds: Sendable {
        /// Changes.
        var count = 20_000
        /// Bytes of their objects' encoded forms.
        var bytes = 64 << 20
        /// Changes that one reading returns at most.
        var reading = 2_000
    }

    fileprivate struct History {
        var events: [WatchEvent] = []
        var bytes = 0
        /// Watches can begin after this version and later ones.
        var oldest: UInt64
    }

    private let bounds: Bounds
    /// The version at which all histories begin.
    private let start: UInt64
    private var histories: [ResourceType: History] = [:]
    private var waiting: [ResourceType: [ObjectIdentifier: CheckedContinuation<Void, Never>]] = [:]
    private var waitingForAny: [ObjectIdentifier: CheckedContinuation<Void, Never>] = [:]
    private var changed: Set<ResourceType> = []

    init(start: UInt64, bounds: Bounds) {
        self.start = start
        self.bounds = bounds
    }

    /// Watches of a kind can begin after this version and later ones.
    func oldest(of type: ResourceType) -> UInt64 { histories[type]?.oldest ?? start }

    mutating func append(_ event: WatchEvent) {
        let type = event.object.key.type
        changed.insert(type)
        histories[type, default: History(oldest: start)].append(event, bounds)
    }

    /// The changes of a kind after a version, and up to where they go.
    func events(of type: ResourceType, after version: UInt64) -> (events: [WatchEvent], areAll: Bool) {
        guard let events = histories[type]?.events else { return ([], true) }
        var low = 0
        var high = events.count
        while low < high {
            let middle = (low + high) / 2
            if events[middle].object.resourceVersion <= version { low = middle + 1 } else { high = middle }
        }
        let end = min(events.count, low + bounds.reading)
        return (Array(events[low..<end]), end == events.count)
    }

    func hasEvents(of type: ResourceType, after version: UInt64) -> Bool {
        (histories[type]?.events.last?.object.resourceVersion ?? 0) > version
    }

    // MARK: Waiting

    /// Adds somebody who waits for a change of a kind, or of any.
    mutating func wait(for type: ResourceType?, _ ticket: Ticket, _ continuation: CheckedContinuation<Void, Never>) {
        if let type {
            waiting[type, default: [:]][ObjectIdentifier(ticket)] = continuation
        } else {
            waitingForAny[ObjectIdentifier(ticket)] = continuation
        }
    }

    mutating func cancel(_ ticket: Ticket, for type: ResourceType?) -> CheckedContinuation<Void, Never>? {
        guard let type else { return waitingForAny.removeValue(forKey: ObjectIdentifier(ticket)) }
        return waiting[type]?.removeValue(forKey: ObjectIdentifier(ticket))
    }

    /// Those who wait for what has changed, for the caller to resume once it holds no lock.
    mutating func takeWaiting() -> [CheckedContinuation<Void, Never>] {
        guard !changed.isEmpty else { return [] }
        var woken = Array(waitingForAny.values)
        waitingForAny = [:]
        for type in changed { woken += waiting.removeValue(forKey: type)?.values.map { $0 } ?? [] }
        changed = []
        return woken
    }
}

extension EventLog.History {
    fileprivate mutating func append(_ event: WatchEvent, _ bounds: EventLog.Bounds) {
        events.append(event)
        bytes += event.object.bytes.count
        // A quarter more than the bound may gather before the oldest go, so that they go many at a time.
        guard events.count > bounds.count + bounds.count / 4 || bytes > bounds.bytes + bounds.bytes / 4 else { return }
        var dropped = 0
        while dropped < events.count - 1, events.count - dropped > bounds.count || bytes > bounds.bytes {
            bytes -= events[dropped].object.bytes.count
            oldest = events[dropped].object.resourceVersion
            dropped += 1
        }
        events.removeFirst(dropped)
    }
}
