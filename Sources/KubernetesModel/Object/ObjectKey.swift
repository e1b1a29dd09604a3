/// What names an object among all of a cluster.
public struct ObjectKey: Hashable, Sendable {
    /// The kind of object.
    public let type: ResourceType
    /// Its namespace; empty for kinds without one.
    public let namespace: String
    /// Its name.
    public let name: String

    /// Names an object.
    public init(_ type: ResourceType, namespace: String = "", name: String) {
        self.type = type
        self.namespace = type.isNamespaced ? namespace : ""
        self.name = name
    }

    /// Names an object by its own metadata.
    public init(_ type: ResourceType, _ object: APIObject) {
        self.init(type, namespace: object.namespace, name: object.name)
    }
}

extension ObjectKey: CustomStringConvertible {
    /// `services/default/web`, or `nodes/node1`.
    public var description: String {
        namespace.isEmpty ? "\(type.plural)/\(name)" : "\(type.plural)/\(namespace)/\(name)"
    }
}
