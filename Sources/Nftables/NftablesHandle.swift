internal import CLinux
internal import Netlink

/// Reads and changes the nftables ruleset of one network namespace (nfnetlink, libnftnl).
///
/// A handle belongs to the namespace in which the opening thread was; afterwards any thread may use it, one at a time.
/// Keep it: closing its socket after a deletion waits some 12 ms for the kernel's clean-up.
public final class NftablesHandle {
    let socket: NetlinkSocket
    var sequence: UInt32 = 0

    /// Opens a handle in the calling thread's network namespace.
    ///
    /// - Throws: `NftablesError.netlink`
    public init() throws(NftablesError) {
        do throws(NetlinkError) {
            socket = try NetlinkSocket.netfilter()
        } catch {
            throw .netlink(error)
        }
    }

    /// Puts a table in the place of the one that has its family and name, if there is one, in one transaction: no packet
    /// meets anything but the old or the new table. Other tables are not touched. `nft -f` with
    /// `add table …; delete table …; table … { … }`
    ///
    /// - Throws: `NftablesError`; the old table then stands as it was.
    public func replace(_ table: Table) throws(NftablesError) {
        try replace([table])
    }

    /// Puts several tables in the place of theirs, all in one transaction.
    public func replace(_ tables: [Table]) throws(NftablesError) {
        for table in tables { try table.validate() }
        try commit { (transaction) throws(NftablesError) in
            for table in tables {
                try transaction.delete(table.identity)
                try transaction.add(table)
            }
        }
    }

    /// Deletes a table with all that is in it; one that does not exist is no error. `nft destroy table`
    ///
    /// - Throws: `NftablesError`
    public func delete(_ table: TableIdentity) throws(NftablesError) {
        try delete([table])
    }

    /// Deletes several tables, all in one transaction.
    public func delete(_ tables: [TableIdentity]) throws(NftablesError) {
        for table in tables { try RulesetObject.table(table).check(name: table.name) }
        try commit { (transaction) throws(NftablesError) in
            for table in tables { try transaction.delete(table) }
        }
    }

    /// Changes tables in part, all steps in one transaction: either all are carried out or none, and no packet meets
    /// anything in between.
    ///
    /// `tables` are the tables as they will be, for the types of the sets and maps that steps refer to; what no step refers
    /// to may be left out of them.
    ///
    /// - Throws: `NftablesError`; everything then stands as it was.
    public func commit(_ changes: [RulesetChange], to tables: [Table]) throws(NftablesError) {
        var encoder = ChangeEncoder(Transaction(firstSequence: sequence &+ 1), tables)
        for change in changes { try encoder.append(change) }
        try send(&encoder.transaction)
    }

    private func commit(_ build: (inout Transaction) throws(NftablesError) -> Void) throws(NftablesError) {
        var transaction = Transaction(firstSequence: sequence &+ 1)
        try build(&transaction)
        try send(&transaction)
    }

    private func send(_ transaction: inout Transaction) throws(NftablesError) {
        guard !transaction.messages.isEmpty else { return }
        transaction.end()
        sequence = transaction.sequence(of: transaction.messages.count)
        _ = lab_kernel_request()
        let answers: [ArraySlice<UInt8>]
        do throws(NetlinkError) {
            try socket.send(transaction.datagram)
            answers = try socket.receiveQueued()
        } catch {
            throw .netlink(error)
        }
        var outcome = TransactionOutcome()
        for answer in answers { outcome.read(answer, transaction) }
        try outcome.get()
    }
}
