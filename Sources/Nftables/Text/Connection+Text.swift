extension ConnectionState: CustomStringConvertible {
    /// nft's names, such as `established,related`.
    public var description: String {
        let names: [(ConnectionState, String)] = [
            (.invalid, "invalid"), (.established, "established"), (.related, "related"), (.new, "new"),
            (.untracked, "untracked"),
        ]
        return names.filter { contains($0.0) }.map(\.1).joined(separator: ",")
    }
}

extension ConnectionStatus: CustomStringConvertible {
    /// nft's names, such as `snat,dnat`.
    public var description: String {
        let names: [(ConnectionStatus, String)] = [
            (.expected, "expected"), (.seenReply, "seen-reply"), (.assured, "assured"), (.confirmed, "confirmed"),
            (.sourceNAT, "snat"), (.destinationNAT, "dnat"), (.dying, "dying"),
        ]
        return names.filter { contains($0.0) }.map(\.1).joined(separator: ",")
    }
}
