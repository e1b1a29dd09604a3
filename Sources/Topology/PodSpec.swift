public import Addressing

/// A pod with its place and addresses.
public struct PodSpec: Hashable, Sendable, Codable {
    /// The namespace of the object, `default` unless told.
    public var namespace: String
    /// The pod's name.
    public var name: String
    /// The node that it runs on.
    public var node: String
    /// Its addresses: one a family of the cluster; the node's own with `hostNetwork`.
    public var address: [IPAddress]
    /// Its labels.
    public var labels: [String: String]
    /// Whether it lives in its node's network namespace.
    public var hostNetwork: Bool
    /// Its containers, at least one.
    public var containers: [ContainerSpec]
    /// What it says about names; nil where it says nothing and the API's defaults hold.
    public var naming: PodNaming?
    /// Whether it comes from an object of the API and not from the lab file: a new lab file leaves it alone.
    public var isFromAPI = false

    /// Makes a pod; nothing is checked.
    public init(
        namespace: String = "default", name: String, node: String, address: [IPAddress] = [],
        labels: [String: String] = [:], hostNetwork: Bool = false, containers: [ContainerSpec] = [.builtinServer],
        naming: PodNaming? = nil
    ) {
        self.namespace = namespace
        self.name = name
        self.node = node
        self.address = address
        self.labels = labels
        self.hostNetwork = hostNetwork
        self.containers = containers
        self.naming = naming
    }

    /// Whether a running pod need not be started again to be this one: labels change at any time.
    public func runs(like other: PodSpec) -> Bool {
        var other = other
        other.labels = labels
        other.isFromAPI = isFromAPI
        return self == other
    }

    /// `namespace/name`, as kubectl and logs write it.
    public var qualifiedName: String { "\(namespace)/\(name)" }
}

/// A container of a pod (core/v1 Container, as far as a network lab needs it).
public struct ContainerSpec: Hashable, Sendable, Codable {
    /// The container's name, unique in its pod.
    public var name: String
    /// The image, looked up in the table of images.
    public var image: String
    /// The program and its first arguments; empty: the image's own.
    public var command: [String]
    /// Further arguments; empty: the image's own, unless `command` is given.
    public var arguments: [String]
    /// Environment variables, in order.
    public var environment: [EnvironmentVariable]
    /// The working directory, or nil for `/`.
    public var workingDirectory: String?
    /// The ports that it serves.
    public var ports: [ContainerPort]
    /// Whether its program reads what clients that attach to it write (`stdin`).
    public var hasInput: Bool
    /// Whether the input ends when the first client that wrote to it leaves (`stdinOnce`).
    public var inputOnce: Bool
    /// Whether its program has a terminal (`tty`).
    public var hasTerminal: Bool

    /// Makes a container; nothing is checked.
    public init(
        name: String, image: String, command: [String] = [], arguments: [String] = [],
        environment: [EnvironmentVariable] = [], workingDirectory: String? = nil, ports: [ContainerPort] = [],
        hasInput: Bool = false, inputOnce: Bool = false, hasTerminal: Bool = false
    ) {
        self.name = name
        self.image = image
        self.command = command
        self.arguments = arguments
        self.environment = environment
        self.workingDirectory = workingDirectory
        self.ports = ports
        self.hasInput = hasInput
        self.inputOnce = inputOnce
        self.hasTerminal = hasTerminal
    }

    /// Whether clients can talk to its program: it has an input or a terminal.
    public var isInteractive: Bool { hasInput || hasTerminal }

    /// The container of a pod that names none: the built-in server, on the ports 80 and 8080 of TCP and UDP.
    public static let builtinServer = ContainerSpec(
        name: "server", image: "agnhost",
        ports: [
            ContainerPort(containerPort: 80), ContainerPort(containerPort: 80, transport: .udp),
            ContainerPort(containerPort: 8080), ContainerPort(containerPort: 8080, transport: .udp),
        ])
}

/// An environment variable of a container (core/v1 EnvVar).
public struct EnvironmentVariable: Hashable, Sendable, Codable {
    /// The variable's name.
    public var name: String
    /// Its value.
    public var value: String

    /// Makes a variable.
    public init(name: String, value: String) {
        self.name = name
        self.value = value
    }
}

/// A transport protocol that a port can name (core/v1 Protocol).
public enum Transport: String, Hashable, Sendable, Codable, CaseIterable {
    case tcp = "TCP"
    case udp = "UDP"
    case sctp = "SCTP"
}

/// A port that a container serves (core/v1 ContainerPort).
public struct ContainerPort: Hashable, Sendable, Codable {
    /// The port's name, or nil.
    public var name: String?
    /// The port in the pod.
    public var containerPort: UInt16
    /// The transport protocol.
    public var transport: Transport
    /// The port of the node that leads here, or nil.
    public var hostPort: UInt16?
    /// The one address of the node that `hostPort` is open on; nil: all of them.
    public var hostIP: IPAddress?

    /// Makes a port; nothing is checked.
    public init(
        name: String? = nil, containerPort: UInt16, transport: Transport = .tcp, hostPort: UInt16? = nil,
        hostIP: IPAddress? = nil
    ) {
        self.name = name
        self.containerPort = containerPort
        self.transport = transport
        self.hostPort = hostPort
        self.hostIP = hostIP
    }
}
