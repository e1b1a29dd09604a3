import Addressing

extension IPPacket {
    /// Whether the IPv4 header's checksum is right (RFC 1071), or nil for IPv6, which has none, and for a cut header.
    /// - Parameter bytes: the captured bytes that this packet was decoded from.
    public func headerChecksumIsValid(in bytes: [UInt8]) -> Bool? {
        guard header.family == .ipv4, headerRange.upperBound <= bytes.count,
            headerRange.count == Int(bytes[headerRange.lowerBound] & 15) * 4
        else { return nil }
        return InternetChecksum.folded(bytes[headerRange]) == 0xffff
    }

    /// Whether the TCP, UDP or ICMP checksum is right, or nil where that cannot be told: a fragment, a packet cut by
    /// the snap length, a protocol with another checksum, a UDP datagram without one.
    ///
    /// A packet that is still to be given its checksum by a device (offload) is captured with a wrong one.
    /// - Parameter bytes: the captured bytes that this packet was decoded from.
    public func transportChecksumIsValid(in bytes: [UInt8]) -> Bool? {
        guard completeness == .complete, !header.isFragment, payload.upperBound <= bytes.count else { return nil }
        let segment = bytes[headerRange.upperBound..<payload.upperBound]
        switch transport {
        case .icmp, .icmpError:
            return InternetChecksum.folded(segment, from: header.family == .ipv6 ? pseudoHeader(segment.count) : 0)
                == 0xffff
        case .udp, .vxlan:
            guard segment.dropFirst(6).prefix(2).contains(where: { $0 != 0 }) else { return nil }
            return InternetChecksum.folded(segment, from: pseudoHeader(segment.count)) == 0xffff
        case .tcp:
            return InternetChecksum.folded(segment, from: pseudoHeader(segment.count)) == 0xffff
        case .sctp, .ports, .fragment, .other, .missing:
            return nil
        }
    }

    /// The sum of the pseudo header (RFC 9293, section 3.1; RFC 8200, section 8.1).
    private func pseudoHeader(_ length: Int) -> UInt64 {
        let addresses = header.source.bytes + header.destination.bytes
        return InternetChecksum.sum(addresses[...]) + UInt64(header.transportProtocol.rawValue) + UInt64(length)
    }
}

/// The ones' complement sum of 16-bit words (RFC 1071).
private enum InternetChecksum {
    static func sum(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        var sum: UInt64 = 0
        for (index, byte) in bytes.enumerated() {
            sum += index.isMultiple(of: 2) ? UInt64(byte) << 8 : UInt64(byte)
        }
        return sum
    }

    static func folded(_ bytes: ArraySlice<UInt8>, from start: UInt64 = 0) -> UInt16 {
        var total = start + sum(bytes)
        while total >> 16 != 0 { total = total & 0xffff + total >> 16 }
        return UInt16(truncatingIfNeeded: total)
    }
}
