public import Addressing

extension IPAddress {
    /// Reads an address of the API as Kubernetes' components do: the numbers of an IPv4 address may have leading zeros and
    /// are decimal all the same, as they were stored before the API refused them (k8s.io/utils/net ParseIPSloppy).
    public init?(ofAPI text: String) {
        if let address = IPAddress(text) {
            self = address
            return
        }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4, parts.allSatisfy({ !$0.isEmpty }) else { return nil }
        let decimal = parts.map { part in
            let digits = part.drop { $0 == "0" }
            return digits.isEmpty ? "0" : digits
        }
        guard let address = IPv4Address(decimal.joined(separator: ".")) else { return nil }
        self = .v4(address)
    }
}

extension CIDR {
    /// Reads a block of the API as Kubernetes' components do: spaces around it, leading zeros and bits behind the prefix
    /// are put up with (ParseCIDRSloppy; core/v1 loadBalancerSourceRanges).
    public init?(ofAPI text: String) {
        let trimmed = text.drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed()
        let parts = trimmed.split(separator: "/", omittingEmptySubsequences: false).map { String($0) }
        guard parts.count == 2, let address = IPAddress(ofAPI: parts[0]),
            let whole = InterfaceAddress("\(address)/\(Self.withoutLeadingZeros(parts[1]))")
        else { return nil }
        self = whole.cidr
    }

    private static func withoutLeadingZeros(_ number: String) -> Substring {
        let digits = number.drop { $0 == "0" }
        return digits.isEmpty ? number.suffix(1) : digits
    }
}
