public import Addressing

/// An ARP message for IPv4 over Ethernet (RFC 826).
public struct ARPMessage: Hashable, Sendable {
    /// 1 for a request, 2 for a reply.
    public let operation: UInt16
    /// The sender's Ethernet address.
    public let senderHardware: MACAddress
    /// The sender's IPv4 address.
    public let sender: IPv4Address
    /// The target's Ethernet address; zero in a request.
    public let targetHardware: MACAddress
    /// The IPv4 address that is asked for, or whose owner is answered.
    public let target: IPv4Address

    /// Whether this asks for an address.
    public var isRequest: Bool { operation == 1 }
    /// Whether this answers.
    public var isReply: Bool { operation == 2 }

    static func decode(
        _ bytes: RawSpan, in extent: Extent, _ completeness: inout Completeness
    ) -> Frame.Network {
        if let shortfall = extent.shortfall(of: 28) {
            completeness = max(completeness, shortfall)
            return .missing
        }
        let start = extent.start
        // Hardware type Ethernet, protocol IPv4, address lengths 6 and 4; all else is not ours to read.
        guard bytes.uint32(start) == 0x0001_0800, bytes.uint16(start + 4) == 0x0604 else { return .other }
        func hardware(_ at: Int) -> MACAddress {
            MACAddress(rawValue: UInt64(bytes.uint16(at)) << 32 | UInt64(bytes.uint32(at + 2)))
        }
        let message = ARPMessage(
            operation: bytes.uint16(start + 6),
            senderHardware: hardware(start + 8), sender: IPv4Address(rawValue: bytes.uint32(start + 14)),
            targetHardware: hardware(start + 18), target: IPv4Address(rawValue: bytes.uint32(start + 24)))
        return .arp(message)
    }
}
