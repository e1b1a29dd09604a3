import Glibc
import KubernetesModel

/// Brings the objects of a cluster closer to what others ask for, one key after the other. `ControllerLoop` tells it of
/// every change and decides when a key's turn is; a controller is a plain value that remembers what it was told.
protocol Controller: Sendable {
    /// What is reconciled as one.
    associatedtype Key: Hashable, Sendable

    /// The name in logs.
    var name: String { get }
    /// The kinds that it has to know of, in the order in which they are listed at the start.
    var kinds: [ResourceType] { get }
    /// Forgets all it was told, because every object is told anew.
    mutating func forget()
    /// Takes note of a change, and queues the keys that it touches.
    mutating func observe(_ change: ObjectChange, _ queue: inout WorkQueue<Key>)
    /// Does what is to be done for a key.
    ///
    /// - Returns: after how many seconds to look again even if nothing changes, or nil.
    mutating func reconcile(_ key: Key, _ context: ControllerContext) async throws(APIStatus) -> Int?
}

extension ObjectChange {
    var name: NamespacedName { NamespacedName(stored.key) }
}

/// What controllers work with.
struct ControllerContext: Sendable {
    let registry: Registry
    let events: EventRecorder
    /// Who writes, for the ownership of fields.
    let manager = "kube-controller-manager"
    var options: WriteOptions { WriteOptions(fieldManager: manager) }
    /// The time of day.
    var now: Timestamp { Timestamp.now }
}

/// A name within its namespace, where the kind is clear.
struct NamespacedName: Hashable, Sendable {
    let namespace: String
    let name: String

    init(_ namespace: String, _ name: String) {
        self.namespace = namespace
        self.name = name
    }

    init(_ key: ObjectKey) { self.init(key.namespace, key.name) }

    func key(_ type: ResourceType) -> ObjectKey { ObjectKey(type, namespace: namespace, name: name) }
}
