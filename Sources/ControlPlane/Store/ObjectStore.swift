internal import Glibc
public import KubernetesModel
internal import Synchronization

/// The objects of a cluster: every version a number, every change an event that can be watched.
///
/// Reading is possible from anywhere at any time; changes come from the `Registry` alone, one after the other.
public final class ObjectStore: Sendable {
    private struct State: ~Copyable {
        var objects: [ResourceType: [ObjectKey: StoredObject]] = [:]
        var resourceVersion: UInt64 = 1
        var log: EventLog
    }

    private let state: Mutex<State>

    /// A change that is to be made.
    enum Change: Sendable {
        /// Stores an object, new or changed.
        case put(ResourceType, APIObject)
        /// Removes an object, whose last state this is.
        case remove(ResourceType, APIObject)
    }

    /// Opens a store.
    public init() {
        state = Mutex(State(log: EventLog(oldest: 1)))
    }

    /// The version of the last change.
    public var resourceVersion: UInt64 { state.withLock { $0.resourceVersion } }

    /// An object, or nil.
    public func object(_ key: ObjectKey) -> StoredObject? {
        state.withLock { $0.objects[key.type]?[key] }
    }

    /// The selected objects in the order of namespace and name, and the version at which they were so.
    public func objects(_ selection: ObjectSelection) -> (objects: [StoredObject], resourceVersion: UInt64) {
        let (all, version) = state.withLock { ($0.objects[selection.type] ?? [:], $0.resourceVersion) }
        let selected = all.values.filter(selection.matches).sorted {
            ($0.key.namespace, $0.key.name) < ($1.key.namespace, $1.key.name)
        }
        return (selected, version)
    }

    /// Makes changes, all or none, each under a version of its own.
    @discardableResult
    func commit(_ changes: [Change]) throws -> [StoredObject] {
        state.withLock { state in
            var stored: [StoredObject] = []
            for change in changes {
                state.resourceVersion += 1
                switch change {
                case .put(let type, let object):
                    let new = StoredObject(type, object, resourceVersion: state.resourceVersion)
                    let previous = state.objects[type, default: [:]].updateValue(new, forKey: new.key)
                    state.log.append(
                        WatchEvent(kind: previous == nil ? .added : .modified, object: new, previous: previous))
                    stored.append(new)
                case .remove(let type, let object):
                    let last = StoredObject(type, object, resourceVersion: state.resourceVersion)
                    let previous = state.objects[type]?.removeValue(forKey: last.key)
                    state.log.append(WatchEvent(kind: .deleted, object: last, previous: previous))
                    stored.append(last)
                }
            }
            state.log.wake()
            return stored
        }
    }

    /// The changes of one kind after a version, without waiting.
    ///
    /// - Returns: the events, and the version up to which there are no others of this kind.
    /// - Throws: `APIStatus` (410) where they are no longer known.
    public func events(
        of type: ResourceType, after version: UInt64
    ) throws(APIStatus) -> (events: [WatchEvent], upTo: UInt64) {
        try state.withLock { state throws(APIStatus) in
            guard version >= state.log.oldest, version <= state.resourceVersion else {
                throw .expired("too old resource version: \(version) (\(state.log.oldest))")
            }
            return (state.log.events(of: type, after: version), state.resourceVersion)
        }
    }

    /// Waits until there may be changes of a kind after a version. Returns at once where there are some already or the
    /// version is no longer known; cancelling the task ends the wait.
    public func waitForChange(of type: ResourceType, after version: UInt64) async {
        let ticket = Ticket()
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                state.withLock { state in
                    if Task.isCancelled || version < state.log.oldest || state.log.hasEvents(of: type, after: version) {
                        continuation.resume()
                    } else {
                        state.log.wait(for: type, ticket, continuation)
                    }
                }
            }
        } onCancel: {
            state.withLock { $0.log.cancel(ticket) }
        }
    }
}

/// Names one wait, so that it can be cancelled.
final class Ticket: Sendable {}
