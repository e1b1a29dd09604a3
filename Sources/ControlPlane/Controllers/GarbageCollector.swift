import KubernetesModel

/// Removes what nobody needs any more: objects whose owners are gone, and the content of namespaces that are being
/// deleted. It follows the store, and begins with what is there, so that nothing is forgotten over a restart.
///
/// Objects that are deleted in the foreground or leave orphans carry a finalizer that says so, which goes when the
/// dependents are gone or have forgotten their owner.
public struct GarbageCollector: Sendable {
    let registry: Registry
    var store: ObjectStore { registry.store }

    /// A collector of a registry's objects.
    public init(_ registry: Registry) { self.registry = registry }

    /// Works until the task is cancelled.
    public func run() async {
        var state = State()
        begin(&state)
        while !Task.isCancelled {
            let version = store.resourceVersion
            follow(&state, upTo: version)
            await work(&state)
            await store.waitForChange(after: version)
        }
    }

    /// What is known of the objects, and what is to be looked at.
    struct State {
        /// The version up to which each kind's changes were followed.
        var cursors: [ResourceType: UInt64] = [:]
        var index = OwnershipIndex()
        /// Objects that may have to go, or need not wait for others any longer.
        var suspects: Set<ObjectKey> = []
        /// Namespaces that are being deleted.
        var namespaces: Set<String> = []
    }

    // MARK: Following

    /// Looks at everything that is there.
    private func begin(_ state: inout State) {
        state = State()
        for type in ResourceType.all {
            let (objects, version) = store.objects(ObjectSelection(type))
            state.cursors[type] = version
            for object in objects { note(object, &state) }
        }
    }

    /// Looks at what has changed.
    private func follow(_ state: inout State, upTo version: UInt64) {
        for type in ResourceType.all {
            while let cursor = state.cursors[type], cursor < version {
                guard let (events, upTo) = try? store.events(of: type, after: cursor) else { return begin(&state) }
                for event in events { note(event, &state) }
                state.cursors[type] = upTo
            }
        }
    }

    private func note(_ event: WatchEvent, _ state: inout State) {
        guard event.kind == .deleted else {
            if event.previous?.owners != event.object.owners { suspectOwners(of: event.previous, &state) }
            return note(event.object, &state)
        }
        state.index.set(event.object.key, nil)
        state.suspects.formUnion(state.index.dependents(of: event.object.uid))
        suspectOwners(of: event.previous ?? event.object, &state)
        if event.object.key.type == .namespaces { state.namespaces.remove(event.object.key.name) }
    }

    private func note(_ object: StoredObject, _ state: inout State) {
        let hasNewOwners = state.index.set(object.key, object.owners)
        if hasNewOwners || object.isTerminating { state.suspects.insert(object.key) }
        if object.key.type == .namespaces, object.isTerminating { state.namespaces.insert(object.key.name) }
    }

    /// Owners that are being deleted may have waited for this object.
    private func suspectOwners(of object: StoredObject?, _ state: inout State) {
        guard let object, !object.owners.isEmpty else { return }
        for reference in object.object.ownerReferences {
            if let key = Self.key(of: reference, object.key), store.object(key)?.isTerminating == true {
                state.suspects.insert(key)
            }
        }
    }

    /// The owner's key, or nil where its kind is not served.
    static func key(of reference: OwnerReference, _ dependent: ObjectKey) -> ObjectKey? {
        ResourceType.of(apiVersion: reference.apiVersion, kind: reference.kind).map {
            ObjectKey($0, namespace: dependent.namespace, name: reference.name)
        }
    }
}
