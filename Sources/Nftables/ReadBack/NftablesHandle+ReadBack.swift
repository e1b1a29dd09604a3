extension NftablesHandle {
    /// Changes tables in part, all steps in one transaction: either all are carried out or none, and no packet meets
    /// anything in between.
    ///
    /// `tables` are the tables as they will be, for the types of the sets and maps that steps refer to; what the steps do
    /// not touch may be left out of them.
    ///
    /// - Throws: `NftablesError`; everything then stands as it was.
    public func commit(_ changes: [RulesetChange], to tables: [Table]) throws(NftablesError) {
        throw .unanswered
    }

    /// The number of transactions that the namespace has seen, of whomever; it changes with every one. It counts in 32 bits
    /// and begins again at 1. NFT_MSG_GETGEN
    ///
    /// - Throws: `NftablesError.netlink`
    public func generation() throws(NftablesError) -> UInt32 {
        throw .unanswered
    }

    /// The elements of a set; none where it or its table does not exist. `nft list set`
    ///
    /// - Throws: `NftablesError.netlink`
    public func elements(ofSet name: String, in table: TableIdentity) throws(NftablesError) -> [ReadElement] {
        throw .unanswered
    }

    /// The elements of a map; none where it or its table does not exist. `nft list map`
    ///
    /// - Throws: `NftablesError.netlink`
    public func elements(ofMap name: String, in table: TableIdentity) throws(NftablesError) -> [ReadElement] {
        throw .unanswered
    }

    /// What is in a table, counted; nil where it does not exist. `nft list table`
    ///
    /// - Throws: `NftablesError.netlink`
    public func outline(of table: TableIdentity) throws(NftablesError) -> TableOutline? {
        throw .unanswered
    }
}
