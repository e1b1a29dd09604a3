import Addressing
import KubernetesModel

extension Arrival {
    /// Reads an Ethernet frame with a TCP SYN or a UDP datagram; nil for everything else.
    init?(frame: ArraySlice<UInt8>) {
        let frame = Array(frame)
        guard frame.count > 14 else { return nil }
        let isIPv6 = frame[12] == 0x86
        let header = isIPv6 ? 40 : Int(frame[14] & 0xf) * 4
        let number = isIPv6 ? 20 : 23
        let (first, length) = isIPv6 ? (22, 16) : (26, 4)
        let start = 14 + header
        guard frame.count >= start + 8, number < start,
            let source = IPAddress(bytes: frame[first..<first + length]),
            let destination = IPAddress(bytes: frame[first + length..<first + 2 * length])
        else { return nil }
        switch frame[number] {
        case 6:
            // SYN without ACK
            guard frame.count > start + 13, frame[start + 13] & 0x12 == 0x02 else { return nil }
            transport = .tcp
        case 17: transport = .udp
        default: return nil
        }
        func port(_ offset: Int) -> UInt16 { UInt16(frame[start + offset]) << 8 | UInt16(frame[start + offset + 1]) }
        self.source = SocketName(source, port(0))
        self.destination = SocketName(destination, port(2))
    }
}
