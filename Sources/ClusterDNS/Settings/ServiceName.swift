/// What tells a Service from others of the cluster.
public struct ServiceName: Hashable, Sendable {
    /// The namespace.
    public var namespace: String
    /// The name.
    public var name: String

    /// Makes a name.
    public init(namespace: String, name: String) {
        self.namespace = namespace
        self.name = name
    }
}

extension ServiceName: CustomStringConvertible {
    /// `namespace/name`
    public var description: String { "\(namespace)/\(name)" }
}
