import CLinux

/// The packets of one pcap_dispatch, filled by its callback.
struct Batch {
    let point: Int
    let snapLength: Int
    /// How many packets are still to be passed over: those that came before the capture was ready.
    var skipping: UInt32
    var packets: [CapturedPacket] = []

    init(point: Int, snapLength: Int, skipping: UInt32) {
        self.point = point
        self.snapLength = snapLength
        self.skipping = skipping
    }

    /// The callback: `user` points to the batch.
    static let append: pcap_handler = { user, header, bytes in
        guard let user, let header, let bytes else { return }
        UnsafeMutableRawPointer(user).assumingMemoryBound(to: Batch.self).pointee.append(header.pointee, bytes)
    }

    private mutating func append(_ header: pcap_pkthdr, _ bytes: UnsafePointer<u_char>) {
        guard skipping == 0 else {
            skipping -= 1
            return
        }
        // With nanosecond precision libpcap puts nanoseconds into tv_usec.
        let timestamp = UInt64(header.ts.tv_sec) &* 1_000_000_000 &+ UInt64(header.ts.tv_usec)
        packets.append(
            CapturedPacket(
                timestamp: timestamp, point: point, originalLength: Int(header.len),
                bytes: Array(UnsafeBufferPointer(start: bytes, count: min(Int(header.caplen), snapLength)))))
    }
}
