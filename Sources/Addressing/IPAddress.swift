/// An address family.
public enum AddressFamily: Hashable, Sendable, CaseIterable {
    case ipv4
    case ipv6

    /// The length of an address in bits.
    public var bitWidth: Int { self == .ipv4 ? 32 : 128 }
}

extension AddressFamily: CustomStringConvertible {
    /// `IPv4` or `IPv6`.
    public var description: String { self == .ipv4 ? "IPv4" : "IPv6" }
}

/// An IPv4 or IPv6 address.
public enum IPAddress: Hashable, Sendable {
    case v4(IPv4Address)
    case v6(IPv6Address)

    /// Reads either family's text form; see the initialisers of `IPv4Address` and `IPv6Address`.
    public init?(_ text: some StringProtocol) {
        if let address = IPv4Address(text) {
            self = .v4(address)
        } else if let address = IPv6Address(text) {
            self = .v6(address)
        } else {
            return nil
        }
    }

    /// Reads 4 or 16 bytes in network order; other lengths give nil.
    @inlinable public init?(bytes: some Sequence<UInt8>) {
        var count = 0
        var value: UInt128 = 0
        for byte in bytes {
            count += 1
            value = value << 8 | UInt128(byte)
        }
        switch count {
        case 4: self = .v4(IPv4Address(rawValue: UInt32(value)))
        case 16: self = .v6(IPv6Address(rawValue: value))
        default: return nil
        }
    }

    init(family: AddressFamily, number: UInt128) {
        switch family {
        case .ipv4: self = .v4(IPv4Address(rawValue: UInt32(truncatingIfNeeded: number)))
        case .ipv6: self = .v6(IPv6Address(rawValue: number))
        }
    }

    /// The family.
    public var family: AddressFamily {
        switch self {
        case .v4: .ipv4
        case .v6: .ipv6
        }
    }

    /// The address in network order: 4 or 16 bytes.
    public var bytes: [UInt8] {
        let width = family.bitWidth
        let number = number
        return stride(from: width - 8, through: 0, by: -8).map { UInt8(truncatingIfNeeded: number >> $0) }
    }

    /// The address as a number in host order.
    public var number: UInt128 {
        switch self {
        case .v4(let address): UInt128(address.rawValue)
        case .v6(let address): address.rawValue
        }
    }

    /// The loopback address of a family: 127.0.0.1 or ::1.
    public static func loopback(_ family: AddressFamily) -> IPAddress {
        IPAddress(family: family, number: family == .ipv4 ? 0x7f00_0001 : 1)
    }

    /// The unspecified address of a family: 0.0.0.0 or ::.
    public static func unspecified(_ family: AddressFamily) -> IPAddress {
        IPAddress(family: family, number: 0)
    }

    /// The address `offset` further on, or nil past the end of the family.
    public func advanced(by offset: UInt128) -> IPAddress? {
        let (sum, overflow) = number.addingReportingOverflow(offset)
        guard !overflow, family == .ipv6 || sum <= UInt128(UInt32.max) else { return nil }
        return IPAddress(family: family, number: sum)
    }

    /// The address with its port as a URL or a log writes it: `10.0.0.1:80`, `[fd00::1]:80`.
    public func withPort(_ port: UInt16) -> String {
        switch self {
        case .v4: "\(self):\(port)"
        case .v6: "[\(self)]:\(port)"
        }
    }
}

extension IPAddress: Comparable {
    /// IPv4 comes before IPv6; within a family the numbers decide.
    public static func < (left: IPAddress, right: IPAddress) -> Bool {
        left.family == right.family ? left.number < right.number : left.family == .ipv4
    }
}

extension IPAddress: CustomStringConvertible {
    /// The canonical text of the family.
    public var description: String {
        switch self {
        case .v4(let address): address.description
        case .v6(let address): address.description
        }
    }
}
