import CLinux

/// The reading thread's side of one point.
struct PointReader: Sendable {
    private let index: Int
    private let point: CapturePoint
    private let handle: CaptureHandle
    private var skipping: UInt32
    private var lastReceived: UInt32
    private var lastDropped: UInt32
    private var received = 0
    private var dropped = 0
    private var failure: String?
    private var isClosed = false

    /// How many packets were read and kept.
    private(set) var read = 0
    /// Whether there may be packets to read.
    var isReady = true

    /// How many packets are read before the other points have their turn.
    private static let batchLimit: Int32 = 4096

    init(_ index: Int, _ point: CapturePoint, _ handle: CaptureHandle) {
        self.index = index
        self.point = point
        self.handle = handle
        skipping = handle.receivedBefore &- handle.droppedBefore
        lastReceived = handle.receivedBefore
        lastDropped = handle.droppedBefore
    }

    /// How many packets the kernel had counted and kept at the last `count()`.
    var countedAndKept: Int { received - dropped }

    var statistics: CaptureStatistics {
        CaptureStatistics(point: point, received: received, dropped: dropped, read: read, failure: failure)
    }

    var pollDescriptor: pollfd {
        // A negative descriptor is passed over: a point that failed would be ready for ever.
        pollfd(fd: failure == nil && !isClosed ? handle.fileDescriptor : -1, events: Int16(POLLIN), revents: 0)
    }

    /// Asks the kernel for its counters.
    mutating func count() {
        guard !isClosed else { return }
        guard let (receivedNow, droppedNow) = handle.counters() else {
            failure = failure ?? handle.lastError
            return
        }
        received += Int(receivedNow &- lastReceived)
        dropped += Int(droppedNow &- lastDropped)
        (lastReceived, lastDropped) = (receivedNow, droppedNow)
    }

    /// The packets of one pcap_dispatch.
    mutating func nextBatch() -> [CapturedPacket] {
        guard !isClosed else {
            isReady = false
            return []
        }
        var batch = Batch(point: index, snapLength: point.snapLength, skipping: skipping)
        let status = withUnsafeMutablePointer(to: &batch) { batch in
            lab_pcap_dispatch(
                handle.pcap, Self.batchLimit, Batch.append,
                UnsafeMutableRawPointer(batch).assumingMemoryBound(to: u_char.self))
        }
        if status < 0 { failure = failure ?? handle.lastError }
        isReady = status >= Self.batchLimit
        skipping = batch.skipping
        read += batch.packets.count
        return batch.packets
    }

    /// Gives the handle up, to be closed; nil where that has been done. What the kernel has kept and nobody has read is
    /// waited for no longer.
    mutating func takeHandle() -> CaptureHandle? {
        guard !isClosed else { return nil }
        count()
        received = read + dropped
        isClosed = true
        return handle
    }
}

extension [PointReader] {
    private static var closingThreads: Int { 16 }

    /// Closes the handles on several threads: each waits some 25 ms for the kernel and keeps no processor busy.
    mutating func closeAll() {
        close(Array<Int>(indices))
    }

    /// Closes some of the handles. What the kernel had kept and nobody has read is gone, and waited for by nobody.
    mutating func close(_ places: [Int]) {
        let handles = places.compactMap { self[$0].takeHandle() }
        let stripes = Swift.min(handles.count, Self.closingThreads)
        let closeStripe: @Sendable (Int) -> Void = { stripe in
            for index in stride(from: stripe, to: handles.count, by: stripes) { handles[index].close() }
        }
        var threads: [CaptureThread] = []
        for stripe in 0..<stripes {
            if let thread = try? CaptureThread.start({ closeStripe(stripe) }) {
                threads.append(thread)
            } else {
                // No thread to be had: this one does the work.
                closeStripe(stripe)
            }
        }
        for thread in threads { thread.join() }
    }
}
