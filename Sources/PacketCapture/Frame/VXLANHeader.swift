/// A VXLAN header (RFC 7348) and the frame behind it.
public struct VXLANHeader: Hashable, Sendable {
    /// The VXLAN network identifier, 24 bits.
    public let networkIdentifier: UInt32
    /// The frame that is carried.
    public let inner: Frame

    /// Decodes what a UDP datagram to a VXLAN port carries, or gives nil where it is no VXLAN, or nested too deep.
    static func decode(_ bytes: RawSpan, in extent: Extent, depth: Int) -> (VXLANHeader, Extent)? {
        // The I flag says that the identifier counts; without it the port is used by something else.
        guard depth < Frame.maximumDepth, extent.shortfall(of: 8) == nil, bytes.uint8(extent.start) & 0x08 != 0
        else { return nil }
        let inner = extent.dropping(8)
        let header = VXLANHeader(
            networkIdentifier: bytes.uint32(extent.start + 4) >> 8,
            inner: Frame.decode(bytes, in: inner, depth: depth + 1))
        return (header, inner)
    }
}
