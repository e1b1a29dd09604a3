public import Addressing

/// What a proxy needs to know about the cluster as a whole.
public struct ProxySettings: Hashable, Sendable {
    /// Where pods' addresses are from, of both families. Where a family has none, nothing counts as a pod.
    public var podRanges: [CIDR]
    /// Where ClusterIPs are from, of both families. Where a family has none, addresses are not checked.
    public var serviceRanges: [CIDR]
    /// Whether all traffic to ClusterIPs gets the node's address as its source (kube-proxy `--masquerade-all`).
    public var masqueradesAll: Bool
    /// Whether ports that a ClusterIP does not serve are refused, and service addresses that nobody has are dropped.
    public var rejectsUnknownPorts: Bool

    /// Describes a cluster.
    public init(
        podRanges: [CIDR], serviceRanges: [CIDR], masqueradesAll: Bool = false, rejectsUnknownPorts: Bool = true
    ) {
        self.podRanges = podRanges
        self.serviceRanges = serviceRanges
        self.masqueradesAll = masqueradesAll
        self.rejectsUnknownPorts = rejectsUnknownPorts
    }

    func podRanges(of family: AddressFamily) -> [CIDR] { podRanges.filter { $0.family == family }.withoutNested }

    func serviceRanges(of family: AddressFamily) -> [CIDR] {
        serviceRanges.filter { $0.family == family }.withoutNested
    }
}

extension [CIDR] {
    /// The blocks that are in no other one, each once, in their order: the kernel's sets of intervals take no overlaps.
    var withoutNested: [CIDR] {
        guard count > 1 else { return self }
        let sorted = sorted {
            $0.network == $1.network ? $0.prefixLength < $1.prefixLength : $0.network < $1.network
        }
        var kept: [CIDR] = []
        for block in sorted where kept.last?.contains(block) != true { kept.append(block) }
        return kept
    }
}
