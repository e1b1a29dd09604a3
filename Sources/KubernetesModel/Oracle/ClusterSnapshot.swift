public import Addressing

/// The objects of a cluster at one moment, as far as they say what flows do.
public struct ClusterSnapshot: Hashable, Sendable {
    /// The nodes.
    public var nodes: [Node] = []
    /// The namespaces. One that pods name and that is missing here has no label but its name.
    public var namespaces: [Namespace] = []
    /// The pods.
    public var pods: [Pod] = []
    /// The Services.
    public var services: [Service] = []
    /// The EndpointSlices.
    public var endpointSlices: [EndpointSlice] = []
    /// The NetworkPolicies.
    public var networkPolicies: [NetworkPolicy] = []
    /// The ranges of the pods' addresses.
    public var podCIDRs: [CIDR]
    /// The ranges of ClusterIPs.
    public var serviceCIDRs: [CIDR]

    /// A cluster without objects.
    public init(podCIDRs: [CIDR], serviceCIDRs: [CIDR]) {
        self.podCIDRs = podCIDRs
        self.serviceCIDRs = serviceCIDRs
    }

    /// Reads a cluster's objects. Those of kinds that say nothing of flows are passed over.
    public init(_ objects: some Sequence<APIObject>, podCIDRs: [CIDR], serviceCIDRs: [CIDR]) {
        self.init(podCIDRs: podCIDRs, serviceCIDRs: serviceCIDRs)
        for object in objects { add(object) }
    }

    /// Adds an object; one of a kind that says nothing of flows is passed over.
    public mutating func add(_ object: APIObject) {
        switch object.kind {
        case ResourceType.nodes.kind: nodes.append(Node(object))
        case ResourceType.namespaces.kind: namespaces.append(Namespace(object))
        case ResourceType.pods.kind: pods.append(Pod(object))
        case ResourceType.services.kind: services.append(Service(object))
        case ResourceType.endpointSlices.kind: endpointSlices.append(EndpointSlice(object))
        case ResourceType.networkPolicies.kind: networkPolicies.append(NetworkPolicy(object))
        default: break
        }
    }
}

extension ClusterSnapshot {
    /// The node of that name, or nil.
    public func node(_ name: String) -> Node? { nodes.first { $0.name == name } }

    /// The node that has an address, or nil.
    public func node(at address: IPAddress) -> Node? { nodes.first { $0.internalIPs.contains(address) } }

    /// The pod of that name, or nil.
    public func pod(_ reference: PodReference) -> Pod? { pods.first { PodReference($0) == reference } }

    /// The pod that has an address of its own there, or nil. Pods that have ended for good have given theirs back, and
    /// those in their nodes' networks have none.
    public func pod(at address: IPAddress) -> Pod? {
        pods.first { !$0.isHostNetwork && !$0.isTerminal && $0.podIPs.contains(address) }
    }

    /// A namespace's labels.
    public func labels(ofNamespace name: String) -> [String: String] {
        (namespaces.first { $0.name == name } ?? Namespace(name: name)).labels
    }
}

extension Node {
    /// The address of a family that stands for the node: the first that it tells.
    public func primaryIP(_ family: AddressFamily) -> IPAddress? { internalIPs.first { $0.family == family } }
}
