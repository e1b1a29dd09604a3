/// A pod by its namespace and name.
public struct PodReference: Hashable, Sendable {
    /// The namespace.
    public let namespace: String
    /// The name.
    public let name: String

    /// Names a pod.
    public init(namespace: String = "default", name: String) {
        self.namespace = namespace
        self.name = name
    }

    /// Names a pod by its own metadata.
    public init(_ pod: Pod) {
        self.init(namespace: pod.namespace, name: pod.name)
    }
}

extension PodReference: Comparable {
    /// By namespace, then by name.
    public static func < (one: PodReference, other: PodReference) -> Bool {
        (one.namespace, one.name) < (other.namespace, other.name)
    }
}

extension PodReference: CustomStringConvertible {
    /// `default/web`.
    public var description: String { "\(namespace)/\(name)" }
}
