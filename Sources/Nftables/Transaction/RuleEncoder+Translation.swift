internal import Addressing
internal import CLinux

extension RuleEncoder {
    /// Rewrites the destination to what a map gives.
    mutating func rewriteDestination(
        _ networkProtocol: NetworkProtocol, _ key: [PacketExpression], map: String
    ) throws(NftablesError) {
        try load(key)
        try lookUp(map: map, into: NftablesConstants.firstRegister)
        let hasPort = try table.map(map, place).content == .data([.address(networkProtocol), .port])
        try rewriteDestination(networkProtocol, hasPort: hasPort)
    }

    /// Rewrites the destination to an address, and a port where there is one.
    mutating func rewriteDestination(to address: IPAddress, _ port: UInt16?) throws(NftablesError) {
        let networkProtocol = NetworkProtocol(address.family)
        try load(constant: .address(address), NftablesConstants.firstRegister)
        if let port { try load(constant: .port(port), Self.portRegister(networkProtocol)) }
        try rewriteDestination(networkProtocol, hasPort: port != nil)
    }

    /// Rewrites the destination to the address in the first register, and the port in the one behind it.
    private mutating func rewriteDestination(
        _ networkProtocol: NetworkProtocol, hasPort: Bool
    ) throws(NftablesError) {
        try append("nat") {
            nftnl_expr_set_u32($0, UInt16(NFTNL_EXPR_NAT_TYPE), UInt32(NFT_NAT_DNAT.rawValue))
            nftnl_expr_set_u32($0, UInt16(NFTNL_EXPR_NAT_FAMILY), UInt32(networkProtocol.number))
            nftnl_expr_set_u32($0, UInt16(NFTNL_EXPR_NAT_REG_ADDR_MIN), NftablesConstants.firstRegister)
            if hasPort {
                nftnl_expr_set_u32($0, UInt16(NFTNL_EXPR_NAT_REG_PROTO_MIN), Self.portRegister(networkProtocol))
            }
        }
    }

    /// The register behind an address.
    private static func portRegister(_ networkProtocol: NetworkProtocol) -> UInt32 {
        register(at: DataType.address(networkProtocol).paddedLength)
    }

    mutating func masqueradeFullyRandom() throws(NftablesError) {
        try append("masq") {
            nftnl_expr_set_u32($0, UInt16(NFTNL_EXPR_MASQ_FLAGS), UInt32(NF_NAT_RANGE_PROTO_RANDOM_FULLY))
        }
    }
}
