import CLinux

/// An activated libpcap handle and its counters. One thread at a time uses it.
struct CaptureHandle: @unchecked Sendable {
    // Unchecked: libpcap's handle may move between threads, and only one owner holds this value:
    // first an `OpenCapture`, then the reading thread.
    let pcap: OpaquePointer
    let fileDescriptor: Int32
    /// The kernel's counters when the capture was ready. What they count is handed over and not kept.
    let receivedBefore: UInt32
    let droppedBefore: UInt32

    /// The kernel's counters. They are 32 bits wide and wrap around.
    func counters() -> (received: UInt32, dropped: UInt32)? {
        var statistics = pcap_stat()
        guard lab_pcap_stats(pcap, &statistics) == 0 else { return nil }
        return (statistics.ps_recv, statistics.ps_drop)
    }

    /// What libpcap says of its last failure.
    var lastError: String {
        lab_pcap_geterr(pcap).map { String(cString: $0) } ?? "unknown error"
    }

    func close() {
        lab_pcap_close(pcap)
    }
}
