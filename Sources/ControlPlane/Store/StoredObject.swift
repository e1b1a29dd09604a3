public import KubernetesModel
internal import Synchronization

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
    /// The tree, for as long as the object is among the latest ones: those who follow the store read it then.
    private let tree: Mutex<JSONValue?>

    /// Takes an object with its version; `object.resourceVersion` is set to it.
    convenience init(_ type: ResourceType, _ object: APIObject, resourceVersion: UInt64) {
        var object = object
        object.resourceVersion = resourceVersion
        self.init(type, object, resourceVersion: resourceVersion, bytes: object.value.bytes, tree: object.value)
    }

    /// Takes an object that has its version already, and its encoded form.
    init(_ type: ResourceType, _ object: APIObject, resourceVersion: UInt64, bytes: [UInt8], tree: JSONValue? = nil) {
        key = ObjectKey(type, object)
        self.resourceVersion = resourceVersion
        uid = object.uid
        labels = object.labels
        fields = type.selectableFields(of: object)
        owners = object.ownerReferences.map(\.uid)
        isTerminating = object.deletionTimestamp != nil
        self.bytes = bytes
        self.tree = Mutex(tree)
    }

    /// The object as a tree, read anew from its bytes once it is none of the latest. What the store holds can always be
    /// read.
    public var object: APIObject {
        APIObject(tree.withLock { $0 } ?? (try? JSONValue(parsing: bytes)) ?? .null)
    }

    /// Lets go of the tree, which is several times as large as the bytes.
    func forgetTree() { tree.withLock { $0 = nil } }
}
