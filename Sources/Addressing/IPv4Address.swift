/// An IPv4 address (RFC 791).
public struct IPv4Address: Hashable, Sendable, Comparable {
    /// The address as a number in host order: 10.0.0.1 is 0x0a000001.
    public let rawValue: UInt32

    /// Makes the address with the given number in host order.
    @inlinable public init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// Reads dotted decimal: four numbers up to 255. Leading zeros are refused, because programs disagree on
    /// whether they mean octal (RFC 6943, section 3.1.1).
    public init?(_ text: some StringProtocol) {
        var value: UInt32 = 0
        let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        for part in parts {
            guard (1...3).contains(part.count), part.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
            guard part.count == 1 || part.first != UInt8(ascii: "0") else { return nil }
            let number = part.reduce(UInt32(0)) { $0 * 10 + UInt32($1 - 0x30) }
            guard number <= 255 else { return nil }
            value = value << 8 | number
        }
        rawValue = value
    }

    /// By number.
    public static func < (left: IPv4Address, right: IPv4Address) -> Bool { left.rawValue < right.rawValue }
}

extension IPv4Address: CustomStringConvertible {
    /// Dotted decimal.
    public var description: String {
        "\(rawValue >> 24).\(rawValue >> 16 & 255).\(rawValue >> 8 & 255).\(rawValue & 255)"
    }
}
