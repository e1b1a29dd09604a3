public import Addressing

/// A network protocol as nft's expressions name it.
public enum NetworkProtocol: String, Hashable, Sendable, Codable, CaseIterable {
    /// IPv4
    case ip
    /// IPv6
    case ip6

    /// The protocol of an address family.
    public init(_ family: AddressFamily) {
        self = family == .ipv4 ? .ip : .ip6
    }
}

/// Something that a rule reads from a packet or about it.
public enum PacketExpression: Hashable, Sendable, Codable {
    /// `ip saddr`. In an inet table it also asks for the protocol.
    case sourceAddress(NetworkProtocol)
    /// `ip daddr`. In an inet table it also asks for the protocol.
    case destinationAddress(NetworkProtocol)
    /// `meta l4proto`
    case transportProtocol
    /// `th sport`: the source port of TCP, UDP, SCTP, UDP-Lite or DCCP. Behind a comparison with a protocol that has no
    /// ports it is meaningless, and nft 1.0.6 aborts on listing the rule.
    case sourcePort
    /// `th dport`
    case destinationPort
    /// `meta mark`
    case mark
    /// `fib daddr type`: where a route lookup would send the packet
    case destinationAddressType
    /// `fib saddr type`: where a route lookup would send an answer; `local` where the packet is this host's own
    case sourceAddressType
    /// `ct state`
    case connectionState
    /// `ct status`
    case connectionStatus
    /// `ct original ip daddr`: where the connection was opened to, before any rewriting. Connections of
    /// the other protocol are passed over.
    case originalDestinationAddress(NetworkProtocol)
    /// `ct original proto-dst`: the port that the connection was opened to, before any rewriting. nft's grammar takes it
    /// only behind a comparison with a transport protocol.
    case originalDestinationPort
    /// `iifname`: the interface that the packet came in on
    case inputInterface
    /// `oifname`: the interface that the packet goes out on
    case outputInterface
    /// `numgen random mod N`: a number from 0 to N - 1, another one for each packet. In sets and maps it is a `mark`.
    case random(modulus: UInt32)

    /// The type of what is read.
    public var type: DataType {
        switch self {
        case .sourceAddress(let networkProtocol), .destinationAddress(let networkProtocol),
            .originalDestinationAddress(let networkProtocol):
            .address(networkProtocol)
        case .transportProtocol: .transportProtocol
        case .sourcePort, .destinationPort, .originalDestinationPort: .port
        case .mark, .random: .mark
        case .destinationAddressType, .sourceAddressType: .addressType
        case .connectionState: .connectionState
        case .connectionStatus: .connectionStatus
        case .inputInterface, .outputInterface: .interfaceName
        }
    }

    /// The network protocol that the packet has to have.
    var networkProtocol: NetworkProtocol? {
        switch self {
        case .sourceAddress(let networkProtocol), .destinationAddress(let networkProtocol),
            .originalDestinationAddress(let networkProtocol):
            networkProtocol
        case .transportProtocol, .sourcePort, .destinationPort, .mark, .destinationAddressType, .sourceAddressType,
            .connectionState, .connectionStatus, .originalDestinationPort, .inputInterface, .outputInterface, .random:
            nil
        }
    }

    /// The network protocol whose header is read.
    var headerProtocol: NetworkProtocol? {
        if case .originalDestinationAddress = self { nil } else { networkProtocol }
    }
}
