import Addressing

extension Faults {
    /// An address in either family's text form. As in Kubernetes its fields are old ones, whose addresses have been stored
    /// with leading zeros for ever: these are put up with, and are decimal (`IPAddress(ofAPI:)`). An IPv4-mapped address is
    /// refused, since implementations disagree about its family.
    ///
    /// - Returns: the address, or nil where it is at fault.
    @discardableResult
    mutating func address(_ path: String, _ text: String) -> IPAddress? {
        guard let address = IPAddress(ofAPI: text) else {
            invalid(path, text, ["must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"])
            return nil
        }
        if case .v6(let v6) = address, v6.mappedIPv4 != nil {
            invalid(path, text, ["must not be an IPv4-mapped IPv6 address"])
            return nil
        }
        return address
    }

    /// A block of addresses in a field that has always been there: leading zeros and bits behind the prefix are put up
    /// with (`CIDR(ofAPI:)`), spaces are not.
    ///
    /// - Returns: the block, or nil where it is at fault.
    @discardableResult
    mutating func block(_ path: String, _ text: String) -> CIDR? {
        guard !text.contains(where: \.isWhitespace), let block = CIDR(ofAPI: text) else {
            invalid(path, text, [Self.noBlock])
            return nil
        }
        return unmapped(path, text, block)
    }

    /// A block of addresses as newer fields want it: nothing in it may be written in another way.
    ///
    /// - Returns: the block, or nil where it is at fault.
    mutating func strictBlock(_ path: String, _ text: String) -> CIDR? {
        guard let parsed = InterfaceAddress(text) else {
            let isOnlyPadded = CIDR(ofAPI: text) != nil
            invalid(path, text, [isOnlyPadded ? "must not have leading 0s in IP or prefix length" : Self.noBlock])
            return nil
        }
        guard let block = unmapped(path, text, parsed.cidr) else { return nil }
        guard block.network == parsed.address else {
            invalid(path, text, ["must not have bits set beyond the prefix length"])
            return nil
        }
        return block
    }

    private static let noBlock = "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)"

    private mutating func unmapped(_ path: String, _ text: String, _ block: CIDR) -> CIDR? {
        if case .v6(let v6) = block.network, v6.mappedIPv4 != nil {
            invalid(path, text, ["must not have an IPv4-mapped IPv6 address"])
            return nil
        }
        return block
    }

    /// An address that packets of pods can really go to.
    mutating func endpointAddress(_ path: String, _ text: String) {
        guard let address = IPAddress(ofAPI: text) else { return }
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
}
