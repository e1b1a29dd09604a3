public import Addressing

/// What a cluster is set up with, as an API server's flags say it.
public struct ClusterSettings: Hashable, Sendable {
    /// The DNS domain of the cluster, `cluster.local`.
    public var domain: String
    /// The blocks of ClusterIPs, at most one of each family; the first one's family is the default
    /// (`--service-cluster-ip-range`).
    public var serviceCIDRs: [CIDR]
    /// The ports that are opened on nodes for Services (`--service-node-port-range`).
    public var nodePorts: ClosedRange<UInt16>

    /// The settings of most clusters: 10.96.0.0/12 and 30000-32767.
    public init(
        domain: String = "cluster.local", serviceCIDRs: [CIDR] = ["10.96.0.0/12"].compactMap { CIDR($0) },
        nodePorts: ClosedRange<UInt16> = 30000...32767
    ) {
        self.domain = domain
        self.serviceCIDRs = serviceCIDRs
        self.nodePorts = nodePorts
    }
}
