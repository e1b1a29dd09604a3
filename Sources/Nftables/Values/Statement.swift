public import Addressing

/// One statement of a rule. Several expressions in a list are a concatenation (`ip saddr . th dport`).
public enum Statement: Hashable, Sendable, Codable {
    /// Goes on where a comparison holds: `ip daddr 10.0.0.0/8`, `meta mark != 0x1`. Connection states and status bits are
    /// equal where the packet has any of them: `ct state new`, `ct state ! new,related`.
    case match(PacketExpression, comparison: Comparison = .equal, Value)
    /// Goes on where any of the bits of the mark is set (`meta mark & 0x4000 != 0`), or where none is (`== 0`).
    case matchMark(bits: UInt32, isSet: Bool)
    /// Goes on where a named set of the table holds what the packet has, or where it does not: `ip saddr . ip daddr @NAME`.
    case lookup([PacketExpression], comparison: Comparison = .equal, set: String)
    /// Counts packets and bytes: `counter`.
    case counter
    /// Sets bits of the mark: `meta mark set meta mark | 0x4000`.
    case setMark(bits: UInt32)
    /// Clears bits of the mark: `meta mark set meta mark & 0xffffbfff`.
    case clearMark(bits: UInt32)
    /// Adds what the packet has to a dynamic set of the table, or makes the time of the element there begin again:
    /// `update @NAME { ip saddr timeout 10800s }`, in seconds; nil for the set's own time. Goes on, except where the set is
    /// full.
    case update(set: String, [PacketExpression], timeout: UInt32? = nil)
    /// Adds what the packet has to a dynamic map of the table, with data that the packet has. Where the map has the key
    /// already, its data stays and only its time begins again.
    ///
    /// `update @affinity { ip saddr . ct original ip daddr timeout 3h : ip daddr . th dport }`
    case updateMapFromPacket(String, [PacketExpression], timeout: UInt32? = nil, data: [PacketExpression])
    /// Adds what the packet has to a dynamic map of the table, with the data that another map gives for the packet. Where
    /// the dynamic map has the key already, its data stays and only its time begins again. Where the other map has nothing
    /// for the packet, the rule ends.
    ///
    /// `update @affinity { ip saddr timeout 3h : ip daddr . numgen random mod 3 map @endpoints }`. nft 1.0.6 does not take
    /// that as input, and aborts on listing it: it holds what a map gives to have no length.
    case updateMap(
        String, [PacketExpression], timeout: UInt32? = nil, from: [PacketExpression], map: String)
    /// Ends the rule: `accept`.
    case verdict(Verdict)
    /// Looks the verdict up in a verdict map of the table: `ip daddr vmap @NAME`. Without an entry the rule ends.
    case verdictMap([PacketExpression], map: String)
    /// Looks the verdict up in a map of the rule's own: `numgen random mod 2 vmap { 0x0 : goto a, 0x1 : goto b }`. Without
    /// an entry the rule ends.
    case anonymousVerdictMap(PacketExpression, [VerdictElement])
    /// Drops the packet and tells its sender: `reject`. Only at the hooks input, forward and output.
    case reject(Rejection)
    /// Rewrites the destination to the address, or address and port, that a map of the table holds for the packet:
    /// `dnat ip to ip daddr . th dport map @NAME`. Without an entry the rule ends.
    case destinationNAT(NetworkProtocol, [PacketExpression], map: String)
    /// Rewrites the destination: `dnat ip to 10.244.1.5:8080`. With a port, nft's grammar takes it only behind a comparison
    /// with a transport protocol.
    case destinationNATTo(IPAddress, port: UInt16? = nil)
    /// Rewrites the source to an address of the interface that the packet leaves on: `masquerade`.
    case masquerade
    /// Like `masquerade`, and chooses the source port at random, which makes two packets of one moment less likely to get
    /// the same: `masquerade fully-random`.
    case masqueradeFullyRandom

    /// How a comparison is made.
    public enum Comparison: String, Hashable, Sendable, Codable, CaseIterable {
        case equal = "=="
        case notEqual = "!="
    }

    /// What a sender is told about its packet (`reject with …`).
    public enum Rejection: String, Hashable, Sendable, Codable, CaseIterable {
        /// ICMP destination unreachable, port unreachable (RFC 792, RFC 4443): connect(2) gives ECONNREFUSED.
        case portUnreachable
        /// A TCP reset; packets of other protocols are passed over.
        case reset
        /// ICMP destination unreachable, communication administratively prohibited.
        case adminProhibited
    }
}

/// An entry of a verdict map that belongs to one rule.
public struct VerdictElement: Hashable, Sendable, Codable {
    /// The key.
    public var value: Value
    /// What it leads to.
    public var verdict: Verdict

    /// Makes an entry.
    public init(_ value: Value, _ verdict: Verdict) {
        self.value = value
        self.verdict = verdict
    }
}

/// What becomes of a packet.
public enum Verdict: Hashable, Sendable, Codable {
    case accept
    case drop
    /// Goes on behind the jump that led into the chain; in a base chain, with its policy.
    case `return`
    /// Goes through another chain of the table and comes back.
    case jump(String)
    /// Goes to another chain of the table and does not come back.
    case goto(String)
}
