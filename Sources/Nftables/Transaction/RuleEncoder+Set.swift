internal import CLinux

extension RuleEncoder {
    /// Looks the key in the first register up in a set.
    mutating func lookUp(set name: String, _ comparison: Statement.Comparison) throws(NftablesError) {
        try append("lookup") {
            nftnl_expr_set_u32($0, UInt16(NFTNL_EXPR_LOOKUP_SREG), NftablesConstants.firstRegister)
            nftnl_expr_set_str($0, UInt16(NFTNL_EXPR_LOOKUP_SET), name)
            if comparison == .notEqual {
                nftnl_expr_set_u32($0, UInt16(NFTNL_EXPR_LOOKUP_FLAGS), UInt32(NFT_LOOKUP_F_INV.rawValue))
            }
        }
    }

    /// Looks a verdict up in a map of the rule's own, for the key in the first register.
    mutating func lookUpAnonymousMap(_ identifier: UInt32?) throws(NftablesError) {
        try lookUp(
            map: NftablesConstants.anonymousMapName, identifier: identifier, into: NftablesConstants.verdictRegister)
    }

    /// Looks the key in the first register up in a map, which an identifier names where it has no name yet.
    mutating func lookUp(map name: String, identifier: UInt32? = nil, into register: UInt32) throws(NftablesError) {
        try append("lookup") {
            nftnl_expr_set_u32($0, UInt16(NFTNL_EXPR_LOOKUP_SREG), NftablesConstants.firstRegister)
            nftnl_expr_set_u32($0, UInt16(NFTNL_EXPR_LOOKUP_DREG), register)
            nftnl_expr_set_str($0, UInt16(NFTNL_EXPR_LOOKUP_SET), name)
            if let identifier { nftnl_expr_set_u32($0, UInt16(NFTNL_EXPR_LOOKUP_SET_ID), identifier) }
        }
    }

    /// Adds the key in the first register to a dynamic set, or to a dynamic map with the data in another register.
    mutating func update(_ name: String, timeout: UInt32?, data: UInt32? = nil) throws(NftablesError) {
        try append("dynset") {
            nftnl_expr_set_u32($0, UInt16(NFTNL_EXPR_DYNSET_SREG_KEY), NftablesConstants.firstRegister)
            if let data { nftnl_expr_set_u32($0, UInt16(NFTNL_EXPR_DYNSET_SREG_DATA), data) }
            nftnl_expr_set_u32($0, UInt16(NFTNL_EXPR_DYNSET_OP), UInt32(NFT_DYNSET_OP_UPDATE.rawValue))
            nftnl_expr_set_str($0, UInt16(NFTNL_EXPR_DYNSET_SET_NAME), name)
            if let timeout { nftnl_expr_set_u64($0, UInt16(NFTNL_EXPR_DYNSET_TIMEOUT), UInt64(timeout) * 1000) }
        }
    }

    /// Adds a key to a dynamic map with what another map gives.
    ///
    /// The two keys and the data of IPv6 do not fit into the registers together. So the data is looked up first, and waits
    /// behind the place of the key.
    mutating func update(
        _ name: String, _ key: [PacketExpression], timeout: UInt32?, _ dataKey: [PacketExpression], data: String
    ) throws(NftablesError) {
        let register = Self.register(at: key.map(\.type).paddedLength)
        try load(dataKey)
        try lookUp(map: data, into: register)
        try load(key)
        try update(name, timeout: timeout, data: register)
    }
}
