/// What connection tracking makes of a packet (`ct state`, NF_CT_STATE_BIT). A packet has one of these; several are a
/// choice among them.
public struct ConnectionState: OptionSet, Hashable, Sendable, Codable {
    /// The bits as the kernel has them.
    public let rawValue: UInt32

    /// Wraps bits.
    public init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// It fits no connection and begins none, such as a TCP segment out of the window.
    public static let invalid = ConnectionState(rawValue: 1)
    /// It belongs to a connection that has seen packets of both directions, or is the first answer.
    public static let established = ConnectionState(rawValue: 2)
    /// It begins a connection that another one announced, or is an ICMP error about one.
    public static let related = ConnectionState(rawValue: 4)
    /// It begins a connection, or repeats a beginning that has not been answered.
    public static let new = ConnectionState(rawValue: 8)
    /// It was taken out of connection tracking (`notrack`).
    public static let untracked = ConnectionState(rawValue: 64)

    /// All that nft has names for.
    static let all: ConnectionState = [.invalid, .established, .related, .new, .untracked]
}

/// What has become of a packet's connection so far (`ct status`, enum ip_conntrack_status).
public struct ConnectionStatus: OptionSet, Hashable, Sendable, Codable {
    /// The bits as the kernel has them (IPS_*).
    public let rawValue: UInt32

    /// Wraps bits.
    public init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// Another connection announced it.
    public static let expected = ConnectionStatus(rawValue: 1)
    /// Packets of both directions have been seen.
    public static let seenReply = ConnectionStatus(rawValue: 2)
    /// It is never forgotten early, when the table is full.
    public static let assured = ConnectionStatus(rawValue: 4)
    /// Its first packet has left this host, so that it is in the table.
    public static let confirmed = ConnectionStatus(rawValue: 8)
    /// The source of its packets is rewritten.
    public static let sourceNAT = ConnectionStatus(rawValue: 16)
    /// The destination of its packets is rewritten.
    public static let destinationNAT = ConnectionStatus(rawValue: 32)
    /// It is about to be removed from the table.
    public static let dying = ConnectionStatus(rawValue: 512)

    /// All that nft has names for.
    static let all: ConnectionStatus = [
        .expected, .seenReply, .assured, .confirmed, .sourceNAT, .destinationNAT, .dying,
    ]
}
