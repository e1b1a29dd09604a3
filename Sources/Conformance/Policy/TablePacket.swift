import Addressing
import PacketCapture

/// The first packet of a flow, from the transport header on, as a raw socket sends it: the kernel routes it and writes the
/// IP header, and whoever is asked answers as to any program.
///
/// A TCP flow is a SYN (RFC 9293). The receiver's kernel answers it before any program has to accept, and the sender's
/// kernel ends at once what it knows of no socket: thousands of probes leave nothing behind.
enum TablePacket {
    static func bytes(_ key: FlowKey, token: ProbeToken) -> [UInt8] {
        switch key.transport {
        case .tcp: synchronize(key, token)
        case .sctp:
            SCTPInit.packet(
                sourcePort: key.sourcePort, destinationPort: key.destinationPort, initiateTag: token.initiateTag)
        default: datagram(key, Array("seen \(token)".utf8))
        }
    }

    /// Source port, destination port, sequence number, acknowledgement 0, data offset 6, SYN, window, checksum, urgent 0,
    /// and the option maximum segment size.
    private static func synchronize(_ key: FlowKey, _ token: ProbeToken) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(big: key.sourcePort)
        bytes.append(big: key.destinationPort)
        bytes.append(big: token.initialSequence)
        bytes.append(big: UInt32(0))
        bytes += [6 << 4, TCPHeader.Flags.syn.rawValue]
        bytes.append(big: UInt16(64_000))
        bytes.append(big: UInt32(0))
        bytes += [2, 4]
        bytes.append(big: UInt16(1200))
        bytes.fillInChecksum(of: key, at: 16)
        return bytes
    }

    /// Source port, destination port, length, checksum (RFC 768).
    private static func datagram(_ key: FlowKey, _ payload: [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(big: key.sourcePort)
        bytes.append(big: key.destinationPort)
        bytes.append(big: UInt16(8 + payload.count))
        bytes.append(big: UInt16(0))
        bytes += payload
        bytes.fillInChecksum(of: key, at: 6)
        return bytes
    }
}

extension [UInt8] {
    fileprivate mutating func append(big value: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: value.bigEndian) { self += $0 }
    }

    /// The ones' complement sum over a pseudo header and this segment (RFC 9293, RFC 8200), written into it.
    fileprivate mutating func fillInChecksum(of key: FlowKey, at place: Int) {
        var sum = UInt64(key.transport.rawValue) + UInt64(count)
        sum += Self.sum(key.source.bytes) + Self.sum(key.destination.bytes) + Self.sum(self)
        while sum >> 16 != 0 { sum = sum & 0xffff + sum >> 16 }
        // In UDP 0 would say that there is none.
        let checksum = sum == 0xffff ? 0xffff : ~UInt16(truncatingIfNeeded: sum)
        self[place] = UInt8(checksum >> 8)
        self[place + 1] = UInt8(truncatingIfNeeded: checksum)
    }

    private static func sum(_ bytes: [UInt8]) -> UInt64 {
        var sum: UInt64 = 0
        for (index, byte) in bytes.enumerated() { sum += index.isMultiple(of: 2) ? UInt64(byte) << 8 : UInt64(byte) }
        return sum
    }
}
