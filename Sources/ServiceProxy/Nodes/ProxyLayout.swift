public import Nftables

/// How the rules of the proxy are laid out. Packets fare alike under both; the raw values are the names of the components.
public enum ProxyLayout: String, Hashable, Sendable, CaseIterable {
    /// Maps of data: rules for each number of endpoints, and none for a Service. What a packet costs does not depend on the
    /// number of Services, and a change costs no more than its elements.
    case dataMaps = "nftables"
    /// Chains for each Service and endpoint behind maps of verdicts, as kube-proxy's nftables mode has them.
    case chains = "nftables-chains"

    /// The name of the tables, which both layouts have, so that one replaces the other.
    public static let tableName = "lab-service-proxy"

    /// The tables, one for each address family.
    public static let tables: [TableIdentity] = [TableIdentity(.ip, tableName), TableIdentity(.ip6, tableName)]
}
