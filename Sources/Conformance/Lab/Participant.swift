public import Addressing
public import Topology

/// A pod, node or outside host of a lab, as sender or receiver of probes.
public struct Participant: Hashable, Sendable {
    /// What it is.
    public enum Kind: Hashable, Sendable {
        case pod(namespace: String, name: String)
        case node(String)
        case host(String)
    }

    /// What it is.
    public let kind: Kind
    /// The node that it is or runs on; nil for a host outside the cluster.
    public let node: String?
    /// Its addresses, at most one a family.
    public let addresses: [IPAddress]
    /// The containers of a pod.
    public let containers: [ContainerSpec]
    /// The labels of a pod.
    public let labels: [String: String]
    /// Whether it is a pod in its node's network.
    public let isInHostNetwork: Bool
    /// The name of its network namespace below /run/netns; that of its node for a pod in the node's network.
    let networkNamespace: String

    /// `pod/default/pod-a`, `node/node1`, `host/client`.
    public var name: String {
        switch kind {
        case .pod(let namespace, let name): "pod/\(namespace)/\(name)"
        case .node(let name): "node/\(name)"
        case .host(let name): "host/\(name)"
        }
    }

    /// The name without the namespaces that every reader can do without.
    public var shortName: String {
        switch kind {
        case .pod(LabModel.fixtureNamespace, let name), .pod("default", let name): name
        case .pod(let namespace, let name): "\(namespace)/\(name)"
        case .node(let name), .host(let name): name
        }
    }

    /// Whether it is a pod.
    public var isPod: Bool { if case .pod = kind { true } else { false } }

    /// Whether it is a pod with a network of its own.
    public var hasOwnNetwork: Bool { isPod && !isInHostNetwork }

    /// Its address of a family.
    func address(_ family: AddressFamily) -> IPAddress? {
        addresses.first { $0.family == family }
    }

    /// The container that serves a port, and the port.
    func container(serving port: UInt16, _ transport: Topology.Transport) -> (ContainerSpec, ContainerPort)? {
        for container in containers {
            let ports = container.ports.isEmpty ? ContainerSpec.builtinServer.ports : container.ports
            if let found = ports.first(where: { $0.containerPort == port && $0.transport == transport }) {
                return (container, found)
            }
        }
        return nil
    }
}

extension Participant {
    init(_ pod: PodSpec, lab: String) {
        kind = .pod(namespace: pod.namespace, name: pod.name)
        node = pod.node
        addresses = pod.address
        containers = pod.containers
        labels = pod.labels
        isInHostNetwork = pod.hostNetwork
        networkNamespace =
            pod.hostNetwork
            ? RuntimeName.node(pod.node, lab: lab) : RuntimeName.pod(namespace: pod.namespace, name: pod.name, lab: lab)
    }

    init(_ node: NodeSpec, lab: String) {
        kind = .node(node.name)
        self.node = node.name
        addresses = node.address
        containers = []
        labels = node.labels
        isInHostNetwork = false
        networkNamespace = RuntimeName.node(node.name, lab: lab)
    }

    init(_ host: HostSpec, lab: String) {
        kind = .host(host.name)
        node = nil
        addresses = host.address
        containers = []
        labels = [:]
        isInHostNetwork = false
        networkNamespace = RuntimeName.host(host.name, lab: lab)
    }
}

extension Participant {
    /// The same under one of its other addresses.
    func at(_ address: IPAddress) -> Participant { Participant(self, address: address) }

    private init(_ other: Participant, address: IPAddress) {
        kind = other.kind
        node = other.node
        addresses = [address]
        containers = other.containers
        labels = other.labels
        isInHostNetwork = other.isInHostNetwork
        networkNamespace = other.networkNamespace
    }
}
