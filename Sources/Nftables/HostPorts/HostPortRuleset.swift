public import Addressing

/// The hostPorts of a node as nftables tables, one for each address family.
///
///                    by-address: 192.168.1.10 . tcp . 8080 -> 10.244.1.5 . 80
///     packet to     /
///     the node  ----
///                   \
///                    by-port:                   tcp . 8080 -> 10.244.1.5 . 80
///
/// A mapping on one address wins over one on all addresses. Packets that come from outside are rewritten at prerouting,
/// those of the node itself at output; the client's address is kept. Only a pod that reaches itself through its own
/// hostPort gets the node's address as its peer, since it would not take a packet from itself off the wire.
public struct HostPortRuleset: Hashable, Sendable {
    /// The name of the tables.
    public static let tableName = "lab-hostports"

    /// A mapping that is in no table, and why.
    public struct Rejection: Hashable, Sendable, CustomStringConvertible {
        /// Why a mapping cannot be.
        public enum Reason: Hashable, Sendable {
            /// Another one has the address, protocol and port; the first one given wins.
            case taken(by: HostPortMapping)
            /// `hostIP` and the pod's address are of different families.
            case familiesDiffer
            /// The protocol has no ports, or a port is 0.
            case noPort
        }

        /// The mapping.
        public let mapping: HostPortMapping
        /// Why it is in no table.
        public let reason: Reason

        /// The pod, the port and why, as a sentence.
        public var description: String {
            let subject = "hostPort \(mapping.hostPort) of \(mapping.comment)"
            return switch reason {
            case .taken(let other): "\(subject) is taken by \(other.comment)"
            case .familiesDiffer: "\(subject): the pod's address \(mapping.podAddress) is of another family than hostIP"
            case .noPort: "\(subject): protocol \(mapping.protocolNumber) and ports other than 0 are needed"
            }
        }
    }

    /// The mappings, in an order that depends on them alone.
    public let mappings: [HostPortMapping]
    /// The mappings that are in no table.
    public let rejections: [Rejection]

    private struct Slot: Hashable {
        let family: AddressFamily
        let address: IPAddress?
        let protocolNumber: UInt8
        let port: UInt16
    }

    /// Sorts mappings out. The same mapping given twice counts once.
    public init(_ mappings: [HostPortMapping]) {
        var taken: [Slot: HostPortMapping] = [:]
        var rejections: [Rejection] = []
        for mapping in mappings {
            let family = mapping.podAddress.family
            let slot = Slot(
                family: family, address: mapping.boundAddress, protocolNumber: mapping.protocolNumber,
                port: mapping.hostPort)
            if ![6, 17, 132].contains(mapping.protocolNumber) || mapping.hostPort == 0 || mapping.podPort == 0 {
                rejections.append(Rejection(mapping: mapping, reason: .noPort))
            } else if let address = mapping.boundAddress, address.family != family {
                rejections.append(Rejection(mapping: mapping, reason: .familiesDiffer))
            } else if let other = taken[slot] {
                if other != mapping { rejections.append(Rejection(mapping: mapping, reason: .taken(by: other))) }
            } else {
                taken[slot] = mapping
            }
        }
        self.mappings = taken.values.sorted(by: Self.precedes)
        self.rejections = rejections
    }

    private static func precedes(_ left: HostPortMapping, _ right: HostPortMapping) -> Bool {
        let (leftAddress, rightAddress) = (left.boundAddress, right.boundAddress)
        if leftAddress != rightAddress {
            guard let leftAddress, let rightAddress else { return leftAddress == nil }
            return leftAddress < rightAddress
        }
        let (leftPair, rightPair) = ((left.protocolNumber, left.hostPort), (right.protocolNumber, right.hostPort))
        if leftPair != rightPair { return leftPair < rightPair }
        return left.podAddress < right.podAddress
    }

    /// The tables of an address family: always one, without elements where there are no mappings.
    public func tables(for family: AddressFamily) -> [Table] {
        let mappings = mappings.filter { $0.podAddress.family == family }
        let networkProtocol = NetworkProtocol(family)
        let address = DataType.address(networkProtocol)
        let target = NamedMap.Content.data([address, .port])
        let byAddress = NamedMap(
            "by-address", key: [address, .transportProtocol, .port], content: target,
            elements: mappings.compactMap { mapping in
                mapping.boundAddress.map { mapping.element(key: [.address($0)]) }
            })
        let byPort = NamedMap(
            "by-port", key: [.transportProtocol, .port], content: target,
            elements: mappings.filter { $0.boundAddress == nil }.map { $0.element(key: []) })
        let pods = Set(mappings.map(\.podAddress)).sorted()
        let hairpin = NamedSet(
            "hairpin", key: [address, address], comment: "pods that may reach themselves through their hostPort",
            elements: pods.map { SetElement([.address($0), .address($0)]) })
        return [
            Table(
                TableFamily(family), Self.tableName, comment: "hostPorts of the pods on this node", sets: [hairpin],
                maps: [byAddress, byPort], chains: Self.chains(networkProtocol))
        ]
    }

    private static func chains(_ networkProtocol: NetworkProtocol) -> [Chain] {
        let rewrite = [
            Rule([
                .match(.destinationAddress(networkProtocol), loopback(networkProtocol)), .verdict(.return),
            ]),
            Rule([
                .match(.destinationAddressType, .addressType(.local)),
                .destinationNAT(
                    networkProtocol, [.destinationAddress(networkProtocol), .transportProtocol, .destinationPort],
                    map: "by-address"),
            ]),
            Rule([
                .match(.destinationAddressType, .addressType(.local)),
                .destinationNAT(networkProtocol, [.transportProtocol, .destinationPort], map: "by-port"),
            ]),
        ]
        let masquerade = Rule([
            .lookup([.sourceAddress(networkProtocol), .destinationAddress(networkProtocol)], set: "hairpin"),
            .masquerade,
        ])
        return [
            Chain("prerouting", base: BaseChain(.nat, .prerouting, .destinationNAT), rules: rewrite),
            Chain("output", base: BaseChain(.nat, .output, .destinationNAT), rules: rewrite),
            Chain("postrouting", base: BaseChain(.nat, .postrouting, .sourceNAT), rules: [masquerade]),
        ]
    }

    /// A packet from a loopback address must not leave the node, so these are not mapped: 127.0.0.0/8, ::1.
    private static func loopback(_ networkProtocol: NetworkProtocol) -> Value {
        let address = IPAddress.loopback(networkProtocol == .ip ? .ipv4 : .ipv6)
        guard networkProtocol == .ip, let block = CIDR(containing: address, prefixLength: 8) else {
            return .address(address)
        }
        return .prefix(block)
    }
}

extension HostPortMapping {
    fileprivate func element(key: [Value]) -> MapElement {
        MapElement(
            key + [.transportProtocol(protocolNumber), .port(hostPort)], .data([.address(podAddress), .port(podPort)]),
            comment: Comment.fitting(comment))
    }
}
