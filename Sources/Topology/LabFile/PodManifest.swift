public import Addressing

/// A pod as a file describes it: its node and addresses may still be open.
public struct PodManifest: Sendable {
    /// The namespace of the object.
    public var namespace: String
    /// The pod's name.
    public var name: String
    /// The node that it must run on, or nil for any.
    public var node: String?
    /// The addresses that it must have; families without one get a free address.
    public var address: [IPAddress]
    /// Its labels.
    public var labels: [String: String]
    /// Whether it lives in its node's network namespace.
    public var hostNetwork: Bool
    /// Its containers, at least one. Host ports of a pod in its node's namespace are filled in.
    public var containers: [ContainerSpec]
    /// What it says about names; nil where it says nothing and the API's defaults hold.
    public var naming: PodNaming?
    /// Where each field was written, by its path in the lab file's spelling.
    var sources: [FieldPath: SourceLocation] = [:]

    /// Makes a pod; nothing is checked.
    public init(
        namespace: String = "default", name: String, node: String? = nil, address: [IPAddress] = [],
        labels: [String: String] = [:], hostNetwork: Bool = false, containers: [ContainerSpec] = [.builtinServer]
    ) {
        self.namespace = namespace
        self.name = name
        self.node = node
        self.address = address
        self.labels = labels
        self.hostNetwork = hostNetwork
        self.containers = containers
        if hostNetwork { openHostPorts() }
    }

    /// Opens every port on the node too, as the API's defaulting does for pods of the host's network.
    mutating func openHostPorts() {
        for container in containers.indices {
            for port in containers[container].ports.indices where containers[container].ports[port].hostPort == nil {
                containers[container].ports[port].hostPort = containers[container].ports[port].containerPort
            }
        }
    }
}
