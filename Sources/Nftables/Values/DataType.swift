/// The type of a value in a set, map or comparison, by nft's names.
public enum DataType: String, Hashable, Sendable, Codable, CaseIterable {
    /// `ipv4_addr`: 4 bytes
    case ipv4Address = "ipv4_addr"
    /// `ipv6_addr`: 16 bytes
    case ipv6Address = "ipv6_addr"
    /// `inet_proto`: the number of a transport protocol, 1 byte
    case transportProtocol = "inet_proto"
    /// `inet_service`: a port, 2 bytes
    case port = "inet_service"
    /// `mark`: a number of 4 bytes in host order. Also the type for numbers that nft has no name for, since nft 1.0.6
    /// aborts on listing a concatenation with a plain integer.
    case mark
    /// `fib_addrtype`: the kind of a route's destination; in rules only
    case addressType = "fib_addrtype"
    /// `ct_state`: bits of 4 bytes
    case connectionState = "ct_state"
    /// `ct_status`: bits of 4 bytes; in rules only
    case connectionStatus = "ct_status"
    /// `ifname`: the name of an interface, 16 bytes
    case interfaceName = "ifname"

    /// The length in bytes.
    public var length: Int {
        switch self {
        case .ipv4Address, .mark, .addressType, .connectionState, .connectionStatus: 4
        case .ipv6Address, .interfaceName: 16
        case .transportProtocol: 1
        case .port: 2
        }
    }

    /// The type of a network protocol's addresses.
    public static func address(_ networkProtocol: NetworkProtocol) -> DataType {
        networkProtocol == .ip ? .ipv4Address : .ipv6Address
    }
}
