public import Addressing

extension DomainName {
    /// The name that leads from an address back to a name: in-addr.arpa (RFC 1035, section 3.5) or ip6.arpa (RFC 3596).
    public init(reverse address: IPAddress) {
        switch address {
        case .v4(let address):
            var wire: [UInt8] = []
            wire.reserveCapacity(29)
            for shift in stride(from: UInt32(0), to: 32, by: 8) {
                let number = UInt8(truncatingIfNeeded: address.rawValue >> shift)
                wire.append(number < 10 ? 1 : number < 100 ? 2 : 3)
                if number >= 100 { wire.append(48 + number / 100) }
                if number >= 10 { wire.append(48 + number / 10 % 10) }
                wire.append(48 + number % 10)
            }
            wire += ReverseTree.ipv4
            self.init(valid: wire)
        case .v6(let address):
            var wire: [UInt8] = []
            wire.reserveCapacity(74)
            for shift in stride(from: UInt128(0), to: 128, by: 4) {
                let nibble = UInt8(truncatingIfNeeded: address.rawValue >> shift & 15)
                wire.append(1)
                wire.append(nibble < 10 ? 48 + nibble : 87 + nibble)
            }
            wire += ReverseTree.ipv6
            self.init(valid: wire)
        }
    }

    /// The block of addresses whose names are this one and those below it: a single address for a full reverse name,
    /// all addresses for in-addr.arpa itself. Nil for names outside the two trees and for malformed ones in them.
    public var reverseBlock: CIDR? {
        if wire.count >= ReverseTree.ipv4.count, isEqual(orBelow: DomainName(valid: ReverseTree.ipv4)) {
            return Self.block(of: labels.dropLast(2), base: 10, bits: 8, .ipv4)
        }
        if wire.count >= ReverseTree.ipv6.count, isEqual(orBelow: DomainName(valid: ReverseTree.ipv6)) {
            return Self.block(of: labels.dropLast(2), base: 16, bits: 4, .ipv6)
        }
        return nil
    }

    private static func block(
        of labels: ArraySlice<ArraySlice<UInt8>>, base: UInt16, bits: Int, _ family: AddressFamily
    ) -> CIDR? {
        guard labels.count * bits <= family.bitWidth else { return nil }
        var number: UInt128 = 0
        for label in labels.reversed() {
            guard let part = Self.number(label, base), part < 1 << bits else { return nil }
            number = number << bits | UInt128(part)
        }
        let length = labels.count * bits
        number = length == 0 ? 0 : number << (family.bitWidth - length)
        let bytes = stride(from: family.bitWidth - 8, through: 0, by: -8).map {
            UInt8(truncatingIfNeeded: number >> $0)
        }
        return IPAddress(bytes: bytes).flatMap { CIDR(containing: $0, prefixLength: length) }
    }

    /// A decimal number without leading zeros, or a hexadecimal digit.
    private static func number(_ label: ArraySlice<UInt8>, _ base: UInt16) -> UInt16? {
        guard let first = label.first, label.count <= (base == 16 ? 1 : 3), first != 48 || label.count == 1 else {
            return nil
        }
        var number: UInt16 = 0
        for byte in label {
            let digit: UInt16
            switch byte.asciiLowercased {
            case 48...57: digit = UInt16(byte - 48)
            case 97...102 where base == 16: digit = UInt16(byte.asciiLowercased - 87)
            default: return nil
            }
            number = number * base + digit
        }
        return number
    }
}

/// The two trees, on the wire.
private enum ReverseTree {
    static let ipv4: [UInt8] = [7] + Array("in-addr".utf8) + [4] + Array("arpa".utf8) + [0]
    static let ipv6: [UInt8] = [3] + Array("ip6".utf8) + [4] + Array("arpa".utf8) + [0]
}
