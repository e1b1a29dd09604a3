internal import Addressing
public import Nftables

/// Where a node's table holds which endpoint a client has: a map of all clients for each timeout, or with the layout of
/// chains a set for each endpoint.
public struct AffinityMap: Hashable, Sendable {
    /// The table.
    public let table: TableIdentity
    /// The name of the map or set.
    public let name: String
    /// Whether it is a map; else it is a set.
    public let isMap: Bool
    /// How long a client is remembered, in seconds.
    let timeout: UInt32

    init(_ table: TableIdentity, _ name: String, isMap: Bool, timeout: UInt32) {
        self.table = table
        self.name = name
        self.isMap = isMap
        self.timeout = timeout
    }

    init(_ family: AddressFamily, timeout: UInt32) {
        self.init(
            TableIdentity(TableFamily(family), ProxyLayout.tableName), DataMapLayout.affinityMapName(timeout),
            isMap: true, timeout: timeout)
    }
}
