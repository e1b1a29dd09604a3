internal import CLinux
internal import Netlink

extension Transaction {
    /// The most elements in a message, however small they are.
    private static let mostElements = 400

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
    mutating func add(_ table: Table) throws(NftablesError) {
        try addTable(table.identity, comment: table.comment)
        let containers = table.containers
        for (index, container) in containers.enumerated() { try add(container, identifier: UInt32(index + 1), table) }
        for chain in table.chains { try add(chain, table.identity) }
        for chain in table.chains {
            for (index, rule) in chain.rules.enumerated() {
                try add(rule, .rule(index + 1, chain: chain.name, in: table.identity), chain: chain.name, table)
            }
        }
        for container in containers { try addElements(of: container, table.identity) }
    }

    private mutating func addTable(_ table: TableIdentity, comment: String?) throws(NftablesError) {
        try withObject(nftnl_table_alloc, nftnl_table_free) { (object) throws(NftablesError) in
            nftnl_table_set_str(object, UInt16(NFTNL_TABLE_NAME.rawValue), table.name)
            if let data = UserData(comment: comment)?.bytes {
                nftnl_table_set_data(object, UInt16(NFTNL_TABLE_USERDATA.rawValue), data, UInt32(data.count))
            }
            append(
                .add, .table(table), type: NftablesConstants.newTable, flags: NftablesConstants.create,
                family: table.family
            ) { nftnl_table_nlmsg_build_payload($0, object) }
        }
    }

    private mutating func add(_ chain: Chain, _ table: TableIdentity) throws(NftablesError) {
        try withObject(nftnl_chain_alloc, nftnl_chain_free) { (object) throws(NftablesError) in
            nftnl_chain_set_str(object, UInt16(NFTNL_CHAIN_TABLE.rawValue), table.name)
            nftnl_chain_set_str(object, UInt16(NFTNL_CHAIN_NAME.rawValue), chain.name)
            if let base = chain.base {
                nftnl_chain_set_str(object, UInt16(NFTNL_CHAIN_TYPE.rawValue), base.kind.rawValue)
                nftnl_chain_set_u32(object, UInt16(NFTNL_CHAIN_HOOKNUM.rawValue), base.hook.number)
                nftnl_chain_set_s32(object, UInt16(NFTNL_CHAIN_PRIO.rawValue), base.priority.rawValue)
                let policy = base.policy == .accept ? NF_ACCEPT : NF_DROP
                nftnl_chain_set_u32(object, UInt16(NFTNL_CHAIN_POLICY.rawValue), UInt32(policy))
            }
            if let data = UserData(comment: chain.comment)?.bytes {
                nftnl_chain_set_data(object, UInt16(NFTNL_CHAIN_USERDATA.rawValue), data, UInt32(data.count))
            }
            append(
                .add, .chain(chain.name, in: table), type: NftablesConstants.newChain,
                flags: NftablesConstants.create | NftablesConstants.exclusive, family: table.family
            ) { nftnl_chain_nlmsg_build_payload($0, object) }
        }
    }

    private mutating func add(
        _ container: EncodedContainer, identifier: UInt32, _ table: Table
    ) throws(NftablesError) {
        try withObject(nftnl_set_alloc, nftnl_set_free) { (set) throws(NftablesError) in
            nftnl_set_set_str(set, UInt16(NFTNL_SET_TABLE.rawValue), table.name)
            nftnl_set_set_str(set, UInt16(NFTNL_SET_NAME.rawValue), container.name)
            nftnl_set_set_u32(set, UInt16(NFTNL_SET_ID.rawValue), identifier)
            nftnl_set_set_u32(set, UInt16(NFTNL_SET_KEY_TYPE.rawValue), container.key.number)
            nftnl_set_set_u32(set, UInt16(NFTNL_SET_KEY_LEN.rawValue), container.key.length)
            var data = UserData()
            data.append(UserData.setKeyByteOrder, container.key.byteOrder)
            var flags: UInt32 = 0
            if let content = container.content {
                flags |= UInt32(NFT_SET_MAP.rawValue)
                nftnl_set_set_u32(set, UInt16(NFTNL_SET_DATA_TYPE.rawValue), content.number)
                nftnl_set_set_u32(set, UInt16(NFTNL_SET_DATA_LEN.rawValue), content.length)
                data.append(UserData.setDataByteOrder, content.byteOrder)
            }
            nftnl_set_set_u32(set, UInt16(NFTNL_SET_FLAGS.rawValue), flags)
            if let comment = container.comment { data.append(UserData.setComment, string: comment) }
            nftnl_set_set_data(set, UInt16(NFTNL_SET_USERDATA.rawValue), data.bytes, UInt32(data.bytes.count))
            append(
                .add, container.object, type: NftablesConstants.newSet,
                flags: NftablesConstants.create | NftablesConstants.exclusive, family: table.family
            ) { nftnl_set_nlmsg_build_payload($0, set) }
        }
    }

    private mutating func addElements(of container: EncodedContainer, _ table: TableIdentity) throws(NftablesError) {
        var start = 0
        while start < container.elements.count {
            // The attribute that holds the elements counts its length in 16 bits.
            var end = start
            var size = 0
            while end < container.elements.count, end - start < Self.mostElements {
                size += container.elements[end].largestSize
                guard size < 60_000 || end == start else { break }
                end += 1
            }
            let range = start..<end
            try withObject(nftnl_set_alloc, nftnl_set_free) { (set) throws(NftablesError) in
                nftnl_set_set_str(set, UInt16(NFTNL_SET_TABLE.rawValue), table.name)
                nftnl_set_set_str(set, UInt16(NFTNL_SET_NAME.rawValue), container.name)
                for element in container.elements[range] { try element.add(to: set) }
                append(
                    .add, .elements(start + 1...end, of: container.object), type: NftablesConstants.newElements,
                    flags: NftablesConstants.create | NftablesConstants.exclusive, family: table.family,
                    firstElement: start + 1
                ) { nftnl_set_elems_nlmsg_build_payload($0, set) }
            }
            start = end
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
