public import KubernetesModel

/// One version of an object as the store holds it. It never changes; a change makes another one.
public final class StoredObject: Sendable {
    /// What names the object.
    public let key: ObjectKey
    /// The version; later changes of any object of the store have greater ones.
    public let resourceVersion: UInt64
    /// What tells the object from others that had its name.
    public let uid: String
    /// The labels, for selectors.
    public let labels: [String: String]
    /// The values of the fields that can be selected by.
    public let fields: [String: String]
    /// The uids of the objects that this one goes with.
    let owners: [String]
    /// Whether deletion was asked for.
    public let isTerminating: Bool
    /// The whole object as compact JSON, as clients get it.
    public let bytes: [UInt8]

    /// Takes an object with its version; `object.resourceVersion` is set to it.
    convenience init(_ type: ResourceType, _ object: APIObject, resourceVersion: UInt64) {
        var object = object
        object.resourceVersion = resourceVersion
        self.init(type, object, resourceVersion: resourceVersion, bytes: object.value.bytes)
    }

    /// Takes an object that has its version already, and its encoded form.
    init(_ type: ResourceType, _ object: APIObject, resourceVersion: UInt64, bytes: [UInt8]) {
        key = ObjectKey(type, object)
        self.resourceVersion = resourceVersion
        uid = object.uid
        labels = object.labels
        fields = type.selectableFields(of: object)
        owners = object.ownerReferences.map(\.uid)
        isTerminating = object.deletionTimestamp != nil
        self.bytes = bytes
    }

    /// The object as a tree, read anew from its bytes. What the store holds can always be read.
    public var object: APIObject {
        APIObject((try? JSONValue(parsing: bytes)) ?? .null)
    }
}
