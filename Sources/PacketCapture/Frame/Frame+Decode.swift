extension Frame {
    /// How many packets inside packets are followed. A lab nests one; hostile input could nest hundreds.
    static let maximumDepth = 4

    /// Decodes an Ethernet frame (link type 1, which Linux reports for veth, bridge, vxlan and lo alike).
    ///
    /// Never fails and never traps: what cannot be decoded is left out and `completeness` says why.
    /// - Parameters:
    ///   - bytes: the captured bytes, from the destination address on, without the frame check sequence.
    ///   - originalLength: the frame's length on the wire; nil where nothing was cut off.
    public static func decode(_ bytes: RawSpan, originalLength: Int? = nil) -> Frame {
        let count = bytes.byteCount
        let extent = Extent(start: 0, captured: count, claimed: max(count, originalLength ?? count))
        return decode(bytes, in: extent, depth: 0)
    }

    /// Decodes the bytes of an array; see `decode(_:originalLength:)` for a span.
    public static func decode(_ bytes: [UInt8], originalLength: Int? = nil) -> Frame {
        decode(bytes.span.bytes, originalLength: originalLength)
    }

    /// Decodes the bytes in a buffer, which must live for the call; see `decode(_:originalLength:)` for a span.
    public static func decode(_ bytes: UnsafeRawBufferPointer, originalLength: Int? = nil) -> Frame {
        decode(bytes.bytes, originalLength: originalLength)
    }

    static func decode(_ bytes: RawSpan, in extent: Extent, depth: Int) -> Frame {
        if let shortfall = extent.shortfall(of: EthernetHeader.length) {
            return Frame(
                ethernet: nil, network: .missing, completeness: shortfall, payloadBytes: ByteRange(extent.range))
        }
        var header = EthernetHeader(bytes, at: extent.start)
        var rest = extent.dropping(EthernetHeader.length)
        while header.etherType.isVLANTag {
            if let shortfall = rest.shortfall(of: 4) {
                return Frame(
                    ethernet: header, network: .missing, completeness: shortfall, payloadBytes: ByteRange(rest.range))
            }
            guard header.append(VLANTag(rawValue: bytes.uint16(rest.start)), nextType: bytes.uint16(rest.start + 2))
            else {
                return Frame(
                    ethernet: header, network: .other, completeness: extent.completeness,
                    payloadBytes: ByteRange(rest.range))
            }
            rest = rest.dropping(4)
        }
        var completeness = extent.completeness
        let network = decodeNetwork(header.etherType, bytes, in: rest, depth: depth, &completeness)
        return Frame(
            ethernet: header, network: network, completeness: completeness, payloadBytes: ByteRange(rest.range))
    }

    // The completeness of what is carried goes to the frame's by reference: a packet is a large value, and returning
    // it in one piece saves copies.
    @inline(__always)
    private static func decodeNetwork(
        _ type: EtherType, _ bytes: RawSpan, in extent: Extent, depth: Int, _ completeness: inout Completeness
    ) -> Network {
        let packet: IPPacket?
        switch type {
        case .arp: return ARPMessage.decode(bytes, in: extent, &completeness)
        case .ipv4: packet = IPPacket.decodeIPv4(bytes, in: extent, depth: depth, &completeness)
        case .ipv6: packet = IPPacket.decodeIPv6(bytes, in: extent, depth: depth, &completeness)
        default: return .other
        }
        return packet.map { .ip($0) } ?? .missing
    }
}
