internal import CLinux
internal import Netlink

extension NftablesHandle {
    /// The tables of the namespace, in the kernel's order; those of families that this module does not know are left
    /// out. `nft list tables`
    ///
    /// - Throws: `NftablesError.netlink`
    public func tables() throws(NftablesError) -> [TableIdentity] {
        try undisturbed { () throws(NftablesError) in
            try dump(NftablesQuestion(NftablesConstants.getTable)) { message, tables in
                if let table = TableDump.table(message) { tables.append(table) }
            } ?? []
        }
    }

    /// A number that every transaction in the namespace changes, of whomever: two readings are equal where nothing was
    /// committed between them. It counts up in 32 bits. NFT_MSG_GETGEN
    ///
    /// Packets that add to dynamic sets, and elements that go by themselves, do not change it.
    ///
    /// - Throws: `NftablesError.netlink`
    public func generation() throws(NftablesError) -> UInt32 {
        let generation: UInt32? = try ask(NftablesQuestion(NftablesConstants.getGeneration)) { message in
            guard message.type == UInt16(NFNL_SUBSYS_NFTABLES) << 8 | NftablesConstants.newGeneration else {
                return nil
            }
            let identifier = message.attributes(after: nfgenmsg.self).first {
                $0.type == NftablesConstants.generationIdentifier
            }
            return identifier?.value.load(UInt32.self).map(UInt32.init(bigEndian:))
        }
        guard let generation else { throw .netlink(NetlinkError(.malformed)) }
        return generation
    }

    /// The elements of a set; none where it or its table does not exist. `nft list set`
    ///
    /// Of a dynamic set that packets add to meanwhile, single elements can be missing; before Linux 6.16, also of one that
    /// the kernel is still growing for the elements that a transaction added.
    ///
    /// - Throws: `NftablesError.netlink`
    public func elements(ofSet name: String, in table: TableIdentity) throws(NftablesError) -> [ReadElement] {
        try elements(of: name, in: table)
    }

    /// The elements of a map; none where it or its table does not exist. `nft list map`
    ///
    /// Of a dynamic map that packets add to meanwhile, single elements can be missing; before Linux 6.16, also of one that
    /// the kernel is still growing for the elements that a transaction added.
    ///
    /// - Throws: `NftablesError.netlink`
    public func elements(ofMap name: String, in table: TableIdentity) throws(NftablesError) -> [ReadElement] {
        try elements(of: name, in: table)
    }

    private func elements(of name: String, in table: TableIdentity) throws(NftablesError) -> [ReadElement] {
        try undisturbed { () throws(NftablesError) in
            let question = NftablesQuestion(
                NftablesConstants.getSet, table.family.number,
                [(Int(NFTA_SET_TABLE.rawValue), table.name), (Int(NFTA_SET_NAME.rawValue), name)])
            let set = try ask(question) { DumpedSet($0, table.family) }
            return if let set { try elements(of: set, table.family) } else { [] }
        }
    }

    /// A hash table that the kernel is still growing or shrinking after a transaction tells a reader too few.
    ///
    /// - Throws: `NetlinkError.interrupted` where elements that the kernel counts are missing.
    private func elements(of set: DumpedSet, _ family: TableFamily) throws(NftablesError) -> [ReadElement] {
        let question = NftablesQuestion(
            NftablesConstants.getElements, family.number,
            [(NftablesConstants.elementsTable, set.table), (NftablesConstants.elementsSet, set.name)])
        let elements = try dump(question) { message, elements in
            DumpedElement.append(elementsOf: message, family, to: &elements)
        }
        let joined = DumpedElement.joined(elements ?? [], isRanges: set.isRanges)
        if let count = set.elementCount, joined.count < count { throw .netlink(NetlinkError(.interrupted)) }
        return joined
    }

    /// What is in a table, counted; nil where it does not exist. `nft list table`
    ///
    /// - Throws: `NftablesError.netlink`
    public func outline(of table: TableIdentity) throws(NftablesError) -> TableOutline? {
        try undisturbed { () throws(NftablesError) in try readOutline(of: table) }
    }

    private func readOutline(of table: TableIdentity) throws(NftablesError) -> TableOutline? {
        let family = table.family
        let sets = try dump(
            NftablesQuestion(NftablesConstants.getSet, family.number, [(Int(NFTA_SET_TABLE.rawValue), table.name)])
        ) { (message, sets: inout [DumpedSet]) in
            if let set = DumpedSet(message, family), set.table == table.name { sets.append(set) }
        }
        guard let sets else { return nil }
        var outline = TableOutline()
        for set in sets where !set.isAnonymous {
            let count = if let count = set.elementCount { count } else { try elements(of: set, family).count }
            if set.isMap { outline.maps[set.name] = count } else { outline.sets[set.name] = count }
        }
        let chains = try dump(NftablesQuestion(NftablesConstants.getChain, family.number)) { message, chains in
            if let chain = TableDump.chain(message, table) { chains.append(chain) }
        }
        for chain in chains ?? [] { outline.chains[chain] = 0 }
        let rules = try dump(
            NftablesQuestion(NftablesConstants.getRule, family.number, [(Int(NFTA_RULE_TABLE.rawValue), table.name)])
        ) { message, rules in
            if let chain = TableDump.chain(ofRule: message, table) { rules.append(chain) }
        }
        for chain in rules ?? [] { outline.chains[chain, default: 0] += 1 }
        return outline
    }
}
