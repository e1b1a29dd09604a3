internal import Addressing
internal import Netlink
internal import NetworkNamespaces
internal import Nftables
internal import PolicyEngine

/// The policies of one node: what its kernel should hold, and the sockets by which the kernel is told.
///
/// Only for the thread of the engines: a handle is used by one at a time.
final class NodePolicies: NodeRules {
    /// The inode of the node's network namespace. Under the same name another one may come.
    let inode: UInt64
    private var ruleset: NodePolicyRuleset
    private let nftables: NftablesHandle
    private let conntrack: ConntrackHandle
    private let fault: PolicyFault?
    /// The kernel counts the transactions of a namespace: other people's too.
    private var generation: UInt32 = 0
    /// Why the kernel does not hold the ruleset; nil where it does.
    private(set) var failure: String?
    /// How often somebody else's changes were repaired.
    private(set) var repairs = 0

    /// Opens the sockets in the calling thread's network namespace, and puts the rules there.
    init(_ ruleset: NodePolicyRuleset, inode: UInt64, fault: PolicyFault?) throws {
        self.inode = inode
        self.ruleset = ruleset
        self.fault = fault
        nftables = try NftablesHandle()
        conntrack = try ConntrackHandle()
        if ruleset.settings.establishedFlows == .cut {
            // What is cut must not be taken up in its midst, from its other end.
            try Sysctl.write("net/netfilter/nf_conntrack_tcp_loose", "0")
        }
        try replace()
        if ruleset.settings.establishedFlows == .cut { try cutFlows() }
    }

    /// Does what changes ask for. Where the kernel refuses a step, it is given everything anew.
    func update(_ changes: PolicyChanges, from tracker: PolicyTracker) {
        let update = ruleset.update(changes, from: tracker)
        guard !update.isEmpty || failure != nil else { return }
        do {
            if failure == nil, fault == nil { failure = commit(update) }
            if failure != nil || fault != nil { try replace() }
            if update.cutsFlows { try cutFlows() }
        } catch {
            failure = "\(error)"
        }
    }

    /// - Returns: why the kernel refused.
    private func commit(_ update: PolicyRulesetUpdate) -> String? {
        do throws(NftablesError) {
            try nftables.commit(update.changes, to: update.tables)
            generation &+= 1
            return nil
        } catch {
            return "\(error)"
        }
    }

    /// Puts the whole ruleset in the place of what is there, in one transaction: nothing is open in between.
    private func replace() throws {
        try nftables.replace(fault.map { fault in ruleset.tables.map(fault.table) } ?? ruleset.tables)
        generation = try nftables.generation()
        failure = nil
    }

    /// Ends flows that are no longer allowed: their next packets are judged as those of new ones.
    private func cutFlows() throws {
        for family in AddressFamily.allCases {
            for entry in try conntrack.entries(family: family) {
                let flow = EstablishedFlow(
                    source: entry.original.source, destination: entry.reply.source,
                    transport: entry.transportProtocol, port: entry.reply.sourcePort)
                if !ruleset.isAllowed(flow) { _ = try conntrack.delete(entry) }
            }
        }
    }

    // MARK: Repair

    /// Puts the rules back where somebody else has removed of them, or where the kernel refused them before.
    ///
    /// - Returns: what was found, or nil where everything is as it should be.
    func repair() -> String? {
        do {
            if let failure {
                try replace()
                return failure
            }
            let now = try nftables.generation()
            guard now != generation, fault == nil else { return nil }
            guard let damage = try nftables.damage(to: ruleset.outlines, isIntact: ruleset.isIntact) else {
                generation = now
                return nil
            }
            repairs += 1
            try replace()
            return damage
        } catch {
            failure = "\(error)"
            return failure
        }
    }
}

extension NodePolicies {
    /// Removes an engine's rules from the calling thread's namespace.
    static func clear() throws {
        let handle = try NftablesHandle()
        let present = Set(try handle.tables()).intersection(NodePolicyRuleset.tables)
        if !present.isEmpty { try handle.delete(Array(present)) }
    }
}
