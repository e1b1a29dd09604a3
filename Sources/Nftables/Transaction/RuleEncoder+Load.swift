internal import CLinux

extension RuleEncoder {
    /// Loads the fields of a key one behind the other, each in whole registers.
    mutating func load(_ key: [PacketExpression]) throws(NftablesError) {
        try requireProtocol(of: key)
        var offset = 0
        for expression in key {
            try load(expression, Self.register(at: offset))
            offset += expression.type.paddedLength
        }
    }

    private mutating func load(_ expression: PacketExpression, _ register: UInt32) throws(NftablesError) {
        switch expression {
        case .sourceAddress(.ip): try loadPayload(NFT_PAYLOAD_NETWORK_HEADER.rawValue, 12, 4, register)
        case .destinationAddress(.ip): try loadPayload(NFT_PAYLOAD_NETWORK_HEADER.rawValue, 16, 4, register)
        case .sourceAddress(.ip6): try loadPayload(NFT_PAYLOAD_NETWORK_HEADER.rawValue, 8, 16, register)
        case .destinationAddress(.ip6): try loadPayload(NFT_PAYLOAD_NETWORK_HEADER.rawValue, 24, 16, register)
        case .sourcePort: try loadPayload(NFT_PAYLOAD_TRANSPORT_HEADER.rawValue, 0, 2, register)
        case .destinationPort: try loadPayload(NFT_PAYLOAD_TRANSPORT_HEADER.rawValue, 2, 2, register)
        case .transportProtocol: try loadMeta(NFT_META_L4PROTO.rawValue, register)
        case .mark: try loadMeta(NFT_META_MARK.rawValue, register)
        case .inputInterface: try loadMeta(NFT_META_IIFNAME.rawValue, register)
        case .outputInterface: try loadMeta(NFT_META_OIFNAME.rawValue, register)
        case .destinationAddressType: try loadAddressType(NFTA_FIB_F_DADDR.rawValue, register)
        case .sourceAddressType: try loadAddressType(NFTA_FIB_F_SADDR.rawValue, register)
        case .connectionState: try loadConnection(NFT_CT_STATE.rawValue, register)
        case .connectionStatus: try loadConnection(NFT_CT_STATUS.rawValue, register)
        case .originalDestinationAddress(.ip):
            try loadConnection(NFT_CT_DST_IP.rawValue, direction: IP_CT_DIR_ORIGINAL.rawValue, register)
        case .originalDestinationAddress(.ip6):
            try loadConnection(NFT_CT_DST_IP6.rawValue, direction: IP_CT_DIR_ORIGINAL.rawValue, register)
        case .originalDestinationPort:
            try loadConnection(NFT_CT_PROTO_DST.rawValue, direction: IP_CT_DIR_ORIGINAL.rawValue, register)
        case .random(let modulus): try loadRandom(modulus, register)
        }
    }

    /// In an inet table the header of a packet says nothing before its protocol is known. `meta nfproto ipv4`
    private mutating func requireProtocol(of key: [PacketExpression]) throws(NftablesError) {
        guard table.identity.family == .inet, let needed = key.lazy.compactMap(\.headerProtocol).first, needed != known
        else {
            return
        }
        try loadMeta(NFT_META_NFPROTO.rawValue, NftablesConstants.firstRegister)
        try compare(.equal, [needed.number])
        known = needed
    }

    private mutating func loadPayload(
        _ base: UInt32, _ offset: UInt32, _ length: UInt32, _ register: UInt32
    ) throws(NftablesError) {
        try append("payload") {
            nftnl_expr_set_u32($0, UInt16(NFTNL_EXPR_PAYLOAD_DREG), register)
            nftnl_expr_set_u32($0, UInt16(NFTNL_EXPR_PAYLOAD_BASE), base)
            nftnl_expr_set_u32($0, UInt16(NFTNL_EXPR_PAYLOAD_OFFSET), offset)
            nftnl_expr_set_u32($0, UInt16(NFTNL_EXPR_PAYLOAD_LEN), length)
        }
    }

    private mutating func loadMeta(_ key: UInt32, _ register: UInt32) throws(NftablesError) {
        try append("meta") {
            nftnl_expr_set_u32($0, UInt16(NFTNL_EXPR_META_KEY), key)
            nftnl_expr_set_u32($0, UInt16(NFTNL_EXPR_META_DREG), register)
        }
    }

    private mutating func loadAddressType(_ flag: UInt32, _ register: UInt32) throws(NftablesError) {
        try append("fib") {
            nftnl_expr_set_u32($0, UInt16(NFTNL_EXPR_FIB_DREG), register)
            nftnl_expr_set_u32($0, UInt16(NFTNL_EXPR_FIB_RESULT), UInt32(NFT_FIB_RESULT_ADDRTYPE.rawValue))
            nftnl_expr_set_u32($0, UInt16(NFTNL_EXPR_FIB_FLAGS), flag)
        }
    }

    private mutating func loadConnection(
        _ key: UInt32, direction: UInt32? = nil, _ register: UInt32
    ) throws(NftablesError) {
        try append("ct") {
            nftnl_expr_set_u32($0, UInt16(NFTNL_EXPR_CT_KEY), key)
            nftnl_expr_set_u32($0, UInt16(NFTNL_EXPR_CT_DREG), register)
            if let direction { nftnl_expr_set_u8($0, UInt16(NFTNL_EXPR_CT_DIR), UInt8(direction)) }
        }
    }

    private mutating func loadRandom(_ modulus: UInt32, _ register: UInt32) throws(NftablesError) {
        try append("numgen") {
            nftnl_expr_set_u32($0, UInt16(NFTNL_EXPR_NG_DREG), register)
            nftnl_expr_set_u32($0, UInt16(NFTNL_EXPR_NG_MODULUS), modulus)
            nftnl_expr_set_u32($0, UInt16(NFTNL_EXPR_NG_TYPE), UInt32(NFT_NG_RANDOM.rawValue))
        }
    }

    /// Puts a value of the rule's own into a register.
    mutating func load(constant value: Value, _ register: UInt32) throws(NftablesError) {
        let bytes = value.bytes
        try append("immediate") {
            nftnl_expr_set_u32($0, UInt16(NFTNL_EXPR_IMM_DREG), register)
            nftnl_expr_set($0, UInt16(NFTNL_EXPR_IMM_DATA), bytes, UInt32(bytes.count))
        }
    }
}
