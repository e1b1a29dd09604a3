internal import Topology

/// Which container of which pod.
public struct ContainerKey: Hashable, Sendable, Codable {
    /// The pod's namespace.
    public let namespace: String
    /// The pod's name.
    public let pod: String
    /// The container's name.
    public let container: String

    init(namespace: String, pod: String, container: String) {
        self.namespace = namespace
        self.pod = pod
        self.container = container
    }

    init(_ pod: PodSpec, _ container: ContainerSpec) {
        namespace = pod.namespace
        self.pod = pod.name
        self.container = container.name
    }
}

/// What a container is doing (core/v1 ContainerState).
public enum ContainerState: Hashable, Sendable, Codable {
    /// A process of this number.
    case running(process: Int32)
    /// The built-in server, on so many sockets.
    case serving(sockets: Int)
    /// Not started, and why.
    case waiting(reason: String, message: String)
    /// Ended with an exit status; nil where nobody saw it.
    case terminated(exitStatus: Int32?)

    /// Whether the container does its work.
    public var isReady: Bool {
        switch self {
        case .running, .serving: true
        case .waiting, .terminated: false
        }
    }

    /// A word or two for a table, as kubectl's STATUS column has them.
    public var word: String {
        switch self {
        case .running, .serving: "Running"
        case .waiting(let reason, _): reason
        case .terminated(0): "Completed"
        case .terminated: "Error"
        }
    }
}

/// A container and what it is doing.
public struct ContainerStatus: Hashable, Sendable, Codable {
    /// Which container.
    public let key: ContainerKey
    /// Its image.
    public let image: String
    /// What it is doing.
    public let state: ContainerState
}
