internal import CLinux

/// Constants that the importer hides (macros with casts) or gives in another width than the wire has.
enum NetlinkConstants {
    /// NLA_F_NESTED
    static let nestedFlag: UInt16 = 1 << 15
    /// NLA_F_NET_BYTEORDER
    static let networkOrderFlag: UInt16 = 1 << 14

    static let request = UInt16(NLM_F_REQUEST)
    static let acknowledge = UInt16(NLM_F_ACK)
    static let dump = UInt16(NLM_F_ROOT | NLM_F_MATCH)
    static let dumpInterrupted = UInt16(NLM_F_DUMP_INTR)
    static let create = UInt16(NLM_F_CREATE)
    static let exclusive = UInt16(NLM_F_EXCL)
    static let replace = UInt16(NLM_F_REPLACE)
    static let append = UInt16(NLM_F_APPEND)
    static let acknowledgementHasAttributes: UInt16 = 0x200

    static let error = UInt16(NLMSG_ERROR)
    static let done = UInt16(NLMSG_DONE)

    static let newLink = UInt16(RTM_NEWLINK)
    static let deleteLink = UInt16(RTM_DELLINK)
    static let getLink = UInt16(RTM_GETLINK)
    static let newLinkProperty = UInt16(RTM_NEWLINKPROP)
    static let newAddress = UInt16(RTM_NEWADDR)
    static let deleteAddress = UInt16(RTM_DELADDR)
    static let getAddress = UInt16(RTM_GETADDR)
    static let newRoute = UInt16(RTM_NEWROUTE)
    static let deleteRoute = UInt16(RTM_DELROUTE)
    static let getRoute = UInt16(RTM_GETROUTE)
    static let newNeighbor = UInt16(RTM_NEWNEIGH)
    static let deleteNeighbor = UInt16(RTM_DELNEIGH)
    static let getNeighbor = UInt16(RTM_GETNEIGH)

    static let newConnection = UInt16(NFNL_SUBSYS_CTNETLINK) << 8 | UInt16(IPCTNL_MSG_CT_NEW.rawValue)
    static let getConnections = UInt16(NFNL_SUBSYS_CTNETLINK) << 8 | UInt16(IPCTNL_MSG_CT_GET.rawValue)
    static let deleteConnection = UInt16(NFNL_SUBSYS_CTNETLINK) << 8 | UInt16(IPCTNL_MSG_CT_DELETE.rawValue)
}

/// IFF_UP
let interfaceUp = UInt32(IFF_UP)
