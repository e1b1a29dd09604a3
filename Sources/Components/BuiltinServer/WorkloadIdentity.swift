/// Which container of which pod a socket answers for.
public struct WorkloadIdentity: Hashable, Sendable {
    /// The pod's namespace.
    public let namespace: String
    /// The pod's name: what `/hostname` answers.
    public let pod: String
    /// The node that the pod runs on.
    public let node: String
    /// The container's name.
    public let container: String

    /// Names a container; nothing is checked.
    public init(namespace: String, pod: String, node: String, container: String) {
        self.namespace = namespace
        self.pod = pod
        self.node = node
        self.container = container
    }
}
