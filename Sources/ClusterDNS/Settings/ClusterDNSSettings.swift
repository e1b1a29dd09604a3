public import Addressing
public import DNSMessage
public import KubernetesModel

/// What a cluster DNS answers for, and how.
public struct ClusterDNSSettings: Hashable, Sendable {
    /// The cluster's domain, such as cluster.local.
    public var zone: DomainName
    /// The ranges of Services and pods, of either family: the server is the authority for their reverse names.
    public var ranges: [CIDR]
    /// For how many seconds answers may be kept, those that there is nothing among them.
    public var timeToLive: UInt32 = 5
    /// Which names pods have besides those through Services.
    public var podRecords: PodRecords = .anyAddress
    /// The Service that clients reach the server through: its addresses are those of the zone's name server.
    public var nameServer = ObjectKey(.services, namespace: "kube-system", name: "kube-dns")
    /// Who is asked about names outside the cluster, in this order; nobody where empty.
    public var upstreams: [UpstreamServer] = []
    /// Domains about which others are asked. The longest one that a name is in decides.
    public var stubDomains: [StubDomain] = []
    /// Whether the first address of an answer with several ones changes from question to question.
    public var rotatesAddresses = true

    /// Settings with CoreDNS' defaults: five seconds, and pod records of the kind that needs no pods.
    public init(zone: DomainName, ranges: [CIDR] = []) {
        self.zone = zone
        self.ranges = ranges
    }

    /// Names of the form a-b-c-d.namespace.pod.zone (section 2.6 of the specification, where they are deprecated).
    public enum PodRecords: String, Hashable, Sendable {
        /// There are none.
        case none
        /// Every address has one in every namespace that exists (CoreDNS: `pods insecure`).
        case anyAddress
        /// Pods that exist have one (CoreDNS: `pods verified`).
        case existing
    }
}

/// A server that is asked about what this one does not know.
public struct UpstreamServer: Hashable, Sendable {
    // The port comes first: Swift 6.3.1 reads a parameter whose 128-bit number shares its last word with what follows
    // from a place that is not aligned for it (without optimization).
    /// Its port.
    public var port: UInt16
    /// Its address.
    public var address: IPAddress

    /// Makes a server.
    public init(_ address: IPAddress, port: UInt16 = 53) {
        self.address = address
        self.port = port
    }
}

/// A domain that has servers of its own.
public struct StubDomain: Hashable, Sendable {
    /// The domain.
    public var domain: DomainName
    /// Its servers, in the order in which they are asked.
    public var servers: [UpstreamServer]

    /// Makes a domain.
    public init(_ domain: DomainName, servers: [UpstreamServer]) {
        self.domain = domain
        self.servers = servers
    }
}
