public import Addressing

/// The header of an Ethernet frame (IEEE 802.3) with its 802.1Q tags.
public struct EthernetHeader: Hashable, Sendable {
    /// Who the frame is for.
    public let destination: MACAddress
    /// Who sent it.
    public let source: MACAddress
    /// The first tag on the wire, or nil where there is none.
    public private(set) var outerTag: VLANTag?
    /// The second tag of a doubly tagged frame (802.1ad).
    public private(set) var innerTag: VLANTag?
    /// The type behind the tags.
    public private(set) var etherType: EtherType

    static let length = 14

    init(_ bytes: RawSpan, at start: Int) {
        destination = MACAddress(rawValue: UInt64(bytes.uint32(start)) << 16 | UInt64(bytes.uint16(start + 4)))
        source = MACAddress(rawValue: UInt64(bytes.uint16(start + 6)) << 32 | UInt64(bytes.uint32(start + 8)))
        etherType = EtherType(rawValue: bytes.uint16(start + 12))
    }

    /// Steps over a tag. A third one is more than 802.1ad allows and is refused.
    mutating func append(_ tag: VLANTag, nextType: UInt16) -> Bool {
        if outerTag == nil {
            outerTag = tag
        } else if innerTag == nil {
            innerTag = tag
        } else {
            return false
        }
        etherType = EtherType(rawValue: nextType)
        return true
    }
}

/// The tag control information of 802.1Q.
public struct VLANTag: RawRepresentable, Hashable, Sendable {
    /// Priority (3 bits), drop eligible (1 bit), VLAN identifier (12 bits).
    public let rawValue: UInt16

    /// Takes the 16 bits as they are on the wire, in host order.
    public init(rawValue: UInt16) {
        self.rawValue = rawValue
    }

    /// The VLAN identifier, 0 to 4095.
    public var identifier: UInt16 { rawValue & 0xfff }
    /// The priority code point, 0 to 7.
    public var priority: UInt8 { UInt8(rawValue >> 13) }
}

/// An EtherType (linux/if_ether.h, ETH_P_*).
public struct EtherType: RawRepresentable, Hashable, Sendable {
    /// The number.
    public let rawValue: UInt16

    /// Takes the number in host order.
    public init(rawValue: UInt16) {
        self.rawValue = rawValue
    }

    /// IPv4 (0x0800)
    public static let ipv4 = EtherType(rawValue: 0x0800)
    /// ARP (0x0806)
    public static let arp = EtherType(rawValue: 0x0806)
    /// IPv6 (0x86dd)
    public static let ipv6 = EtherType(rawValue: 0x86dd)

    /// 802.1Q and 802.1ad.
    var isVLANTag: Bool { rawValue == 0x8100 || rawValue == 0x88a8 }
}
