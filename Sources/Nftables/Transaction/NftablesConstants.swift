internal import CLinux

/// Constants of the kernel and of libnftnl, in the widths in which they are used: the importer gives anonymous C
/// enumerations as Int and named ones as types of their own.
enum NftablesConstants {
    // Messages (enum nf_tables_msg_types)
    static let newTable = UInt16(NFT_MSG_NEWTABLE.rawValue)
    static let getTable = UInt16(NFT_MSG_GETTABLE.rawValue)
    static let deleteTable = UInt16(NFT_MSG_DELTABLE.rawValue)
    static let newChain = UInt16(NFT_MSG_NEWCHAIN.rawValue)
    static let getChain = UInt16(NFT_MSG_GETCHAIN.rawValue)
    static let deleteChain = UInt16(NFT_MSG_DELCHAIN.rawValue)
    static let newRule = UInt16(NFT_MSG_NEWRULE.rawValue)
    static let getRule = UInt16(NFT_MSG_GETRULE.rawValue)
    static let deleteRule = UInt16(NFT_MSG_DELRULE.rawValue)
    static let newSet = UInt16(NFT_MSG_NEWSET.rawValue)
    static let getSet = UInt16(NFT_MSG_GETSET.rawValue)
    static let deleteSet = UInt16(NFT_MSG_DELSET.rawValue)
    static let newElements = UInt16(NFT_MSG_NEWSETELEM.rawValue)
    static let getElements = UInt16(NFT_MSG_GETSETELEM.rawValue)
    static let deleteElements = UInt16(NFT_MSG_DELSETELEM.rawValue)
    /// NFT_MSG_DESTROYSETELEM, Linux 6.3: what is not there is no error.
    static let destroyElements: UInt16 = 30
    static let newGeneration = UInt16(NFT_MSG_NEWGEN.rawValue)
    static let getGeneration = UInt16(NFT_MSG_GETGEN.rawValue)

    // Flags and types of every netlink message
    static let acknowledge = UInt16(NLM_F_ACK)
    static let create = UInt16(NLM_F_CREATE)
    static let exclusive = UInt16(NLM_F_EXCL)
    static let append = UInt16(NLM_F_APPEND)
    static let dump = UInt16(NLM_F_ROOT | NLM_F_MATCH)
    /// NLM_F_CAPPED: an error carries the header of its request only.
    static let capped: UInt16 = 0x100
    /// NLM_F_ACK_TLVS: an error carries attributes.
    static let acknowledgementHasAttributes: UInt16 = 0x200
    static let error = UInt16(NLMSG_ERROR)
    static let done = UInt16(NLMSG_DONE)

    static let offsetAttribute = Int(NLMSGERR_ATTR_OFFS.rawValue)
    static let messageAttribute = Int(NLMSGERR_ATTR_MSG.rawValue)
    static let tableName = Int(NFTA_TABLE_NAME.rawValue)
    /// NFTA_SET_COUNT, Linux 6.16
    static let setCount = 20
    static let generationIdentifier = Int(NFTA_GEN_ID.rawValue)
    static let elementsTable = Int(NFTA_SET_ELEM_LIST_TABLE.rawValue)
    static let elementsSet = Int(NFTA_SET_ELEM_LIST_SET.rawValue)
    static let elementsSetIdentifier = Int(NFTA_SET_ELEM_LIST_SET_ID.rawValue)
    static let elementsAttribute = Int(NFTA_SET_ELEM_LIST_ELEMENTS.rawValue)
    static let listElement = Int(NFTA_LIST_ELEM.rawValue)
    static let elementKey = Int(NFTA_SET_ELEM_KEY.rawValue)
    static let elementKeyEnd = Int(NFTA_SET_ELEM_KEY_END.rawValue)
    static let elementData = Int(NFTA_SET_ELEM_DATA.rawValue)
    static let elementFlags = Int(NFTA_SET_ELEM_FLAGS.rawValue)
    static let elementTimeout = Int(NFTA_SET_ELEM_TIMEOUT.rawValue)
    static let elementExpiration = Int(NFTA_SET_ELEM_EXPIRATION.rawValue)
    static let elementUserData = Int(NFTA_SET_ELEM_USERDATA.rawValue)
    static let dataValue = Int(NFTA_DATA_VALUE.rawValue)
    static let dataVerdict = Int(NFTA_DATA_VERDICT.rawValue)
    static let verdictCode = Int(NFTA_VERDICT_CODE.rawValue)
    static let verdictChain = Int(NFTA_VERDICT_CHAIN.rawValue)
    static let intervalEnd = UInt32(NFT_SET_ELEM_INTERVAL_END.rawValue)

    /// The kernel puts a number in the place of `%d`.
    static let anonymousMapName = "__map%d"
    /// nft's number for a plain integer (enum datatypes in its sources).
    static let integerType: UInt32 = 4

    /// NFT_REG_1, the first of four registers of 16 bytes.
    static let firstRegister = UInt32(NFT_REG_1.rawValue)
    /// NFT_REG32_00, the first of sixteen registers of 4 bytes, which lie on those of 16.
    static let firstShortRegister = UInt32(NFT_REG32_00.rawValue)
    static let verdictRegister = UInt32(NFT_REG_VERDICT.rawValue)

    /// NFT_DATA_VERDICT: the type of a verdict map's content.
    static let verdictType: UInt32 = 0xffff_ff00
    /// NFT_RULE_MAXEXPRS
    static let mostExpressions = 128
}

extension TableFamily {
    /// NFPROTO_IPV4, NFPROTO_IPV6, NFPROTO_INET
    var number: UInt16 {
        switch self {
        case .inet: UInt16(NFPROTO_INET)
        case .ip: UInt16(NFPROTO_IPV4)
        case .ip6: UInt16(NFPROTO_IPV6)
        }
    }

    init?(number: UInt8) {
        guard let family = TableFamily.allCases.first(where: { $0.number == UInt16(number) }) else { return nil }
        self = family
    }
}

extension NetworkProtocol {
    /// NFPROTO_IPV4, NFPROTO_IPV6
    var number: UInt8 { UInt8(self == .ip ? NFPROTO_IPV4 : NFPROTO_IPV6) }
}

extension BaseChain.Hook {
    /// NF_INET_*
    var number: UInt32 {
        switch self {
        case .prerouting: UInt32(NF_INET_PRE_ROUTING.rawValue)
        case .input: UInt32(NF_INET_LOCAL_IN.rawValue)
        case .forward: UInt32(NF_INET_FORWARD.rawValue)
        case .output: UInt32(NF_INET_LOCAL_OUT.rawValue)
        case .postrouting: UInt32(NF_INET_POST_ROUTING.rawValue)
        }
    }
}

extension Verdict {
    /// NF_ACCEPT, NF_DROP and NFT_* as the kernel reads them from an attribute.
    var number: UInt32 {
        switch self {
        case .accept: UInt32(NF_ACCEPT)
        case .drop: UInt32(NF_DROP)
        case .return: UInt32(bitPattern: NFT_RETURN.rawValue)
        case .jump: UInt32(bitPattern: NFT_JUMP.rawValue)
        case .goto: UInt32(bitPattern: NFT_GOTO.rawValue)
        }
    }

    /// The chain that a jump or goto leads to.
    var chain: String? {
        switch self {
        case .jump(let chain), .goto(let chain): chain
        case .accept, .drop, .return: nil
        }
    }
}

extension Statement.Rejection {
    /// NFT_REJECT_* and the code of ICMP, of ICMPv6, or of both in an inet table.
    func numbers(in family: TableFamily) -> (type: UInt32, code: UInt8) {
        let unreachable = UInt32(NFT_REJECT_ICMP_UNREACH.rawValue)
        let either = UInt32(NFT_REJECT_ICMPX_UNREACH.rawValue)
        return switch (self, family) {
        case (.reset, _): (UInt32(NFT_REJECT_TCP_RST.rawValue), 0)
        // ICMP_PORT_UNREACH, ICMPV6_PORT_UNREACH
        case (.portUnreachable, .ip): (unreachable, 3)
        case (.portUnreachable, .ip6): (unreachable, 4)
        case (.portUnreachable, .inet): (either, UInt8(NFT_REJECT_ICMPX_PORT_UNREACH.rawValue))
        // ICMP_PKT_FILTERED, ICMPV6_ADM_PROHIBITED
        case (.adminProhibited, .ip): (unreachable, 13)
        case (.adminProhibited, .ip6): (unreachable, 1)
        case (.adminProhibited, .inet): (either, UInt8(NFT_REJECT_ICMPX_ADMIN_PROHIBITED.rawValue))
        }
    }
}

extension Value.AddressType {
    /// RTN_*
    var number: UInt32 {
        switch self {
        case .unicast: UInt32(RTN_UNICAST)
        case .local: UInt32(RTN_LOCAL)
        case .broadcast: UInt32(RTN_BROADCAST)
        case .multicast: UInt32(RTN_MULTICAST)
        case .blackhole: UInt32(RTN_BLACKHOLE)
        }
    }
}

extension DataType {
    /// How nft numbers its types (enum datatypes in its sources); the kernel stores the number for it.
    var number: UInt32 {
        switch self {
        case .ipv4Address: 7
        case .ipv6Address: 8
        case .transportProtocol: 12
        case .port: 13
        case .mark: 19
        case .connectionState: 26
        case .connectionStatus: 28
        case .addressType: 38
        case .interfaceName: 41
        }
    }

    /// How nft numbers byte orders: 1 the host's, 2 the network's. Without it nft lists numbers swapped.
    var byteOrder: UInt32 {
        switch self {
        case .mark, .addressType, .connectionState, .connectionStatus, .interfaceName: 1
        case .ipv4Address, .ipv6Address, .transportProtocol, .port: 2
        }
    }
}

extension [DataType] {
    /// The number of one type, or six bits for each of several.
    var number: UInt32 { reduce(0) { $0 << 6 | $1.number } }
    /// The length of a key or datum: as it is where there is one field, padded where there are several.
    var length: UInt32 { UInt32(count == 1 ? self[0].length : paddedLength) }
    /// 0 for a concatenation, whose fields have orders of their own.
    var byteOrder: UInt32 { count == 1 ? self[0].byteOrder : 0 }
}
