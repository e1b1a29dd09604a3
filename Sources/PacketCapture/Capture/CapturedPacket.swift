/// A packet as it was captured at one point.
public struct CapturedPacket: Hashable, Sendable {
    /// When the kernel saw it: nanoseconds since 1970-01-01 UTC (CLOCK_REALTIME).
    public let timestamp: UInt64
    /// Where: an index into `CaptureSession.points`.
    public let point: Int
    /// The frame's length on the wire in bytes.
    public let originalLength: Int
    /// The captured bytes, from the Ethernet header on, no more than the point's snap length.
    public let bytes: [UInt8]

    /// Makes a packet.
    public init(timestamp: UInt64, point: Int, originalLength: Int, bytes: [UInt8]) {
        self.timestamp = timestamp
        self.point = point
        self.originalLength = originalLength
        self.bytes = bytes
    }

    /// The frame, decoded anew at each call.
    public var frame: Frame {
        Frame.decode(bytes, originalLength: originalLength)
    }
}
