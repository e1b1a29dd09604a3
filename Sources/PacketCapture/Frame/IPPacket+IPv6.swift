import Addressing

extension IPPacket {
    /// Decodes a packet, or gives nil where its header cannot be; lowers the completeness of its carrier to its own.
    static func decodeIPv6(
        _ bytes: RawSpan, in extent: Extent, depth: Int, _ completeness: inout Completeness
    ) -> IPPacket? {
        if let shortfall = extent.shortfall(of: 40) {
            completeness = max(completeness, shortfall)
            return nil
        }
        let start = extent.start
        let first = bytes.uint32(start)
        guard first >> 28 == 6 else {
            completeness = .malformed
            return nil
        }
        let announced = Int(bytes.uint16(start + 4))
        let nextHeader = bytes.uint8(start + 6)
        // A payload length of 0 before hop-by-hop options is a jumbogram (RFC 2675), which ends with the frame.
        let isJumbogram = announced == 0 && nextHeader == 0
        let totalLength = isJumbogram ? extent.claimed - start : 40 + announced
        var header = IPHeader(
            source: .v6(IPv6Address(rawValue: bytes.uint128(start + 8))),
            destination: .v6(IPv6Address(rawValue: bytes.uint128(start + 24))),
            transportProtocol: IPProtocol(rawValue: nextHeader),
            hopLimit: bytes.uint8(start + 7), trafficClass: UInt8(truncatingIfNeeded: first >> 20),
            flowLabel: first & 0xf_ffff, identification: nil, moreFragments: false, dontFragment: true, extensions: [],
            wireLength: UInt32(clamping: totalLength), offset: 0)
        var packet = PacketExtent(extent, totalLength: totalLength, isFirstFragment: false)
        let (length, stop) = header.readExtensions(bytes, in: packet.extent)
        packet.extent.isPartial = packet.extent.isPartial || header.moreFragments
        return IPPacket(header, headerLength: length, stop: stop, bytes, in: packet, depth: depth, &completeness)
    }
}

extension IPHeader {
    /// Walks the extension headers (RFC 8200, section 4) up to the transport, or to where they end too early.
    /// - Returns: the length of all headers read, and why the next one could not be.
    fileprivate mutating func readExtensions(_ bytes: RawSpan, in packet: Extent) -> (length: Int, stop: Completeness?)
    {
        var length = 40
        // Behind the first fragment's header, in later fragments, is data and no header.
        while fragmentOffset == 0, let kind = IPExtensions(transportProtocol) {
            let rest = packet.dropping(length)
            if let shortfall = rest.shortfall(of: 8) { return (length, shortfall) }
            if kind == .fragment { readFragment(bytes, at: rest.start) }
            let size = Self.size(of: kind, lengthField: Int(bytes.uint8(rest.start + 1)))
            extensions.insert(kind)
            transportProtocol = IPProtocol(rawValue: bytes.uint8(rest.start))
            length += size
            if let shortfall = rest.shortfall(of: size) { return (length, shortfall) }
        }
        return (length, nil)
    }

    private static func size(of kind: IPExtensions, lengthField: Int) -> Int {
        switch kind {
        case .fragment: 8
        case .authentication: max(8, (lengthField + 2) * 4)
        default: (lengthField + 1) * 8
        }
    }

    private mutating func readFragment(_ bytes: RawSpan, at start: Int) {
        let field = bytes.uint16(start + 2)
        offset = field & 0xfff8
        moreFragments = field & 1 != 0
        identification = bytes.uint32(start + 4)
    }
}

extension IPExtensions {
    /// The extension header of a next-header number, or nil where that is a transport.
    fileprivate init?(_ number: IPProtocol) {
        switch number.rawValue {
        case 0: self = .hopByHop
        case 43: self = .routing
        case 44: self = .fragment
        case 51: self = .authentication
        case 60: self = .destinationOptions
        default: return nil
        }
    }
}
