/// A UDP header (RFC 768).
public struct UDPHeader: Hashable, Sendable {
    /// The source port.
    public let sourcePort: UInt16
    /// The destination port.
    public let destinationPort: UInt16
    /// The length of header and data in bytes, as the header says. In a first fragment it counts the whole datagram.
    public let length: UInt16

    static func decode(_ bytes: RawSpan, in extent: Extent, depth: Int) -> TransportResult {
        if let shortfall = extent.shortfall(of: 8) { return Transport.cut(bytes, in: extent, shortfall) }
        let start = extent.start
        let header = UDPHeader(
            sourcePort: bytes.uint16(start), destinationPort: bytes.uint16(start + 2), length: bytes.uint16(start + 4))
        let (rest, completeness) = body(of: header, in: extent)
        // 4789 is IANA's port for VXLAN, 8472 the kernel's default and flannel's.
        if header.destinationPort == 4789 || header.destinationPort == 8472,
            let (vxlan, inner) = VXLANHeader.decode(bytes, in: rest, depth: depth)
        {
            return TransportResult(
                transport: .vxlan(header, vxlan), rest: inner, completeness: max(completeness, vxlan.inner.completeness)
            )
        }
        return TransportResult(transport: .udp(header), rest: rest, completeness: completeness)
    }

    /// The data, which ends where the header says. A length of 0 is a datagram above 64 KiB (RFC 2675).
    private static func body(of header: UDPHeader, in extent: Extent) -> (Extent, Completeness) {
        let length = Int(header.length)
        if length == 0 { return (extent.dropping(8), extent.completeness) }
        if length < 8 { return (extent.dropping(8), .malformed) }
        if extent.start + length > extent.claimed {
            // A first fragment holds a part of what the length counts.
            return (extent.dropping(8), extent.isPartial ? extent.completeness : .malformed)
        }
        return (extent.limited(to: length).dropping(8), .complete)
    }
}
