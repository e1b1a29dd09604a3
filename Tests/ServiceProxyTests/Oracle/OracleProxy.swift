import Addressing
import Netlink
import Nftables
import ServiceProxy

/// A proxy in a node of the network.
struct OracleProxy {
    private let namespace: TestNamespace
    private let kernel: Kernel
    private var ruleset: NodeRuleset

    /// Sockets that were opened in the node. Any thread may use them, and one at a time does: the test's own.
    private final class Kernel: @unchecked Sendable {
        let nftables: NftablesHandle
        let conntrack: ConntrackHandle

        init() throws {
            nftables = try NftablesHandle()
            conntrack = try ConntrackHandle()
        }
    }

    /// A proxy without Services.
    init(_ node: Party) async throws {
        namespace = node.namespace
        kernel = try await namespace.inside { try Kernel() }
        let tracker = ServiceTracker(SampleCluster.settings)
        ruleset = NodeRuleset(
            .dataMaps, node: SampleCluster.node(node.name), settings: SampleCluster.settings, from: tracker)
    }

    /// Puts the rules for all that there is in the place of those before.
    mutating func replace(_ layout: ProxyLayout, _ settings: ProxySettings, _ tracker: ServiceTracker) throws {
        ruleset = NodeRuleset(layout, node: ruleset.node, settings: settings, from: tracker)
        try kernel.nftables.replace(ruleset.tables)
        try flush()
    }

    /// Carries changes out, as the proxy in a lab does it: one transaction, then clients that have lost their endpoints.
    mutating func update(_ changes: ServiceChanges, _ tracker: ServiceTracker) throws {
        let update = ruleset.update(changes, from: tracker)
        if !update.changes.isEmpty { try kernel.nftables.commit(update.changes, to: update.tables) }
        for map in update.affinityMaps {
            let elements = try kernel.nftables.elements(ofMap: map.name, in: map.table)
            let stale = ruleset.staleAffinity(in: map, elements)
            guard !stale.isEmpty else { continue }
            try kernel.nftables.commit(
                [.deleteMapElements(stale, map: map.name, in: map.table)], to: ruleset.tables)
        }
        try flush()
    }

    /// Forgets all connections: those of one cluster are not to be those of the next.
    private func flush() throws {
        for family in AddressFamily.allCases { try kernel.conntrack.flush(family: family) }
    }

    /// What the node has, as nft lists it.
    func listing() throws -> String { try namespace.listRuleset() }
}
