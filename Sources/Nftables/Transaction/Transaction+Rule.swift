internal import CLinux
internal import Netlink

extension Transaction {
    /// Appends a rule to the end of its chain.
    mutating func add(_ rule: Rule, _ place: RulesetObject, chain: String, _ table: Table) throws(NftablesError) {
        try withObject(nftnl_rule_alloc, nftnl_rule_free) { (object) throws(NftablesError) in
            nftnl_rule_set_str(object, UInt16(NFTNL_RULE_TABLE.rawValue), table.name)
            nftnl_rule_set_str(object, UInt16(NFTNL_RULE_CHAIN.rawValue), chain)
            if let data = UserData(comment: rule.comment)?.bytes {
                nftnl_rule_set_data(object, UInt16(NFTNL_RULE_USERDATA.rawValue), data, UInt32(data.count))
            }
            var encoder = RuleEncoder(rule: object, table: table, place: place)
            for statement in rule.statements { try encoder.append(statement) }
            append(
                .add, place, type: NftablesConstants.newRule,
                flags: NftablesConstants.create | NftablesConstants.append, family: table.family
            ) { nftnl_rule_nlmsg_build_payload($0, object) }
        }
    }
}

/// Turns statements into the kernel's expressions, in the way in which nft does, so that nft lists them as they were
/// written. Every statement loads its key from the first register on; nothing is kept from one to the next.
struct RuleEncoder {
    let rule: OpaquePointer
    let table: Table
    let place: RulesetObject
    private var count = 0
    /// The network protocol that the packet is known to have, in an inet table.
    private var known: NetworkProtocol?

    init(rule: OpaquePointer, table: Table, place: RulesetObject) {
        self.rule = rule
        self.table = table
        self.place = place
    }

    mutating func append(_ statement: Statement) throws(NftablesError) {
        switch statement {
        case .match(let expression, let comparison, let value):
            try load([expression])
            try compare(comparison, value)
        case .lookup(let key, let comparison, let name):
            try load(key)
            try append("lookup") {
                nftnl_expr_set_u32($0, UInt16(NFTNL_EXPR_LOOKUP_SREG), NftablesConstants.firstRegister)
                nftnl_expr_set_str($0, UInt16(NFTNL_EXPR_LOOKUP_SET), name)
                if comparison == .notEqual {
                    nftnl_expr_set_u32($0, UInt16(NFTNL_EXPR_LOOKUP_FLAGS), UInt32(NFT_LOOKUP_F_INV.rawValue))
                }
            }
        case .verdict(let verdict):
            try append("immediate") {
                nftnl_expr_set_u32($0, UInt16(NFTNL_EXPR_IMM_DREG), NftablesConstants.verdictRegister)
                nftnl_expr_set_u32($0, UInt16(NFTNL_EXPR_IMM_VERDICT), verdict.number)
                if let chain = verdict.chain { nftnl_expr_set_str($0, UInt16(NFTNL_EXPR_IMM_CHAIN), chain) }
            }
        case .verdictMap(let key, let map):
            try load(key)
            try lookup(map, into: NftablesConstants.verdictRegister)
        case .destinationNAT(let networkProtocol, let key, let map):
            try load(key)
            try lookup(map, into: NftablesConstants.firstRegister)
            try rewriteDestination(networkProtocol, map: table.map(named: map, place))
        case .masquerade:
            try append("masq") { _ in }
        default:
            throw .invalid(place, reason: "\(statement) is not encoded yet")
        }
    }

    private mutating func rewriteDestination(_ networkProtocol: NetworkProtocol, map: NamedMap) throws(NftablesError) {
        let address = DataType.address(networkProtocol)
        try append("nat") {
            nftnl_expr_set_u32($0, UInt16(NFTNL_EXPR_NAT_TYPE), UInt32(NFT_NAT_DNAT.rawValue))
            nftnl_expr_set_u32($0, UInt16(NFTNL_EXPR_NAT_FAMILY), UInt32(networkProtocol.number))
            nftnl_expr_set_u32($0, UInt16(NFTNL_EXPR_NAT_REG_ADDR_MIN), NftablesConstants.firstRegister)
            if map.content == .data([address, .port]) {
                nftnl_expr_set_u32(
                    $0, UInt16(NFTNL_EXPR_NAT_REG_PROTO_MIN), Self.register(at: address.paddedLength))
            }
        }
    }

    private mutating func lookup(_ map: String, into register: UInt32) throws(NftablesError) {
        try append("lookup") {
            nftnl_expr_set_u32($0, UInt16(NFTNL_EXPR_LOOKUP_SREG), NftablesConstants.firstRegister)
            nftnl_expr_set_u32($0, UInt16(NFTNL_EXPR_LOOKUP_DREG), register)
            nftnl_expr_set_str($0, UInt16(NFTNL_EXPR_LOOKUP_SET), map)
        }
    }

    /// The register that begins so many bytes into a key: one of 16 bytes where there is one, else one of 4.
    private static func register(at offset: Int) -> UInt32 {
        offset % 16 == 0
            ? NftablesConstants.firstRegister + UInt32(offset / 16)
            : NftablesConstants.firstShortRegister + UInt32(offset / 4)
    }

    private mutating func append(_ name: String, _ fill: (OpaquePointer) -> Void) throws(NftablesError) {
        count += 1
        guard count <= NftablesConstants.mostExpressions else {
            throw .invalid(place, reason: "it needs more than \(NftablesConstants.mostExpressions) expressions")
        }
        guard let expression = nftnl_expr_alloc(name) else { throw .netlink(NetlinkError(.socket(errno: ENOMEM))) }
        fill(expression)
        nftnl_rule_add_expr(rule, expression)
    }
}

extension RuleEncoder {
    /// Loads the fields of a key one behind the other, each in whole registers.
    private mutating func load(_ key: [PacketExpression]) throws(NftablesError) {
        try requireProtocol(of: key)
        var offset = 0
        for expression in key {
            let register = Self.register(at: offset)
            switch expression {
            case .sourceAddress(.ip): try loadPayload(NFT_PAYLOAD_NETWORK_HEADER.rawValue, 12, 4, register)
            case .destinationAddress(.ip): try loadPayload(NFT_PAYLOAD_NETWORK_HEADER.rawValue, 16, 4, register)
            case .sourceAddress(.ip6): try loadPayload(NFT_PAYLOAD_NETWORK_HEADER.rawValue, 8, 16, register)
            case .destinationAddress(.ip6): try loadPayload(NFT_PAYLOAD_NETWORK_HEADER.rawValue, 24, 16, register)
            case .sourcePort: try loadPayload(NFT_PAYLOAD_TRANSPORT_HEADER.rawValue, 0, 2, register)
            case .destinationPort: try loadPayload(NFT_PAYLOAD_TRANSPORT_HEADER.rawValue, 2, 2, register)
            case .transportProtocol: try loadMeta(NFT_META_L4PROTO.rawValue, register)
            case .mark: try loadMeta(NFT_META_MARK.rawValue, register)
            case .destinationAddressType: try loadAddressType(register)
            default: throw .invalid(place, reason: "\(expression) is not encoded yet")
            }
            offset += expression.type.paddedLength
        }
    }

    /// In an inet table the header of a packet says nothing before its protocol is known. `meta nfproto ipv4`
    private mutating func requireProtocol(of key: [PacketExpression]) throws(NftablesError) {
        guard table.family == .inet, let needed = key.lazy.compactMap(\.networkProtocol).first, needed != known else {
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

    private mutating func loadAddressType(_ register: UInt32) throws(NftablesError) {
        try append("fib") {
            nftnl_expr_set_u32($0, UInt16(NFTNL_EXPR_FIB_DREG), register)
            nftnl_expr_set_u32($0, UInt16(NFTNL_EXPR_FIB_RESULT), UInt32(NFT_FIB_RESULT_ADDRTYPE.rawValue))
            nftnl_expr_set_u32($0, UInt16(NFTNL_EXPR_FIB_FLAGS), UInt32(NFTA_FIB_F_DADDR.rawValue))
        }
    }

    private mutating func compare(_ comparison: Statement.Comparison, _ value: Value) throws(NftablesError) {
        if case .prefix(let block) = value { try mask(block.prefixLength, of: value.type.length) }
        try compare(comparison, value.bytes)
    }

    private mutating func compare(_ comparison: Statement.Comparison, _ bytes: [UInt8]) throws(NftablesError) {
        let operation = comparison == .equal ? NFT_CMP_EQ : NFT_CMP_NEQ
        try append("cmp") {
            nftnl_expr_set_u32($0, UInt16(NFTNL_EXPR_CMP_SREG), NftablesConstants.firstRegister)
            nftnl_expr_set_u32($0, UInt16(NFTNL_EXPR_CMP_OP), UInt32(operation.rawValue))
            nftnl_expr_set($0, UInt16(NFTNL_EXPR_CMP_DATA), bytes, UInt32(bytes.count))
        }
    }

    /// Clears all but the leading bits of the first register.
    private mutating func mask(_ prefixLength: Int, of length: Int) throws(NftablesError) {
        let mask = (0..<length).map { byte in
            UInt8(truncatingIfNeeded: 0xff00 >> min(8, max(0, prefixLength - byte * 8)))
        }
        guard prefixLength < length * 8 else { return }
        try append("bitwise") {
            nftnl_expr_set_u32($0, UInt16(NFTNL_EXPR_BITWISE_SREG), NftablesConstants.firstRegister)
            nftnl_expr_set_u32($0, UInt16(NFTNL_EXPR_BITWISE_DREG), NftablesConstants.firstRegister)
            nftnl_expr_set_u32($0, UInt16(NFTNL_EXPR_BITWISE_LEN), UInt32(length))
            nftnl_expr_set($0, UInt16(NFTNL_EXPR_BITWISE_MASK), mask, UInt32(length))
            nftnl_expr_set($0, UInt16(NFTNL_EXPR_BITWISE_XOR), [UInt8](repeating: 0, count: length), UInt32(length))
        }
    }
}
