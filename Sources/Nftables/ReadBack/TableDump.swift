internal import CLinux
internal import Netlink

/// What comes back when tables, chains and rules are asked for.
enum TableDump {
    /// The table in a message of NFT_MSG_GETTABLE.
    static func table(_ message: ReceivedMessage) -> TableIdentity? {
        guard message.type == UInt16(NFNL_SUBSYS_NFTABLES) << 8 | NftablesConstants.newTable,
            let header = message.payload.load(nfgenmsg.self), let family = TableFamily(number: header.nfgen_family)
        else { return nil }
        for (type, value) in message.attributes(after: nfgenmsg.self) where type == NftablesConstants.tableName {
            return TableIdentity(family, value.string)
        }
        return nil
    }

    /// The name of the chain in a message of NFT_MSG_GETCHAIN, where it is one of the table.
    static func chain(_ message: ReceivedMessage, _ table: TableIdentity) -> String? {
        name(
            message, NftablesConstants.newChain, table, tableAttribute: Int(NFTA_CHAIN_TABLE.rawValue),
            nameAttribute: Int(NFTA_CHAIN_NAME.rawValue))
    }

    /// The name of the chain of the rule in a message of NFT_MSG_GETRULE, where it is one of the table.
    static func chain(ofRule message: ReceivedMessage, _ table: TableIdentity) -> String? {
        name(
            message, NftablesConstants.newRule, table, tableAttribute: Int(NFTA_RULE_TABLE.rawValue),
            nameAttribute: Int(NFTA_RULE_CHAIN.rawValue))
    }

    private static func name(
        _ message: ReceivedMessage, _ type: UInt16, _ table: TableIdentity, tableAttribute: Int, nameAttribute: Int
    ) -> String? {
        var name: String?
        for (type, value) in message.attributes(type, table.family) ?? Attributes([]) {
            if type == tableAttribute, value.string != table.name { return nil }
            if type == nameAttribute { name = value.string }
        }
        return name
    }
}

/// A set or map in a message of NFT_MSG_GETSET.
struct DumpedSet {
    var table = ""
    var name = ""
    private var flags: UInt32 = 0
    private var count: UInt32?

    var isMap: Bool { flags & UInt32(NFT_SET_MAP.rawValue) != 0 }
    /// Whether it belongs to a rule.
    var isAnonymous: Bool { flags & UInt32(NFT_SET_ANONYMOUS.rawValue) != 0 }

    /// The number of elements, where the kernel counts them (Linux 6.16) as they are looked up: it also counts those whose
    /// time is over, and half of the ends of ranges.
    var elementCount: Int? {
        isRanges || flags & UInt32(NFT_SET_TIMEOUT.rawValue) != 0 ? nil : count.map(Int.init)
    }

    /// Whether its elements are ranges of keys that are one number each.
    var isRanges: Bool {
        flags & UInt32(NFT_SET_INTERVAL.rawValue) != 0 && flags & UInt32(NFT_SET_CONCAT.rawValue) == 0
    }

    init?(_ message: ReceivedMessage, _ family: TableFamily) {
        guard let attributes = message.attributes(NftablesConstants.newSet, family) else { return nil }
        for (type, value) in attributes {
            switch type {
            case Int(NFTA_SET_TABLE.rawValue): table = value.string
            case Int(NFTA_SET_NAME.rawValue): name = value.string
            case Int(NFTA_SET_FLAGS.rawValue): flags = value.load(UInt32.self).map(UInt32.init(bigEndian:)) ?? 0
            case NftablesConstants.setCount: count = value.load(UInt32.self).map(UInt32.init(bigEndian:))
            default: break
            }
        }
    }
}
