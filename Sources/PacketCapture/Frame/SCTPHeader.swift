/// An SCTP common header and its first chunk's type (RFC 9260).
public struct SCTPHeader: Hashable, Sendable {
    /// The source port.
    public let sourcePort: UInt16
    /// The destination port.
    public let destinationPort: UInt16
    /// The verification tag; 0 in an INIT.
    public let verificationTag: UInt32
    /// The first chunk's type, or nil where no chunk was captured.
    public let firstChunk: ChunkType?

    /// A chunk type (RFC 9260, section 3.2).
    public struct ChunkType: RawRepresentable, Hashable, Sendable {
        /// The number.
        public let rawValue: UInt8

        /// Takes the number.
        public init(rawValue: UInt8) {
            self.rawValue = rawValue
        }

        /// DATA (0)
        public static let data = ChunkType(rawValue: 0)
        /// INIT (1)
        public static let initiation = ChunkType(rawValue: 1)
        /// INIT ACK (2)
        public static let initiationAcknowledgement = ChunkType(rawValue: 2)
        /// ABORT (6)
        public static let abort = ChunkType(rawValue: 6)
    }

    static func decode(_ bytes: RawSpan, in extent: Extent) -> TransportResult {
        if let shortfall = extent.shortfall(of: 12) { return Transport.cut(bytes, in: extent, shortfall) }
        let start = extent.start
        let chunks = extent.dropping(12)
        let chunkShortfall = chunks.shortfall(of: 4)
        let header = SCTPHeader(
            sourcePort: bytes.uint16(start), destinationPort: bytes.uint16(start + 2),
            verificationTag: bytes.uint32(start + 4),
            firstChunk: chunkShortfall == nil ? ChunkType(rawValue: bytes.uint8(chunks.start)) : nil)
        return TransportResult(transport: .sctp(header), rest: chunks, completeness: chunkShortfall ?? .complete)
    }
}

extension SCTPHeader.ChunkType: CustomStringConvertible {
    /// The name in RFC 9260, such as `INIT ACK`.
    public var description: String {
        let names = [
            "DATA", "INIT", "INIT ACK", "SACK", "HEARTBEAT", "HEARTBEAT ACK", "ABORT", "SHUTDOWN", "SHUTDOWN ACK",
            "ERROR", "COOKIE ECHO", "COOKIE ACK",
        ]
        return Int(rawValue) < names.count ? names[Int(rawValue)] : "chunk \(rawValue)"
    }
}
