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
        var text = String(text)
        guard let value = text.withUTF8(Self.number) else { return nil }
        rawValue = value
    }

    private static func number(of bytes: UnsafeBufferPointer<UInt8>) -> UInt32? {
        var value: UInt32 = 0
        var part: UInt32 = 0
        var digits = 0
        var parts = 1
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "."):
                guard digits > 0, parts < 4 else { return nil }
                (value, part, digits, parts) = (value << 8 | part, 0, 0, parts + 1)
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                guard digits == 0 || part > 0 else { return nil }
                part = part * 10 + UInt32(byte - UInt8(ascii: "0"))
                guard part <= 255 else { return nil }
                digits += 1
            default: return nil
            }
        }
        return parts == 4 && digits > 0 ? value << 8 | part : nil
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
