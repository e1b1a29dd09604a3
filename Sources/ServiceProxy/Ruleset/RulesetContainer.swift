internal import KubernetesModel

/// A set or map of a table that elements of Services are in. Both layouts name theirs here.
enum RulesetContainer: Hashable, Sendable {
    // Both
    case clusterIPs
    // Maps of data
    case external
    case externalLocal
    case internalLocal
    case noEndpoints
    case noLocalEndpoints
    case sourceFiltered
    case allowedSources
    case hairpin
    case sticky(timeout: UInt32)
    case endpoints(Service.TrafficPolicy, count: Int)
    // Chains
    case serviceIPs
    case serviceNodePorts
    case noEndpointServices
    case noEndpointNodePorts
    case firewallIPs

    /// The name in the table.
    var name: String {
        switch self {
        case .clusterIPs: "cluster-ips"
        case .external: "external"
        case .externalLocal: "external-local"
        case .internalLocal: "internal-local"
        case .noEndpoints: "no-endpoints"
        case .noLocalEndpoints: "no-local-endpoints"
        case .sourceFiltered: "source-filtered"
        case .allowedSources: "allowed-sources"
        case .hairpin: "hairpin"
        case .sticky(let timeout): "sticky-\(timeout)"
        case .endpoints(.cluster, let count): "cluster-endpoints-\(count)"
        case .endpoints(.local, let count): "local-endpoints-\(count)"
        case .serviceIPs: "service-ips"
        case .serviceNodePorts: "service-nodeports"
        case .noEndpointServices: "no-endpoint-services"
        case .noEndpointNodePorts: "no-endpoint-nodeports"
        case .firewallIPs: "firewall-ips"
        }
    }

    /// Whether it gives something for a key.
    var isMap: Bool {
        switch self {
        case .endpoints, .serviceIPs, .serviceNodePorts, .noEndpointServices, .noEndpointNodePorts, .firewallIPs: true
        default: false
        }
    }

    /// Whether it is in the table only while something is in it.
    var isOnDemand: Bool {
        switch self {
        case .sticky, .endpoints: true
        default: false
        }
    }
}
