/// What networking needs to know of a namespace (core/v1 Namespace).
public struct Namespace: Hashable, Sendable {
    /// The name.
    public let name: String
    /// The labels, `kubernetes.io/metadata.name` always among them.
    public let labels: [String: String]

    /// Reads a namespace.
    public init(_ object: APIObject) {
        self.init(name: object.name, labels: object.labels)
    }

    /// A namespace by its name and its further labels.
    public init(name: String, labels: [String: String] = [:]) {
        self.name = name
        self.labels = labels.merging(["kubernetes.io/metadata.name": name]) { $1 }
    }
}
