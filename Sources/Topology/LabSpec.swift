public import Addressing
public import KubernetesModel

/// What a lab is to be: the lab file with every default filled in and everything checked.
///
/// A spec is complete: each node has its addresses and pod ranges, each pod its node and addresses. The plan follows
/// from it without further choices.
public struct LabSpec: Hashable, Sendable, Codable {
    /// The lab's name, a DNS label. It begins the name of every namespace of the lab.
    public var name: String
    /// The cluster's domain and address ranges.
    public var cluster: ClusterSpec
    /// The network between the nodes and the outside hosts.
    public var underlay: UnderlaySpec
    /// Which pod network, service proxy, DNS and policy engine the lab has.
    public var components: ComponentsSpec
    /// The cluster's DNS.
    public var dns = DNSSpec()
    /// What the API leaves to those who enforce NetworkPolicies.
    public var networkPolicy = NetworkPolicySpec()
    /// The nodes, in the order of the file.
    public var nodes: [NodeSpec]
    /// The pods: those of the file, then those of its manifests.
    public var pods: [PodSpec]
    /// The hosts outside the cluster.
    public var hosts: [HostSpec]
    /// The objects of the manifests, in their order. Pods among them are in `pods` too, with their places.
    public var objects: [APIObject] = []

    /// Makes a spec; nothing is checked.
    public init(
        name: String, cluster: ClusterSpec = ClusterSpec(), underlay: UnderlaySpec = UnderlaySpec(),
        components: ComponentsSpec = ComponentsSpec(), nodes: [NodeSpec] = [], pods: [PodSpec] = [],
        hosts: [HostSpec] = []
    ) {
        self.name = name
        self.cluster = cluster
        self.underlay = underlay
        self.components = components
        self.nodes = nodes
        self.pods = pods
        self.hosts = hosts
    }
}

/// The cluster's domain and address ranges.
public struct ClusterSpec: Hashable, Sendable, Codable {
    /// The DNS domain, `cluster.local` unless told.
    public var domain: String
    /// One range a family that the nodes' pod ranges are taken from.
    public var podCIDR: [CIDR]
    /// One range a family that ClusterIPs are taken from.
    public var serviceCIDR: [CIDR]

    /// Makes the cluster's settings; nothing is checked.
    public init(domain: String = "cluster.local", podCIDR: [CIDR] = [], serviceCIDR: [CIDR] = []) {
        self.domain = domain
        self.podCIDR = podCIDR
        self.serviceCIDR = serviceCIDR
    }

    /// The families of pod addresses, the primary one first.
    public var families: [AddressFamily] { podCIDR.map(\.family) }
}

/// The network between the nodes and the outside hosts.
public struct UnderlaySpec: Hashable, Sendable, Codable {
    /// One range a family.
    public var cidr: [CIDR]
    /// The largest packet of its links, in bytes.
    public var mtu: Int
    /// Where the API server is reached, one address a family; empty where no address is free.
    public var controlPlane: [IPAddress]

    /// Makes the underlay's settings; nothing is checked.
    public init(cidr: [CIDR] = [], mtu: Int = 1500, controlPlane: [IPAddress] = []) {
        self.cidr = cidr
        self.mtu = mtu
        self.controlPlane = controlPlane
    }
}

/// How pods of different nodes reach each other.
public enum PodNetworkKind: String, Hashable, Sendable, Codable, CaseIterable {
    /// Packets travel between nodes in VXLAN (RFC 7348), as Flannel's vxlan backend sends them.
    case vxlan
    /// Each node routes the other nodes' pod ranges through their underlay addresses, as Flannel's host-gw backend does.
    case hostGateway = "host-gw"
}

/// How nodes forward the traffic of Services: two layouts of nftables rules that do the same.
public enum ServiceProxyKind: String, Hashable, Sendable, Codable, CaseIterable {
    /// Data maps, and a rule for each number of endpoints.
    case dataMaps = "nftables"
    /// Chains for each Service and endpoint, as kube-proxy lays them out.
    case chains = "nftables-chains"
}

/// Which component fills each role. A role that is nil is not filled.
public struct ComponentsSpec: Hashable, Sendable, Codable {
    /// The pod network.
    public var podNetwork: PodNetworkKind
    /// The service proxy.
    public var serviceProxy: ServiceProxyKind?
    /// What the service proxy does wrong on purpose, by the name of a fault; only mutants of the conformance suite have one.
    public var serviceProxyFault: String?
    /// The DNS server.
    public var dns: DNSKind?
    /// What the DNS server does wrong on purpose, by the name of a fault; only mutants of the conformance suite have one.
    public var dnsFault: String?
    /// What enforces NetworkPolicies.
    public var networkPolicy: NetworkPolicyKind?
    /// What the policy engine does wrong on purpose, by the name of a fault; only mutants of the conformance suite have one.
    public var networkPolicyFault: String?

    /// Makes the choice of components.
    public init(
        podNetwork: PodNetworkKind = .vxlan, serviceProxy: ServiceProxyKind? = .dataMaps, dns: DNSKind? = nil,
        networkPolicy: NetworkPolicyKind? = nil
    ) {
        self.podNetwork = podNetwork
        self.serviceProxy = serviceProxy
        self.dns = dns
        self.networkPolicy = networkPolicy
    }
}

/// A node of the cluster.
public struct NodeSpec: Hashable, Sendable, Codable {
    /// The node's name, a DNS label.
    public var name: String
    /// Its addresses on the underlay, at most one a family.
    public var address: [IPAddress]
    /// The ranges that its pods' addresses are taken from, one a family.
    public var podCIDR: [CIDR]
    /// Its labels.
    public var labels: [String: String]

    /// Makes a node; nothing is checked.
    public init(name: String, address: [IPAddress] = [], podCIDR: [CIDR] = [], labels: [String: String] = [:]) {
        self.name = name
        self.address = address
        self.podCIDR = podCIDR
        self.labels = labels
    }
}

/// A host outside the cluster, on the underlay.
public struct HostSpec: Hashable, Sendable, Codable {
    /// The host's name, a DNS label.
    public var name: String
    /// Its addresses on the underlay, at most one a family.
    public var address: [IPAddress]

    /// Makes a host; nothing is checked.
    public init(name: String, address: [IPAddress] = []) {
        self.name = name
        self.address = address
    }
}
