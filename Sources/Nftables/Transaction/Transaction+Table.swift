internal import CLinux
internal import Netlink

extension Transaction {
    /// Deletes a table with all that is in it, whether it exists or not: it is created first.
    mutating func delete(_ table: TableIdentity) throws(NftablesError) {
        try addTable(table, comment: nil)
        try withObject(nftnl_table_alloc, nftnl_table_free) { (object) throws(NftablesError) in
            nftnl_table_set_str(object, UInt16(NFTNL_TABLE_NAME.rawValue), table.name)
            append(.delete, .table(table), type: NftablesConstants.deleteTable, family: table.family) {
                nftnl_table_nlmsg_build_payload($0, object)
            }
        }
    }

    /// Adds a table and all that is in it. Rules come after the sets and maps that they name, while these are still
    /// empty, and elements last, when every chain that they lead to is there.
    mutating func add(_ table: Table, flags: UInt16 = 0) throws(NftablesError) {
        let identity = table.identity
        try addTable(identity, comment: table.comment, flags: flags)
        for set in table.sets { try add(set.container(in: identity), identity) }
        for map in table.maps { try add(map.container(in: identity), identity) }
        for chain in table.chains { try add(chain, identity) }
        let index = TableIndex(table)
        for chain in table.chains { try addRules(of: chain, index) }
        for set in table.sets { addElements(set.elements, to: set.container(in: identity), identity) }
        for map in table.maps { addElements(map.elements, to: map.container(in: identity), identity) }
    }

    private mutating func addTable(
        _ table: TableIdentity, comment: String?, flags: UInt16 = 0
    ) throws(NftablesError) {
        try withObject(nftnl_table_alloc, nftnl_table_free) { (object) throws(NftablesError) in
            nftnl_table_set_str(object, UInt16(NFTNL_TABLE_NAME.rawValue), table.name)
            if let data = UserData(comment: comment)?.bytes {
                nftnl_table_set_data(object, UInt16(NFTNL_TABLE_USERDATA.rawValue), data, UInt32(data.count))
            }
            append(
                .add, .table(table), type: NftablesConstants.newTable, flags: NftablesConstants.create | flags,
                family: table.family
            ) { nftnl_table_nlmsg_build_payload($0, object) }
        }
    }
}

/// Makes an object of libnftnl, gives it to `body` and frees it.
func withObject(
    _ allocate: () -> OpaquePointer?, _ free: (OpaquePointer) -> Void,
    _ body: (OpaquePointer) throws(NftablesError) -> Void
) throws(NftablesError) {
    guard let object = allocate() else { throw .netlink(NetlinkError(.socket(errno: ENOMEM))) }
    defer { free(object) }
    try body(object)
}
