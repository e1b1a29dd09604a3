/// A NetworkPolicy, as those who enforce or explain it need it (networking.k8s.io/v1 NetworkPolicy). Absent fields have
/// the API's defaults.
public struct NetworkPolicy: Hashable, Sendable {
    /// The name.
    public let name: String
    /// The namespace, which is also that of the pods it selects.
    public let namespace: String
    /// Which pods of its namespace it is about; without conditions all of them.
    public let podSelector: LabelSelector
    /// The directions in which it isolates those pods.
    public let directions: Set<Direction>
    /// Who may connect to them, any rule sufficing.
    public let ingress: [Rule]
    /// Whom they may connect to, any rule sufficing.
    public let egress: [Rule]

    /// networking/v1 PolicyType.
    public enum Direction: String, Hashable, Sendable, CaseIterable {
        case ingress = "Ingress"
        case egress = "Egress"
    }

    /// Reads a policy. What is malformed in a rule allows nothing; validation has its own words for it.
    public init(_ object: APIObject) {
        let spec = object["spec"] ?? .null
        name = object.name
        namespace = object.namespace
        podSelector = LabelSelector(spec["podSelector"] ?? .null)
        ingress = (spec["ingress"]?.array ?? []).map { Rule($0, peers: "from") }
        egress = (spec["egress"]?.array ?? []).map { Rule($0, peers: "to") }
        let types = (spec["policyTypes"]?.array ?? []).compactMap { Direction(rawValue: $0.string ?? "") }
        directions = types.isEmpty ? (egress.isEmpty ? [.ingress] : [.ingress, .egress]) : Set(types)
    }

    /// The rules of one direction.
    public func rules(_ direction: Direction) -> [Rule] { direction == .ingress ? ingress : egress }
}

extension NetworkPolicy {
    /// What is allowed: any of the peers at any of the ports (networking/v1 NetworkPolicyIngressRule,
    /// NetworkPolicyEgressRule).
    public struct Rule: Hashable, Sendable {
        /// The other ends; empty means everybody, within and outside of the cluster.
        public let peers: [Peer]
        /// The ports of the flow's destination; empty means all.
        public let ports: [Port]

        init(_ value: JSONValue, peers field: String) {
            peers = (value[field]?.array ?? []).map { Peer($0) }
            ports = (value["ports"]?.array ?? []).map { Port($0) }
        }
    }
}
