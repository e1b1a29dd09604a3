internal import Addressing
internal import KubernetesModel
internal import Nftables

/// The words that both layouts have for the packets of one family.
struct PacketFields: Sendable {
    let family: AddressFamily
    let networkProtocol: NetworkProtocol
    let podRanges: [CIDR]
    let serviceRanges: [CIDR]

    /// A bit of the packet's mark, set on what is to get the node's address as its source. kube-proxy's default
    /// (`--iptables-masquerade-bit 14`).
    static let masqueradeMark: UInt32 = 0x4000

    init(_ family: AddressFamily, _ settings: ProxySettings) {
        self.family = family
        networkProtocol = NetworkProtocol(family)
        podRanges = settings.podRanges(of: family)
        serviceRanges = settings.serviceRanges(of: family)
    }

    var table: TableIdentity { TableIdentity(TableFamily(family), ProxyLayout.tableName) }

    /// `ip saddr`
    var source: PacketExpression { .sourceAddress(networkProtocol) }
    /// `ip daddr`
    var destination: PacketExpression { .destinationAddress(networkProtocol) }
    /// `ip daddr . meta l4proto . th dport`
    var virtualAddress: [PacketExpression] { [destination, .transportProtocol, .destinationPort] }

    /// `ipv4_addr`
    var addressType: DataType { .address(networkProtocol) }
    /// `ipv4_addr . inet_proto . inet_service`
    var virtualAddressType: [DataType] { [addressType, .transportProtocol, .port] }

    /// Goes on where the packet is from a pod, or where it is not; nil where it is not known which addresses pods have.
    func isFromPod(_ comparison: Statement.Comparison) -> Statement? {
        switch podRanges.count {
        case 0: nil
        case 1: .match(source, comparison: comparison, .prefix(podRanges[0]))
        default: .lookup([source], comparison: comparison, set: Self.podRangesSet)
        }
    }

    /// The set that `isFromPod` looks into, where there are several ranges.
    var podRangesSets: [NamedSet] {
        guard podRanges.count > 1 else { return [] }
        return [
            NamedSet(
                Self.podRangesSet, key: [addressType], flags: .interval, comment: "Addresses of pods",
                elements: podRanges.map { SetElement([.prefix($0)]) })
        ]
    }

    private static let podRangesSet = "pod-ranges"

    /// What is refused or dropped because it is for no Service, at the end of a chain behind the rewriting.
    ///
    /// - Parameter clusterIPs: the set of all ClusterIPs.
    func rulesForUnknown(clusterIPs: RulesetContainer) -> [Rule] {
        let refusal = "a port that the Service does not have"
        let live = Statement.lookup([destination], set: clusterIPs.name)
        guard !serviceRanges.isEmpty else { return [Rule([live, .reject(.portUnreachable)], comment: refusal)] }
        return serviceRanges.flatMap { range in
            // A range that is every address would match nothing less than everything.
            let inRange: [Statement] = range.prefixLength == 0 ? [] : [.match(destination, .prefix(range))]
            return [
                Rule(inRange + [live, .reject(.portUnreachable)], comment: refusal),
                Rule(inRange + [.verdict(.drop)], comment: "a service address that no Service has"),
            ]
        }
    }
}

extension VirtualAddress {
    /// A key of three fields: address, protocol, port.
    var key: [Value] { [.address(address), .transportProtocol(transport.number), .port(port)] }
}
