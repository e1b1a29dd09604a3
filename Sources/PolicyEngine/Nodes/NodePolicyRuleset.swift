import Addressing
public import Nftables

/// The nftables rules of one node that enforce NetworkPolicies on its pods: ingress where the receiver is, egress where
/// the sender is.
///
/// A packet's address leads by one lookup to the chain of the policies that select the pod; what it costs does not depend
/// on how many pods and policies there are. Ports are the pods' own: all hooks come after the rewriting of destinations.
public struct NodePolicyRuleset: Sendable {
    /// The name of the tables; there is one of each family.
    public static let tableName = "lab-network-policy"
    /// What tells the tables from others.
    public static let tables = AddressFamily.allCases.map { identity($0) }

    /// The node.
    public let node: PolicyNode
    /// The settings.
    public let settings: PolicySettings
    private(set) var contents: [PolicyTableContents]
    /// The tracker's revision that the contents are of.
    private var revision: Int

    /// The rules as the tracker stands. The first commit is `replace(tables)`.
    public init(_ node: PolicyNode, _ settings: PolicySettings = PolicySettings(), from tracker: PolicyTracker) {
        self.node = node
        self.settings = settings
        contents = AddressFamily.allCases.map { PolicyTableContents($0, node, settings) }
        revision = tracker.revision
        for index in contents.indices { _ = contents[index].follow(PolicyChanges(allOf: tracker), tracker) }
    }

    /// Follows the tracker after each `takeChanges()`, at the cost of what changed. Where earlier changes were missed,
    /// everything is compared; where these are known already, there is nothing to do.
    public mutating func update(_ changes: PolicyChanges, from tracker: PolicyTracker) -> PolicyRulesetUpdate {
        guard revision != tracker.revision else {
            return PolicyRulesetUpdate(changes: [], tables: [], cutsFlows: false)
        }
        let isNext = changes.revision == revision + 1 && changes.revision == tracker.revision
        revision = tracker.revision
        var steps: [RulesetChange] = []
        var tables: [Table] = []
        for index in contents.indices {
            let ofFamily = contents[index].follow(isNext ? changes : contents[index].everything(in: tracker), tracker)
            if !ofFamily.isEmpty { tables.append(contents[index].types(for: ofFamily)) }
            steps += ofFamily
        }
        return PolicyRulesetUpdate(
            changes: steps, tables: tables, cutsFlows: settings.establishedFlows == .cut && !steps.isEmpty)
    }

    /// The whole tables of both families, whatever the cluster has.
    public var tables: [Table] { contents.map(\.table) }

    /// What has to be there, counted.
    public var outlines: [TableIdentity: TableOutline] {
        Dictionary(uniqueKeysWithValues: contents.map { ($0.identity, $0.outline) })
    }

    /// Whether what was found of a table is what has to be there; where not, `replace(tables)` repairs it.
    public func isIntact(_ table: TableIdentity, _ found: TableOutline?) -> Bool {
        guard let found, let expected = contents.first(where: { $0.identity == table })?.outline else { return false }
        return expected.difference(from: found) == nil
    }

    static func identity(_ family: AddressFamily) -> TableIdentity {
        TableIdentity(TableFamily(family), tableName)
    }
}
