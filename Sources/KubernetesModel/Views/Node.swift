public import Addressing

/// What networking and scheduling need to know of a node (core/v1 Node).
public struct Node: Hashable, Sendable {
    /// The name.
    public let name: String
    /// What tells the node from others of its name.
    public let uid: String
    /// The labels.
    public let labels: [String: String]
    /// Whether no more pods are to be placed there (`kubectl cordon`).
    public let isUnschedulable: Bool
    /// Why it does not want pods.
    public let taints: [Taint]
    /// The ranges that its pods' addresses are from.
    public let podCIDRs: [CIDR]
    /// Its addresses in the cluster (type InternalIP).
    public let internalIPs: [IPAddress]
    /// Its conditions.
    public let conditions: [Condition]
    /// Thousandths of a CPU that pods can have, or nil where the node does not tell.
    public let allocatableMilliCPUs: Int64?

    /// Reads a node.
    public init(_ object: APIObject) {
        let spec = object["spec"] ?? .null
        name = object.name
        uid = object.uid
        labels = object.labels
        isUnschedulable = spec["unschedulable"]?.bool ?? false
        taints = (spec["taints"]?.array ?? []).map { Taint($0) }
        let ranges = (spec["podCIDRs"]?.array ?? []).compactMap(\.string)
        podCIDRs = (ranges.isEmpty ? [spec["podCIDR"]?.string].compactMap(\.self) : ranges)
            .compactMap { CIDR(ofAPI: $0) }
        internalIPs = (object["status", "addresses"]?.array ?? []).filter { $0["type"]?.string == "InternalIP" }
            .compactMap { $0["address"]?.string.flatMap { IPAddress(ofAPI: $0) } }
        conditions = Condition.list(object)
        allocatableMilliCPUs = Self.milliCPUs(object["status", "allocatable", "cpu"])
    }

    /// The zone it is in (label topology.kubernetes.io/zone), or nil.
    public var zone: String? { labels["topology.kubernetes.io/zone"] }
    /// Whether its condition Ready holds.
    public var isReady: Bool { conditions.contains { $0.type == "Ready" && $0.isTrue } }

    private static func milliCPUs(_ quantity: JSONValue?) -> Int64? {
        switch quantity {
        case .integer(let number): return number.multipliedReportingOverflow(by: 1_000).partialValue
        case .string(let text):
            if text.hasSuffix("m") { return Int64(text.dropLast()) }
            return Double(text).flatMap { Int64(exactly: ($0 * 1_000).rounded()) }
        default: return nil
        }
    }
}
