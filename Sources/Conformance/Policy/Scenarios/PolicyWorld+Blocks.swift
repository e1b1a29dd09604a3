import Addressing
import KubernetesModel

/// Blocks that tell a pod from its nearest neighbour, whatever addresses the lab gave them.
struct NeighbourBlocks {
    /// The pod's own address alone.
    let alone: CIDR
    /// The widest block with the pod in it and no other.
    let tight: CIDR
    /// The smallest block with the pod and another one in it.
    let loose: CIDR
    /// What `loose` has and `tight` has not: the other half.
    let neighbour: CIDR
    /// The block of a usual size around the pod: all pods of its node, as a rule.
    let node: CIDR
    /// A smaller one around it.
    let part: CIDR
}

extension PolicyWorld {
    /// The blocks around a pod; nil where it has no address of the family.
    func blocks(around pod: PodReference, _ family: AddressFamily) -> NeighbourBlocks? {
        guard let own = addresses[pod]?.first(where: { $0.family == family }) else { return nil }
        let others = addresses.filter { $0.key != pod }.values.flatMap(\.self).filter { $0.family == family }
        // The longest prefix that it shares with another one.
        let shared = others.map { Self.sharedBits(own, $0) }.max() ?? family.bitWidth - 1
        let length = min(shared, family.bitWidth - 1)
        let (node, part) = family == .ipv4 ? (24, 28) : (64, 124)
        guard let tight = CIDR(containing: own, prefixLength: length + 1),
            let loose = CIDR(containing: own, prefixLength: length),
            let middle = loose.address(at: 1 << UInt128(family.bitWidth - length - 1)),
            let neighbour = CIDR(
                containing: tight.contains(middle) ? loose.network : middle, prefixLength: length + 1),
            let wide = CIDR(containing: own, prefixLength: node), let small = CIDR(containing: own, prefixLength: part)
        else { return nil }
        return NeighbourBlocks(
            alone: InterfaceAddress(host: own).cidr, tight: tight, loose: loose, neighbour: neighbour, node: wide,
            part: small)
    }

    private static func sharedBits(_ one: IPAddress, _ other: IPAddress) -> Int {
        (one.number ^ other.number).leadingZeroBitCount - (128 - one.family.bitWidth)
    }
}

extension CIDR {
    /// All addresses of a family.
    static func all(_ family: AddressFamily) -> CIDR {
        CIDR(containing: .unspecified(family), prefixLength: 0)
            ?? InterfaceAddress(host: .unspecified(family)).cidr
    }

    /// Addresses that no pod has: those of documentation (RFC 5737, RFC 3849).
    static func nobody(_ family: AddressFamily) -> CIDR {
        CIDR(family == .ipv4 ? "192.0.2.0/24" : "2001:db8::/32") ?? all(family)
    }
}
