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

    /// The rules as the tracker stands. The first commit is `replace(tables)`.
    public init(_ node: PolicyNode, _ settings: PolicySettings = PolicySettings(), from tracker: PolicyTracker) {
        self.node = node
        self.settings = settings
        contents = Self.contents(node, settings, tracker)
    }

    /// Follows the tracker after its `takeChanges()`.
    public mutating func update(from tracker: PolicyTracker) -> PolicyRulesetUpdate {
        let new = Self.contents(node, settings, tracker)
        defer { contents = new }
        let changes = zip(contents, new).flatMap { old, new in PolicyTableTransition(from: old, to: new).changes }
        return PolicyRulesetUpdate(
            changes: changes, tables: changes.isEmpty ? [] : new.map(\.tableWithoutElements),
            cutsFlows: settings.establishedFlows == .cut && !changes.isEmpty)
    }

    /// The whole tables of both families, whatever the cluster has.
    public var tables: [Table] { contents.map(\.table) }

    /// What has to be there, counted.
    public var outlines: [TableIdentity: TableOutline] {
        Dictionary(uniqueKeysWithValues: contents.map { ($0.identity, $0.outline) })
    }

    /// Whether what was found of a table is what has to be there; where not, `replace(tables)` repairs it.
    public func isIntact(_ table: TableIdentity, _ found: TableOutline?) -> Bool {
        guard let found, let expected = outlines[table] else { return false }
        return expected.difference(from: found) == nil
    }

    static func identity(_ family: AddressFamily) -> TableIdentity {
        TableIdentity(TableFamily(family), tableName)
    }

    private static func contents(
        _ node: PolicyNode, _ settings: PolicySettings, _ tracker: PolicyTracker
    ) -> [PolicyTableContents] {
        AddressFamily.allCases.map { PolicyTableContents($0, node, settings, tracker) }
    }
}
