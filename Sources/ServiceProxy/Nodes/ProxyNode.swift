public import Addressing
public import KubernetesModel

/// What of a node matters to its proxy.
public struct ProxyNode: Hashable, Sendable {
    /// The name, as endpoints have it.
    public let name: String
    /// The zone it is in, or nil.
    public let zone: String?
    /// Where NodePorts are: its first InternalIP of each family, as kube-proxy's nftables mode has it by default
    /// (`--nodeport-addresses primary`).
    public let addresses: [IPAddress]

    /// Describes a node; of several addresses of a family the first one counts.
    public init(name: String, zone: String? = nil, addresses: [IPAddress]) {
        self.name = name
        self.zone = zone
        self.addresses = AddressFamily.allCases.compactMap { family in addresses.first { $0.family == family } }
    }

    /// Reads what matters of a Node.
    public init(_ node: Node) {
        self.init(name: node.name, zone: node.zone, addresses: node.internalIPs)
    }

    /// Its address of a family, or nil.
    func address(of family: AddressFamily) -> IPAddress? { addresses.first { $0.family == family } }
}
