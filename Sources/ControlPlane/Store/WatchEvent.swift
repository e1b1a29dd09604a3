public import KubernetesModel

/// A change of one object.
public struct WatchEvent: Sendable {
    /// What happened.
    public enum Kind: String, Sendable {
        case added = "ADDED"
        case modified = "MODIFIED"
        case deleted = "DELETED"
    }

    /// What happened to the object itself, whatever a watcher selects.
    public let kind: Kind
    /// The object after the change; of a deleted one its last state, under the version of the deletion.
    public let object: StoredObject
    /// The object before the change, or nil where it is new.
    public let previous: StoredObject?

    /// The change as seen by somebody who watches only selected objects: one that comes into the selection is added, one
    /// that leaves it deleted, and others are not seen (nil).
    public func seen(by selection: ObjectSelection) -> Kind? {
        let isIn = kind != .deleted && selection.matches(object)
        let wasIn = previous.map(selection.matches) ?? false
        switch (wasIn, isIn) {
        case (false, true): return .added
        case (true, true): return .modified
        case (true, false): return .deleted
        case (false, false): return nil
        }
    }
}

/// Which objects of one kind are meant.
public struct ObjectSelection: Sendable {
    /// The kind.
    public let type: ResourceType
    /// One namespace, or nil for all.
    public let namespace: String?
    /// Conditions on labels.
    public let labels: LabelSelector
    /// Conditions on fields.
    public let fields: FieldSelector

    /// Selects objects.
    public init(
        _ type: ResourceType, namespace: String? = nil, labels: LabelSelector = LabelSelector(),
        fields: FieldSelector = .everything
    ) {
        self.type = type
        self.namespace = type.isNamespaced ? namespace : nil
        self.labels = labels
        self.fields = fields
    }

    /// Whether an object of this kind is meant.
    public func matches(_ object: StoredObject) -> Bool {
        (namespace.map { $0 == object.key.namespace } ?? true) && labels.matches(object.labels)
            && fields.matches(object.fields)
    }
}
