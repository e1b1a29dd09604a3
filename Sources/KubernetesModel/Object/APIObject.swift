/// An object of the Kubernetes API: its tree, and the metadata that every kind has (meta/v1 ObjectMeta).
public struct APIObject: Hashable, Sendable {
    /// The whole object.
    public var value: JSONValue

    /// Takes a tree for an object; nothing is checked.
    public init(_ value: JSONValue) { self.value = value }

    /// An object with its type and name; nothing is checked.
    public init(_ type: ResourceType, namespace: String? = nil, name: String, _ fields: [String: JSONValue] = [:]) {
        var fields = fields
        fields["apiVersion"] = .string(type.apiVersion)
        fields["kind"] = .string(type.kind)
        value = .object(fields)
        self.name = name
        if type.isNamespaced { self.namespace = namespace ?? "default" }
    }

    /// A field of the object, such as `spec`.
    public subscript(field: String) -> JSONValue? {
        get { value[field] }
        set { value[field] = newValue }
    }

    /// The value at a path of fields, such as `spec`, `clusterIP`.
    public subscript(path: String...) -> JSONValue? {
        get { value[path: path] }
        set { value[path: path] = newValue }
    }

    /// `v1`, `apps/v1`, or empty.
    public var apiVersion: String { value["apiVersion"]?.string ?? "" }
    /// The kind, such as `Service`, or empty.
    public var kind: String { value["kind"]?.string ?? "" }

    /// The metadata as a whole.
    public var metadata: JSONValue {
        get { value["metadata"] ?? .object([:]) }
        set { value["metadata"] = newValue }
    }

    /// The name, or empty.
    public var name: String {
        get { self["metadata", "name"]?.string ?? "" }
        set { self["metadata", "name"] = newValue.isEmpty ? nil : .string(newValue) }
    }

    /// The namespace; empty for kinds without one.
    public var namespace: String {
        get { self["metadata", "namespace"]?.string ?? "" }
        set { self["metadata", "namespace"] = newValue.isEmpty ? nil : .string(newValue) }
    }

    /// What tells this object from others that had its name before or will have it.
    public var uid: String {
        get { self["metadata", "uid"]?.string ?? "" }
        set { self["metadata", "uid"] = newValue.isEmpty ? nil : .string(newValue) }
    }

    /// The version of the object's last change; 0 where it was never stored.
    public var resourceVersion: UInt64 {
        get { (self["metadata", "resourceVersion"]?.string).flatMap { UInt64($0) } ?? 0 }
        set { self["metadata", "resourceVersion"] = newValue == 0 ? nil : .string(String(newValue)) }
    }

    /// How often the desired state was changed.
    public var generation: Int64 {
        get { self["metadata", "generation"]?.integer ?? 0 }
        set { self["metadata", "generation"] = .integer(newValue) }
    }

    /// The labels; values that are no strings are left out.
    public var labels: [String: String] {
        get { (self["metadata", "labels"]?.object ?? [:]).compactMapValues(\.string) }
        set { self["metadata", "labels"] = newValue.isEmpty ? nil : .object(newValue.mapValues { .string($0) }) }
    }

    /// The annotations; values that are no strings are left out.
    public var annotations: [String: String] {
        get { (self["metadata", "annotations"]?.object ?? [:]).compactMapValues(\.string) }
        set { self["metadata", "annotations"] = newValue.isEmpty ? nil : .object(newValue.mapValues { .string($0) }) }
    }

    /// Who has to agree before the object goes.
    public var finalizers: [String] {
        get { (self["metadata", "finalizers"]?.array ?? []).compactMap(\.string) }
        set { self["metadata", "finalizers"] = newValue.isEmpty ? nil : .array(newValue.map { .string($0) }) }
    }

    /// When deletion was asked for plus the grace period (RFC 3339), or nil.
    public var deletionTimestamp: String? { self["metadata", "deletionTimestamp"]?.string }
    /// When the object was created (RFC 3339), or nil.
    public var creationTimestamp: String? { self["metadata", "creationTimestamp"]?.string }

    /// The objects that this one goes with.
    public var ownerReferences: [OwnerReference] {
        get { (self["metadata", "ownerReferences"]?.array ?? []).map { OwnerReference($0) } }
        set {
            self["metadata", "ownerReferences"] = newValue.isEmpty ? nil : .array(newValue.map(\.value))
        }
    }

    /// The owner that controls the object, or nil.
    public var controller: OwnerReference? { ownerReferences.first(where: \.isController) }
}

/// An object that another one goes with (meta/v1 OwnerReference).
public struct OwnerReference: Hashable, Sendable {
    /// The owner's apiVersion.
    public var apiVersion: String
    /// The owner's kind.
    public var kind: String
    /// The owner's name, in the dependent's namespace.
    public var name: String
    /// The owner's uid.
    public var uid: String
    /// Whether the owner manages the object.
    public var isController: Bool
    /// Whether the owner cannot go before the object with foreground deletion.
    public var blocksOwnerDeletion: Bool

    /// A reference to an object that manages its dependents.
    public init(controller: APIObject) {
        apiVersion = controller.apiVersion
        kind = controller.kind
        name = controller.name
        uid = controller.uid
        isController = true
        blocksOwnerDeletion = true
    }

    init(_ value: JSONValue) {
        apiVersion = value["apiVersion"]?.string ?? ""
        kind = value["kind"]?.string ?? ""
        name = value["name"]?.string ?? ""
        uid = value["uid"]?.string ?? ""
        isController = value["controller"]?.bool ?? false
        blocksOwnerDeletion = value["blockOwnerDeletion"]?.bool ?? false
    }

    var value: JSONValue {
        var fields: [String: JSONValue] = [
            "apiVersion": .string(apiVersion), "kind": .string(kind), "name": .string(name), "uid": .string(uid),
        ]
        if isController { fields["controller"] = true }
        if blocksOwnerDeletion { fields["blockOwnerDeletion"] = true }
        return .object(fields)
    }
}
