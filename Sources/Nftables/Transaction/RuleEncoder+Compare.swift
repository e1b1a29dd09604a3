internal import CLinux

extension RuleEncoder {
    /// Compares the first register with a value.
    mutating func compare(_ comparison: Statement.Comparison, _ value: Value) throws(NftablesError) {
        switch value {
        case .prefix(let block):
            try mask(block.prefixLength, of: value.type.length)
            try compare(comparison, value.bytes)
        case .connectionState(let state): try compare(comparison.inverted, bits: state.rawValue)
        case .connectionStatus(let status): try compare(comparison.inverted, bits: status.rawValue)
        case .interface(let name) where name.last == "*":
            // A comparison of fewer bytes than the name has is one with a beginning.
            try compare(comparison, Array(name.utf8.dropLast()))
        case .address, .transportProtocol, .port, .mark, .addressType, .interface:
            try compare(comparison, value.bytes)
        }
    }

    /// Compares those bits of the first register with zero.
    mutating func compare(_ comparison: Statement.Comparison, bits: UInt32) throws(NftablesError) {
        try mask(Value.mark(bits).bytes)
        try compare(comparison, Value.mark(0).bytes)
    }

    mutating func compare(_ comparison: Statement.Comparison, _ bytes: [UInt8]) throws(NftablesError) {
        let operation = comparison == .equal ? NFT_CMP_EQ : NFT_CMP_NEQ
        try append("cmp") {
            nftnl_expr_set_u32($0, UInt16(NFTNL_EXPR_CMP_SREG), NftablesConstants.firstRegister)
            nftnl_expr_set_u32($0, UInt16(NFTNL_EXPR_CMP_OP), UInt32(operation.rawValue))
            nftnl_expr_set($0, UInt16(NFTNL_EXPR_CMP_DATA), bytes, UInt32(bytes.count))
        }
    }

    /// Clears all but the leading bits of the first register.
    private mutating func mask(_ prefixLength: Int, of length: Int) throws(NftablesError) {
        guard prefixLength < length * 8 else { return }
        try mask(
            (0..<length).map { byte in
                UInt8(truncatingIfNeeded: 0xff00 >> min(8, max(0, prefixLength - byte * 8)))
            })
    }

    /// Clears the bits of the first register that a mask lacks, and flips those of another one.
    private mutating func mask(_ mask: [UInt8], flipping flipped: [UInt8]? = nil) throws(NftablesError) {
        let length = UInt32(mask.count)
        try append("bitwise") {
            nftnl_expr_set_u32($0, UInt16(NFTNL_EXPR_BITWISE_SREG), NftablesConstants.firstRegister)
            nftnl_expr_set_u32($0, UInt16(NFTNL_EXPR_BITWISE_DREG), NftablesConstants.firstRegister)
            nftnl_expr_set_u32($0, UInt16(NFTNL_EXPR_BITWISE_LEN), length)
            nftnl_expr_set($0, UInt16(NFTNL_EXPR_BITWISE_MASK), mask, length)
            nftnl_expr_set(
                $0, UInt16(NFTNL_EXPR_BITWISE_XOR), flipped ?? [UInt8](repeating: 0, count: mask.count), length)
        }
    }

    /// Clears the bits of the packet's mark that a mask lacks, and flips those of another one.
    mutating func setMark(mask: UInt32, flipped: UInt32) throws(NftablesError) {
        try load([.mark])
        try self.mask(Value.mark(mask).bytes, flipping: Value.mark(flipped).bytes)
        try append("meta") {
            nftnl_expr_set_u32($0, UInt16(NFTNL_EXPR_META_KEY), NFT_META_MARK.rawValue)
            nftnl_expr_set_u32($0, UInt16(NFTNL_EXPR_META_SREG), NftablesConstants.firstRegister)
        }
    }
}

extension Statement.Comparison {
    /// Any of some bits are set where the bits alone are not 0.
    fileprivate var inverted: Statement.Comparison { self == .equal ? .notEqual : .equal }
}
