/// The packets read so far, numbered from the first of the session on.
struct PacketStore: Sendable {
    private var packets: [CapturedPacket] = []
    /// The number of the first packet that is still held.
    private var first = 0

    /// The number of the next packet.
    var end: Int { first + packets.count }

    mutating func append(_ batch: [CapturedPacket]) {
        packets.append(contentsOf: batch)
    }

    func packets(since position: Int) -> ArraySlice<CapturedPacket> {
        packets[max(0, min(position - first, packets.count))...]
    }

    mutating func forget(before position: Int) {
        let count = max(0, min(position - first, packets.count))
        packets.removeFirst(count)
        first += count
    }
}
