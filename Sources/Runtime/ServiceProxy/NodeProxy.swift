internal import Addressing
internal import Netlink
internal import Nftables
internal import ServiceProxy

/// The proxy of one node: what its kernel should hold, and the sockets by which the kernel is told.
///
/// Only for the thread of the proxies: a handle is used by one at a time.
final class NodeProxy: NodeRules {
    /// The inode of the node's network namespace. Under the same name another one may come.
    let inode: UInt64
    private(set) var ruleset: NodeRuleset
    private let nftables: NftablesHandle
    private let conntrack: ConntrackHandle
    private let fault: ProxyFault?
    /// The kernel counts the transactions of a namespace: other people's too.
    private var generation: UInt32
    /// Why the kernel does not hold the ruleset; nil where it does.
    private(set) var failure: String?
    /// How often somebody else's changes were repaired.
    private(set) var repairs = 0

    /// Opens the sockets in the calling thread's network namespace, and puts the ruleset there.
    ///
    /// - Parameter tables: the ruleset's.
    init(_ ruleset: NodeRuleset, _ tables: [Table], inode: UInt64, fault: ProxyFault?) throws {
        self.inode = inode
        self.ruleset = ruleset
        self.fault = fault
        nftables = try NftablesHandle()
        conntrack = try ConntrackHandle()
        generation = 0
        try replace(by: tables)
        try deleteStaleFlows(ruleset.staleFlows)
    }

    // MARK: Changes

    /// Does what changes of Services and endpoints ask for. Where the kernel refuses a step, it is given everything anew.
    func update(_ changes: ServiceChanges, from tracker: ServiceTracker) {
        apply(ruleset.update(changes, from: tracker))
    }

    /// Does what a change of the node itself asks for.
    func update(_ node: ProxyNode, from tracker: ServiceTracker) {
        apply(ruleset.update(node, from: tracker))
    }

    private func apply(_ update: RulesetUpdate) {
        guard !update.isEmpty else { return }
        do {
            if failure == nil, let refusal = commit(update) {
                failure = refusal
            }
            if failure != nil { try replace() }
            try deleteStaleAffinity(of: update.affinityMaps)
            try deleteStaleFlows(update.staleFlows)
        } catch {
            failure = "\(error)"
        }
    }

    /// - Returns: why the kernel refused.
    private func commit(_ update: RulesetUpdate) -> String? {
        guard !update.changes.isEmpty else { return nil }
        do throws(NftablesError) {
            let changes = fault.map { FaultyRules(fault: $0).broken(update.changes) } ?? update.changes
            try nftables.commit(changes, to: update.tables)
            generation &+= 1
            return nil
        } catch {
            return "\(error)"
        }
    }

    /// Puts the whole ruleset in the place of what is there, in one transaction; clients stay with their endpoints.
    private func replace(by built: [Table]? = nil) throws {
        var clients: [AffinityMap: [ReadElement]] = [:]
        for map in ruleset.affinityMaps { clients[map] = try elements(of: map) }
        let tables = ruleset.tables(built, keeping: clients)
        try nftables.replace(fault.map { FaultyRules(fault: $0).broken(tables) } ?? tables)
        generation = try nftables.generation()
        failure = nil
    }

    private func elements(of map: AffinityMap) throws -> [ReadElement] {
        map.isMap
            ? try nftables.elements(ofMap: map.name, in: map.table)
            : try nftables.elements(ofSet: map.name, in: map.table)
    }

    // MARK: What outlives a rule

    private func deleteStaleAffinity(of maps: [AffinityMap]) throws {
        for map in maps where map.isMap {
            let stale = ruleset.staleAffinity(in: map, try elements(of: map))
            guard !stale.isEmpty else { continue }
            do throws(NftablesError) {
                try nftables.commit(
                    [.deleteMapElements(stale, map: map.name, in: map.table)], to: ruleset.tables)
            } catch {
                // One that has expired since it was read takes the others along: they are looked at again.
                guard error.isMissingElement else { throw error }
                try deleteOneByOne(stale, in: map)
            }
            generation = try nftables.generation()
        }
    }

    private func deleteOneByOne(_ elements: [MapElement], in map: AffinityMap) throws {
        for element in elements {
            do throws(NftablesError) {
                try nftables.commit(
                    [.deleteMapElements([element], map: map.name, in: map.table)], to: ruleset.tables)
            } catch {
                guard error.isMissingElement else { throw error }
            }
        }
    }

    /// Connection tracking would go on sending datagrams where they went before.
    private func deleteStaleFlows(_ stale: StaleFlows) throws {
        guard !stale.isEmpty, fault != .keepsConntrack else { return }
        for family in stale.families {
            for entry in try conntrack.entries(family: family, transport: 17) {
                let flow = UDPFlow(
                    destination: entry.original.destination, destinationPort: entry.original.destinationPort,
                    replySource: entry.reply.source, replySourcePort: entry.reply.sourcePort)
                if stale.contains(flow) { _ = try conntrack.delete(entry) }
            }
        }
    }

    // MARK: Repair

    /// Puts the ruleset back where somebody else has removed of it, or where the kernel refused it before.
    ///
    /// - Returns: what was found, or nil where everything is as it should be.
    func repair() -> String? {
        do {
            if let failure {
                try replace()
                try deleteStaleFlows(ruleset.staleFlows)
                return failure
            }
            let now = try nftables.generation()
            guard now != generation, fault != .neverRepairs else { return nil }
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

extension NodeProxy {
    /// Removes a proxy's rules from the calling thread's namespace.
    static func clear() throws {
        let handle = try NftablesHandle()
        let present = Set(try handle.tables()).intersection(ProxyLayout.tables)
        if !present.isEmpty { try handle.delete(Array(present)) }
    }
}
