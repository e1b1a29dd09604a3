public import Addressing
public import Topology

/// What a lab must have for a case or mutant to make sense.
public struct LabNeeds: Hashable, Sendable {
    /// How many nodes.
    public var nodes = 0
    /// How many hosts outside the cluster.
    public var hosts = 0
    /// Families of pod addresses.
    public var families: [AddressFamily] = []
    /// The pod network; nil: any.
    public var podNetwork: PodNetworkKind?
    /// The service proxy; nil: none is needed.
    public var serviceProxy: ServiceProxyNeed?
    /// The DNS server; nil: none is needed.
    public var dns: DNSNeed?
    /// Whether something is to enforce NetworkPolicies.
    public var networkPolicy = false

    /// Why a lab does not do, or nil where it does.
    public func unmet(by lab: LabSpec) -> String? {
        if lab.nodes.count < nodes { return "needs \(nodes) nodes, and the lab has \(lab.nodes.count)" }
        if lab.hosts.count < hosts {
            return
                "needs \(hosts == 1 ? "a host" : "\(hosts) hosts") outside the cluster, and the lab has \(lab.hosts.count)"
        }
        for family in families where !lab.cluster.families.contains(family) {
            return "needs \(family), which the lab's pods do not have"
        }
        if let podNetwork, lab.components.podNetwork != podNetwork {
            return "needs the pod network \(podNetwork.rawValue), and the lab has \(lab.components.podNetwork.rawValue)"
        }
        if let reason = dns?.unmet(by: lab.components.dns) { return reason }
        if networkPolicy, lab.components.networkPolicy == nil {
            return "needs NetworkPolicies enforced, and nothing in the lab does"
        }
        return serviceProxy?.unmet(by: lab.components.serviceProxy)
    }
}

/// Which DNS server a case, mutant or profile needs.
public enum DNSNeed: Hashable, Sendable {
    /// Whichever the lab has.
    case any
    /// A certain one.
    case kind(DNSKind)

    func unmet(by server: DNSKind?) -> String? {
        switch self {
        case .any: return server == nil ? "needs a DNS server, and the lab has none" : nil
        case .kind(let kind):
            guard server != kind else { return nil }
            return "needs the DNS server \(kind.rawValue), and the lab has \(server?.rawValue ?? "none")"
        }
    }
}

/// Which service proxy a case or mutant needs.
public enum ServiceProxyNeed: Hashable, Sendable {
    /// Whichever the lab has.
    case any
    /// A certain one.
    case kind(ServiceProxyKind)

    func unmet(by proxy: ServiceProxyKind?) -> String? {
        switch self {
        case .any: return proxy == nil ? "needs a service proxy, and the lab has none" : nil
        case .kind(let kind):
            guard proxy != kind else { return nil }
            return "needs the service proxy \(kind.rawValue), and the lab has \(proxy?.rawValue ?? "none")"
        }
    }
}
