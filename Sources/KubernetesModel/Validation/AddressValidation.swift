import Addressing

extension Faults {
    /// An address in either family's text form.
    ///
    /// - Returns: the address, or nil where it is at fault.
    @discardableResult
    mutating func address(_ path: String, _ text: String) -> IPAddress? {
        guard let address = IPAddress(text) else {
            let isOnlyPadded = IPAddress(Self.withoutLeadingZeros(text)) != nil
            invalid(
                path, text,
                [
                    isOnlyPadded
                        ? "must not have leading 0s"
                        : "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"
                ])
            return nil
        }
        if case .v6(let v6) = address, v6.mappedIPv4 != nil {
            invalid(path, text, ["must not be an IPv4-mapped IPv6 address"])
            return nil
        }
        return address
    }

    /// A block of addresses.
    ///
    /// - Returns: the block, or nil where it is at fault.
    @discardableResult
    mutating func block(_ path: String, _ text: String) -> CIDR? {
        guard let parsed = InterfaceAddress(text) else {
            let isOnlyPadded = InterfaceAddress(Self.withoutLeadingZeros(text)) != nil
            invalid(
                path, text,
                [
                    isOnlyPadded
                        ? "must not have leading 0s in IP or prefix length"
                        : "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)"
                ])
            return nil
        }
        if case .v6(let v6) = parsed.address, v6.mappedIPv4 != nil {
            invalid(path, text, ["must not have an IPv4-mapped IPv6 address"])
            return nil
        }
        guard parsed.cidr.network == parsed.address else {
            invalid(path, text, ["must not have bits set beyond the prefix length"])
            return nil
        }
        return parsed.cidr
    }

    /// An address that packets of pods can really go to.
    mutating func endpointAddress(_ path: String, _ text: String) {
        guard let address = IPAddress(text) else { return }
        if address == .unspecified(address.family) {
            invalid(path, text, ["may not be unspecified (\(text))"])
        }
        for (blocks, fault) in Self.special where blocks.contains(where: { $0?.contains(address) == true }) {
            invalid(path, text, [fault])
        }
    }

    private static let special: [(blocks: [CIDR?], fault: String)] = [
        ([CIDR("127.0.0.0/8"), CIDR("::1/128")], "may not be in the loopback range (127.0.0.0/8, ::1/128)"),
        (
            [CIDR("169.254.0.0/16"), CIDR("fe80::/10")],
            "may not be in the link-local range (169.254.0.0/16, fe80::/10)"
        ),
        (
            [CIDR("224.0.0.0/24"), CIDR("ff02::/16")],
            "may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)"
        ),
    ]

    /// The text with the zeros taken away that lenient programs would read over.
    private static func withoutLeadingZeros(_ text: String) -> String {
        guard text.utf8.count <= 64, !text.contains(":") else { return text }
        var result = ""
        var number = ""
        func flush() {
            let trimmed = number.drop { $0 == "0" }
            result += number.isEmpty ? "" : (trimmed.isEmpty ? "0" : String(trimmed))
            number = ""
        }
        for character in text {
            if character.isASCII, character.isNumber {
                number.append(character)
            } else {
                flush()
                result.append(character)
            }
        }
        flush()
        return result
    }
}
