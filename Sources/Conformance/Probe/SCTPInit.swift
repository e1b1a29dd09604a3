/// An SCTP packet with an INIT chunk (RFC 9260, section 3.3.2), for kernels that do not speak SCTP themselves.
///
///     | source port | destination port | verification tag 0 | checksum |
///     | 1 | 0 | length 20 | initiate tag | window | streams out | in | initial TSN |
enum SCTPInit {
    /// The packet's bytes, from the common header on.
    static func packet(sourcePort: UInt16, destinationPort: UInt16, initiateTag: UInt32) -> [UInt8] {
        var bytes: [UInt8] = []
        func append(_ value: some FixedWidthInteger) { withUnsafeBytes(of: value.bigEndian) { bytes += $0 } }
        append(sourcePort)
        append(destinationPort)
        append(UInt32(0))
        append(UInt32(0))
        append(UInt8(1))
        append(UInt8(0))
        append(UInt16(20))
        append(initiateTag)
        append(UInt32(65536))
        append(UInt16(1))
        append(UInt16(1))
        append(initiateTag)
        // The checksum alone is in little-endian order (RFC 9260, appendix A).
        withUnsafeBytes(of: CRC32C.checksum(bytes).littleEndian) { bytes.replaceSubrange(8..<12, with: $0) }
        return bytes
    }
}

/// The Castagnoli CRC that SCTP uses (RFC 9260, appendix A): reflected polynomial 0x82f63b78.
enum CRC32C {
    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 1 ? value >> 1 ^ 0x82f6_3b78 : value >> 1 }
    }

    static func checksum(_ bytes: some Sequence<UInt8>) -> UInt32 {
        ~bytes.reduce(~0) { $0 >> 8 ^ table[Int(UInt8(truncatingIfNeeded: $0) ^ $1)] }
    }
}
