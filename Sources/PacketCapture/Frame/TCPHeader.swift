/// A TCP header (RFC 9293).
public struct TCPHeader: Hashable, Sendable {
    /// The source port.
    public let sourcePort: UInt16
    /// The destination port.
    public let destinationPort: UInt16
    /// The sequence number.
    public let sequence: UInt32
    /// The acknowledgement number; means something with `Flags.ack` only.
    public let acknowledgement: UInt32
    /// The control bits.
    public let flags: Flags
    /// The receive window, unscaled.
    public let window: UInt16

    /// The control bits, in the order of RFC 9293.
    public struct Flags: OptionSet, Hashable, Sendable {
        /// The bits.
        public let rawValue: UInt8

        /// Takes the bits.
        public init(rawValue: UInt8) {
            self.rawValue = rawValue
        }

        /// The sender has no more data.
        public static let fin = Flags(rawValue: 1)
        /// Opens a connection.
        public static let syn = Flags(rawValue: 2)
        /// Refuses or ends a connection at once.
        public static let rst = Flags(rawValue: 4)
        /// The data should be handed over without waiting.
        public static let psh = Flags(rawValue: 8)
        /// The acknowledgement number counts.
        public static let ack = Flags(rawValue: 16)
        /// The urgent pointer counts.
        public static let urg = Flags(rawValue: 32)
        /// ECN echo (RFC 3168)
        public static let ece = Flags(rawValue: 64)
        /// Congestion window reduced (RFC 3168)
        public static let cwr = Flags(rawValue: 128)
    }

    static func decode(_ bytes: RawSpan, in extent: Extent) -> TransportResult {
        if let shortfall = extent.shortfall(of: 20) { return Transport.cut(bytes, in: extent, shortfall) }
        let start = extent.start
        let header = TCPHeader(
            sourcePort: bytes.uint16(start), destinationPort: bytes.uint16(start + 2),
            sequence: bytes.uint32(start + 4), acknowledgement: bytes.uint32(start + 8),
            flags: Flags(rawValue: bytes.uint8(start + 13)), window: bytes.uint16(start + 14))
        let length = Int(bytes.uint8(start + 12) >> 4) * 4
        let completeness = length < 20 ? .malformed : extent.shortfall(of: length) ?? .complete
        return TransportResult(
            transport: .tcp(header), rest: extent.dropping(max(20, length)), completeness: completeness)
    }
}
