/// An Ethernet address (IEEE 802).
public struct MACAddress: Hashable, Sendable {
    /// The address as a number: its first octet is the most significant of six.
    public let rawValue: UInt64

    /// Makes the address with the given number; only the low 48 bits count.
    @inlinable public init(rawValue: UInt64) {
        self.rawValue = rawValue & 0xffff_ffff_ffff
    }

    /// Reads six octets; other lengths give nil.
    @inlinable public init?(bytes: some Collection<UInt8>) {
        guard bytes.count == 6 else { return nil }
        rawValue = bytes.reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// Reads six hexadecimal octets between colons.
    public init?(_ text: some StringProtocol) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 6 else { return nil }
        var value: UInt64 = 0
        for part in parts {
            guard part.utf8.count == 2, part.allSatisfy(\.isHexDigit), let octet = UInt8(part, radix: 16) else {
                return nil
            }
            value = value << 8 | UInt64(octet)
        }
        rawValue = value
    }

    /// The six octets in the order in which they are sent.
    public var bytes: [UInt8] {
        stride(from: 40, through: 0, by: -8).map { UInt8(truncatingIfNeeded: rawValue >> $0) }
    }

    /// An address that forwarding entries use for every station that is not known: 00:00:00:00:00:00.
    public static let zero = MACAddress(rawValue: 0)
    /// ff:ff:ff:ff:ff:ff
    public static let broadcast = MACAddress(rawValue: 0xffff_ffff_ffff)
}

extension MACAddress: CustomStringConvertible {
    /// Six octets in lower case between colons.
    public var description: String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: ":")
    }
}
