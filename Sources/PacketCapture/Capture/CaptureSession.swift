import Synchronization

/// Packets of many interfaces at once, read by one thread and kept until they are forgotten.
///
///     namespace A   eth0 --[ring]--+
///     namespace B   eth0 --[ring]--+--> reading thread --> packets, by point
///     underlay      br0  --[ring]--+
///
/// A test takes a mark, sends its probes, drains, and reads what came after the mark. The reading thread ends with
/// `close()`, or by itself when the last reference to the session is gone.
public final class CaptureSession: Sendable {
    private let reader: CaptureReader
    private let thread: Mutex<CaptureThread?>

    /// Starts reading.
    /// - Parameter captures: opened with `open(interface:name:description:options:)`. Each belongs to one session.
    /// - Throws: `CaptureError.handleInUse` or `.thread`.
    public init(_ captures: [OpenCapture]) throws(CaptureError) {
        let reader = try CaptureReader()
        self.reader = reader
        try reader.add(captures)
        thread = Mutex(try CaptureThread.start { reader.run() })
    }

    deinit {
        reader.stop()
        thread.withLock { thread in thread?.detach() }
    }

    /// The points, in the order in which they were given; `CapturedPacket.point` is an index into them.
    public var points: [CapturePoint] {
        reader.points
    }

    /// Takes in points that were opened later, such as a new pod's. Their indices follow those there are.
    /// - Throws: `CaptureError.handleInUse` or `.closed`.
    public func add(_ captures: [OpenCapture]) throws(CaptureError) {
        try reader.add(captures)
    }

    /// Stops capturing at some points, such as those of a pod that is about to go: an open capture keeps its namespace
    /// alive. Their indices and packets stay. Returns when they are closed.
    public func retire(_ points: Set<Int>) async {
        await reader.retire(points)
    }

    /// A place in the stream of packets.
    public struct Mark: Hashable, Sendable, Comparable {
        let position: Int

        /// Before the first packet.
        public static let start = Mark(position: 0)

        /// Whether the left mark was taken before the right one.
        public static func < (left: Mark, right: Mark) -> Bool { left.position < right.position }
    }

    /// The place behind the packets read so far. Packets that the kernel has counted and not handed over yet come
    /// behind it; where those would be taken for later ones, drain first.
    public func mark() -> Mark {
        reader.store.withLock { Mark(position: $0.end) }
    }

    /// The packets behind a mark, of all points, in the order of their timestamps. Those before the last
    /// `forget(before:)` are gone.
    public func packets(since mark: Mark = .start) -> [CapturedPacket] {
        // The points are read one after the other, so that arrival here is not the order in time.
        reader.store.withLock { $0.packets(since: mark.position) }.sorted { $0.timestamp < $1.timestamp }
    }

    /// The packets behind a mark, as `packets(since:)` gives them, and the place behind the last of them: asking from there
    /// the next time misses none.
    public func news(since mark: Mark) -> (packets: [CapturedPacket], end: Mark) {
        let (packets, end) = reader.store.withLock { ($0.packets(since: mark.position), Mark(position: $0.end)) }
        return (packets.sorted { $0.timestamp < $1.timestamp }, end)
    }

    /// Frees the packets before a mark.
    public func forget(before mark: Mark) {
        reader.store.withLock { $0.forget(before: mark.position) }
    }

    /// Returns once every packet that the kernel has counted up to the call has been read.
    ///
    /// The kernel's count of packets kept (received less dropped) is compared with the number read, point by point; no
    /// packet is sent and nothing is waited for but the kernel's handing over, at most the points' block timeout. A
    /// packet is counted when it passes the interface: what was sent before the call and has crossed the veth is in.
    /// Packets dropped for want of room never come, are not waited for, and are reported: check `dropped`.
    /// - Parameter limit: how long to wait at most.
    /// - Returns: the statistics of all points at the end.
    /// - Throws: `CaptureError.notDrained` with the points that lag, `CaptureError.closed`.
    @discardableResult
    public func drain(within limit: Duration = .seconds(5)) async throws(CaptureError) -> [CaptureStatistics] {
        try await reader.request(within: limit)
    }

    /// The statistics of all points now.
    /// - Throws: `CaptureError.closed`.
    public func statistics() async throws(CaptureError) -> [CaptureStatistics] {
        try await reader.request(within: nil)
    }

    /// Ends the reading thread and closes all handles, several at once since each takes the kernel some 25 ms. The
    /// packets stay readable. May be called again.
    public func close() async {
        await reader.finish()
        thread.withLock { thread in
            thread?.join()
            thread = nil
        }
    }
}
