public import Addressing

/// A constant in a set, a map or a rule.
public enum Value: Hashable, Sendable, Codable {
    case address(IPAddress)
    /// A block of addresses; in rules and sets of intervals only. In a rule, an empty prefix is refused: it matches
    /// everything.
    case prefix(CIDR)
    /// An IP protocol number, such as 6.
    case transportProtocol(UInt8)
    case port(UInt16)
    case mark(UInt32)
    case addressType(AddressType)
    /// One or several states; several in rules only.
    case connectionState(ConnectionState)
    case connectionStatus(ConnectionStatus)
    /// The name of an interface, such as `cni0`. In rules a `*` at the end stands for any rest: `cni*`.
    case interface(String)

    /// The kind of a route's destination (RTN_*).
    public enum AddressType: String, Hashable, Sendable, Codable, CaseIterable {
        case unicast, local, broadcast, multicast, blackhole
    }

    /// The value's type.
    public var type: DataType {
        switch self {
        case .address(let address): address.family == .ipv4 ? .ipv4Address : .ipv6Address
        case .prefix(let block): block.family == .ipv4 ? .ipv4Address : .ipv6Address
        case .transportProtocol: .transportProtocol
        case .port: .port
        case .mark: .mark
        case .addressType: .addressType
        case .connectionState: .connectionState
        case .connectionStatus: .connectionStatus
        case .interface: .interfaceName
        }
    }
}
