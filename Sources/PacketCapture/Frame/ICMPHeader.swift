public import Addressing

/// An ICMP (RFC 792) or ICMPv6 (RFC 4443, RFC 4861) header.
public struct ICMPHeader: Hashable, Sendable {
    /// Which of the two; type and code mean different things in them.
    public let family: AddressFamily
    /// The type.
    public let type: UInt8
    /// The code.
    public let code: UInt8
    /// What the four bytes behind the checksum say, and the target behind them.
    public let body: Body

    /// The part of the header that depends on the type.
    public enum Body: Hashable, Sendable {
        /// An echo request (ping).
        case echoRequest(identifier: UInt16, sequence: UInt16)
        /// An echo reply.
        case echoReply(identifier: UInt16, sequence: UInt16)
        /// An error. With the MTU of the link that was too small, where the error says so.
        case error(mtu: UInt32?)
        /// A neighbour solicitation for, or advertisement of, an address.
        case neighbor(target: IPv6Address)
        /// A message whose body is not decoded.
        case other
        /// The body is cut off.
        case missing
    }

    /// Whether the message reports a packet that was not delivered.
    public var isError: Bool {
        switch family {
        case .ipv4: [3, 4, 5, 11, 12].contains(type)
        case .ipv6: type < 128
        }
    }

    static func decode(_ family: AddressFamily, _ bytes: RawSpan, in extent: Extent, depth: Int) -> TransportResult {
        if let shortfall = extent.shortfall(of: 4) {
            return TransportResult(transport: .missing, rest: extent, completeness: shortfall)
        }
        let start = extent.start
        let (type, code) = (bytes.uint8(start), bytes.uint8(start + 1))
        func header(_ body: Body) -> ICMPHeader { ICMPHeader(family: family, type: type, code: code, body: body) }
        if let shortfall = extent.shortfall(of: 8) {
            return TransportResult(
                transport: .icmp(header(.missing)), rest: extent.dropping(4), completeness: shortfall)
        }
        let rest = extent.dropping(8)
        let (body, shortfall) = Body.decode(family, type: type, code: code, bytes, at: start, rest: rest)
        guard case .error = body, depth < Frame.maximumDepth else {
            return TransportResult(transport: .icmp(header(body)), rest: rest, completeness: shortfall ?? .complete)
        }
        return quote(header(body), bytes, in: rest, depth: depth)
    }

    /// The packet that an error quotes. Only its beginning is there, by design, and that is no fault of the error.
    private static func quote(_ header: ICMPHeader, _ bytes: RawSpan, in extent: Extent, depth: Int) -> TransportResult
    {
        var quoted = extent
        quoted.isPartial = true
        var ignored = Completeness.complete
        let packet =
            header.family == .ipv4
            ? IPPacket.decodeIPv4(bytes, in: quoted, depth: depth + 1, &ignored)
            : IPPacket.decodeIPv6(bytes, in: quoted, depth: depth + 1, &ignored)
        let transport = packet.map { Transport.icmpError(header, quoted: $0) } ?? .icmp(header)
        return TransportResult(transport: transport, rest: extent, completeness: extent.completeness)
    }
}

extension ICMPHeader.Body {
    fileprivate static func decode(
        _ family: AddressFamily, type: UInt8, code: UInt8, _ bytes: RawSpan, at start: Int, rest: Extent
    ) -> (ICMPHeader.Body, Completeness?) {
        switch (family, type) {
        case (.ipv4, 8), (.ipv6, 128):
            return (.echoRequest(identifier: bytes.uint16(start + 4), sequence: bytes.uint16(start + 6)), nil)
        case (.ipv4, 0), (.ipv6, 129):
            return (.echoReply(identifier: bytes.uint16(start + 4), sequence: bytes.uint16(start + 6)), nil)
        case (.ipv4, 3) where code == 4:
            return (.error(mtu: UInt32(bytes.uint16(start + 6))), nil)
        case (.ipv6, 2):
            return (.error(mtu: bytes.uint32(start + 4)), nil)
        case (.ipv4, 3), (.ipv4, 4), (.ipv4, 5), (.ipv4, 11), (.ipv4, 12), (.ipv6, 0..<128):
            return (.error(mtu: nil), nil)
        case (.ipv6, 135), (.ipv6, 136):
            if let shortfall = rest.shortfall(of: 16) { return (.missing, shortfall) }
            return (.neighbor(target: IPv6Address(rawValue: bytes.uint128(rest.start))), nil)
        default:
            return (.other, nil)
        }
    }
}
