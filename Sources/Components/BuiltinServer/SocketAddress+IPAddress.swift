import Addressing
import NIOCore

extension SocketAddress {
    /// The address and port of an IP socket. An IPv4-mapped address, as a dual-stack socket reports its IPv4 peers
    /// (RFC 4291, section 2.5.5.2), is given as IPv4. Nil for other families.
    var endpoint: (address: IPAddress, port: UInt16)? {
        let address: IPAddress? =
            switch self {
            case .v4(let v4): withUnsafeBytes(of: v4.address.sin_addr) { IPAddress(bytes: $0) }
            case .v6(let v6): withUnsafeBytes(of: v6.address.sin6_addr) { IPAddress(bytes: $0) }
            default: nil
            }
        guard let address else { return nil }
        let number = UInt16(truncatingIfNeeded: port ?? 0)
        if case .v6(let v6) = address, let mapped = v6.mappedIPv4 { return (.v4(mapped), number) }
        return (address, number)
    }
}
