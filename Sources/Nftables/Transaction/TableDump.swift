internal import CLinux
internal import Netlink

/// The request for all tables, and what comes back (NFT_MSG_GETTABLE).
enum TableDump {
    static func request(sequence: UInt32) -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: 256)
        let length = buffer.withUnsafeMutableBytes { bytes -> Int in
            guard let start = bytes.baseAddress?.assumingMemoryBound(to: CChar.self) else { return 0 }
            let header = nftnl_nlmsg_build_hdr(
                start, NftablesConstants.getTable, UInt16(NFPROTO_UNSPEC), NftablesConstants.dump, sequence)
            return Int(header?.pointee.nlmsg_len ?? 0)
        }
        return Array(buffer[..<length])
    }

    static func table(_ message: ReceivedMessage) -> TableIdentity? {
        guard message.type == UInt16(NFNL_SUBSYS_NFTABLES) << 8 | NftablesConstants.newTable,
            let header = message.payload.load(nfgenmsg.self), let family = TableFamily(number: header.nfgen_family)
        else { return nil }
        let name = message.attributes(after: nfgenmsg.self).first { $0.type == NftablesConstants.tableName }
        return name.map { TableIdentity(family, $0.value.string) }
    }
}
