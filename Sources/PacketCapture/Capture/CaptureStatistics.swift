/// What one point captured and lost since it was opened.
public struct CaptureStatistics: Hashable, Sendable {
    /// The point.
    public let point: CapturePoint
    /// How many packets the kernel counted at the point, lost ones included; those the filter refused are not.
    public let received: Int
    /// How many of them were lost for want of room in the ring. A verdict over a capture with losses is inconclusive.
    public let dropped: Int
    /// How many were read.
    public let read: Int
    /// Why the point captures no more, as libpcap says it, such as that its interface is gone; nil while it does.
    public let failure: String?

    /// How many the kernel counted and kept that are not read yet.
    public var outstanding: Int { received - dropped - read }
}
