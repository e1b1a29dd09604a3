public import Addressing

/// Who answers DNS in a cluster.
public enum DNSKind: String, Hashable, Sendable, Codable, CaseIterable {
    /// The lab's own server.
    case builtin
    /// A program of this host, which is told the records.
    case dnsmasq, unbound, knot
    /// CoreDNS with its plugin `kubernetes`, which follows the API.
    case coredns
}

/// How the cluster's DNS is reached, and whom it asks.
public struct DNSSpec: Hashable, Sendable, Codable {
    /// The addresses of the Service `kube-dns`, one a family of the Services.
    public var clusterIP: [IPAddress]
    /// Servers of the lab that are asked about names outside the cluster, in this order.
    public var upstreams: [IPAddress]
    /// Domains about which other servers of the lab are asked.
    public var stubDomains: [String: [IPAddress]]
    /// Which names pods have besides those through Services.
    public var podRecords: PodRecords

    /// Which pods have names of the form a-b-c-d.namespace.pod.zone, in CoreDNS' words.
    public enum PodRecords: String, Hashable, Sendable, Codable, CaseIterable {
        /// None.
        case disabled
        /// Every address, in every namespace that exists.
        case insecure
        /// Pods that exist.
        case verified
    }

    /// A DNS without any address, which asks nobody.
    public init() {
        clusterIP = []
        upstreams = []
        stubDomains = [:]
        podRecords = .insecure
    }

    /// A DNS at the usual addresses: the tenth of each range, such as 10.96.0.10.
    public init(serviceCIDR: [CIDR]) {
        self.init()
        clusterIP = serviceCIDR.compactMap { $0.address(at: 10) ?? $0.address(at: 2) }
    }
}
