internal import KubernetesModel
internal import Synchronization

/// The rest of lists that clients take page by page: each page shows the objects as they were at the first one.
final class ListPages: Sendable {
    /// What a list showed at its first page.
    struct Snapshot: Sendable {
        let objects: [StoredObject]
        let resourceVersion: UInt64
        /// What was asked, so that a token is not taken for another list.
        let question: String
        let began: ContinuousClock.Instant
    }

    private struct State {
        var snapshots: [UInt64: Snapshot] = [:]
        var next: UInt64 = 1
    }

    /// How many lists are kept. The oldest one goes first; its client has to begin anew.
    static let capacity = 32
    /// How long a list is kept, as etcd keeps old versions.
    static let lifetime = Duration.seconds(300)

    private let state = Mutex(State())

    /// Keeps a list, and names it.
    func keep(_ objects: [StoredObject], _ resourceVersion: UInt64, question: String) -> UInt64 {
        let snapshot = Snapshot(
            objects: objects, resourceVersion: resourceVersion, question: question, began: ContinuousClock.now)
        return state.withLock { state in
            state.snapshots = state.snapshots.filter { $0.value.began + Self.lifetime > snapshot.began }
            if state.snapshots.count >= Self.capacity, let oldest = state.snapshots.keys.min() {
                state.snapshots[oldest] = nil
            }
            defer { state.next += 1 }
            state.snapshots[state.next] = snapshot
            return state.next
        }
    }

    /// The list that a token goes on with, and where.
    ///
    /// - Throws: `APIStatus`: 400 where it is no token of this list, 410 where the list is no longer known.
    func snapshot(_ token: String, question: String) throws(APIStatus) -> (id: UInt64, Snapshot, offset: Int) {
        guard let value = Base64URL.decode(token).flatMap({ try? JSONValue(parsing: $0) }),
            let id = value["list"]?.integer, let offset = value["at"]?.integer, offset > 0, id > 0
        else { throw .badRequest("continue key is not valid") }
        let snapshot = state.withLock { state -> Snapshot? in
            guard let found = state.snapshots[UInt64(id)], found.began + Self.lifetime > ContinuousClock.now else {
                return nil
            }
            return found
        }
        guard let snapshot else {
            throw .expired(
                "The provided continue parameter is too old to display a consistent list result. You must start a new "
                    + "list without the continue parameter.")
        }
        guard snapshot.question == question, Int(offset) < snapshot.objects.count else {
            throw .badRequest("continue key is not valid")
        }
        return (UInt64(id), snapshot, Int(offset))
    }

    /// The token for the objects from a place on.
    static func token(_ id: UInt64, at offset: Int) -> String {
        Base64URL.encode(
            JSONValue.object(["list": .integer(Int64(clamping: id)), "at": .integer(Int64(offset))]).bytes)
    }
}
