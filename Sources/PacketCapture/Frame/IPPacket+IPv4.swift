import Addressing

extension IPPacket {
    /// Decodes a packet, or gives nil where its header cannot be; lowers the completeness of its carrier to its own.
    static func decodeIPv4(
        _ bytes: RawSpan, in extent: Extent, depth: Int, _ completeness: inout Completeness
    ) -> IPPacket? {
        if let shortfall = extent.shortfall(of: 20) {
            completeness = max(completeness, shortfall)
            return nil
        }
        let start = extent.start
        let first = bytes.uint8(start)
        let headerLength = Int(first & 15) * 4
        guard first >> 4 == 4, headerLength >= 20 else {
            completeness = .malformed
            return nil
        }
        // A total length of 0 is a segment above 64 KiB on its way to be segmented (BIG TCP): it ends with the frame.
        let announced = Int(bytes.uint16(start + 2))
        let totalLength = announced == 0 ? extent.claimed - start : announced
        guard totalLength >= headerLength else {
            completeness = .malformed
            return nil
        }

        let header = ipv4Header(bytes, at: start, totalLength: totalLength, hasOptions: headerLength > 20)
        let packet = PacketExtent(extent, totalLength: totalLength, isFirstFragment: header.moreFragments)
        return IPPacket(header, headerLength: headerLength, bytes, in: packet, depth: depth, &completeness)
    }

    @inline(__always)
    private static func ipv4Header(_ bytes: RawSpan, at start: Int, totalLength: Int, hasOptions: Bool) -> IPHeader {
        let fragment = bytes.uint16(start + 6)
        return IPHeader(
            source: .v4(IPv4Address(rawValue: bytes.uint32(start + 12))),
            destination: .v4(IPv4Address(rawValue: bytes.uint32(start + 16))),
            transportProtocol: IPProtocol(rawValue: bytes.uint8(start + 9)),
            hopLimit: bytes.uint8(start + 8), trafficClass: bytes.uint8(start + 1), flowLabel: 0,
            identification: UInt32(bytes.uint16(start + 4)), moreFragments: fragment & 0x2000 != 0,
            dontFragment: fragment & 0x4000 != 0, extensions: hasOptions ? .options : [],
            wireLength: UInt32(clamping: totalLength), offset: fragment << 3)
    }

    /// The packet from its header and what stands behind it.
    @inline(__always)
    init(
        _ header: IPHeader, headerLength: Int, stop: Completeness? = nil, _ bytes: RawSpan, in packet: PacketExtent,
        depth: Int, _ carrier: inout Completeness
    ) {
        let body = packet.extent.dropping(headerLength)
        let shortfall = stop ?? packet.extent.shortfall(of: headerLength)
        let result: TransportResult =
            if let shortfall {
                TransportResult(transport: .missing, rest: body, completeness: shortfall)
            } else if header.fragmentOffset != 0 {
                TransportResult(transport: .fragment, rest: body, completeness: .complete)
            } else {
                Transport.decode(header, bytes, in: body, depth: depth)
            }
        self.header = header
        transport = result.transport
        payloadBytes = ByteRange(result.rest.range)
        wirePayloadLength = UInt32(clamping: result.rest.claimed - result.rest.start)
        headerBytes = ByteRange(packet.extent.start..<body.start)
        completeness = max(packet.completeness, result.completeness)
        carrier = max(carrier, completeness)
    }
}

/// An IP packet's place: its carrier's, cut to the length that its header announces.
struct PacketExtent {
    var extent: Extent
    /// What the carrier's end says of the announced length.
    var completeness: Completeness

    init(_ carrier: Extent, totalLength: Int, isFirstFragment: Bool) {
        extent = carrier.limited(to: totalLength)
        completeness = extent.completeness
        if extent.claimed > carrier.claimed, !carrier.isPartial {
            // More than its frame could have carried: the frame's end is what is believed.
            completeness = .malformed
            extent.claimed = carrier.claimed
        }
        extent.isPartial = carrier.isPartial || isFirstFragment
    }
}
