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
    public var serviceProxy: ComponentNeed<ServiceProxyKind>?
    /// The DNS server; nil: none is needed.
    public var dns: ComponentNeed<DNSKind>?
    /// What enforces NetworkPolicies; nil: nothing has to.
    public var networkPolicy: ComponentNeed<NetworkPolicyKind>?

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
        return dns?.unmet(by: lab.components.dns, "a DNS server")
            ?? networkPolicy?.unmet(by: lab.components.networkPolicy, "a policy engine")
            ?? serviceProxy?.unmet(by: lab.components.serviceProxy, "a service proxy")
    }
}

/// Which component of a role a case, mutant or profile needs.
public enum ComponentNeed<Kind: Hashable & Sendable & RawRepresentable<String>>: Hashable, Sendable {
    /// Whichever the lab has.
    case any
    /// A certain one.
    case kind(Kind)

    /// Why a lab's component does not do, or nil where it does.
    ///
    /// - Parameters:
    ///   - component: the lab's; nil: it has none.
    ///   - role: what it is for, with its article: `a DNS server`.
    func unmet(by component: Kind?, _ role: String) -> String? {
        switch self {
        case .any: return component == nil ? "needs \(role), and the lab has none" : nil
        case .kind(let kind):
            guard component != kind else { return nil }
            let name = role.drop { $0 != " " }.dropFirst()
            return "needs the \(name) \(kind.rawValue), and the lab has \(component?.rawValue ?? "none")"
        }
    }
}
