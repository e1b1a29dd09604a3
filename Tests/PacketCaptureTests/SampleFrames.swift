import Addressing

/// Frames put together byte by byte from the RFCs' pictures, independently of the decoder.
enum Sample {
    static let clientMAC: [UInt8] = [0x02, 0, 0, 0, 0, 0x01]
    static let serverMAC: [UInt8] = [0x02, 0, 0, 0, 0, 0x02]

    static func big<Value: FixedWidthInteger>(_ value: Value) -> [UInt8] {
        withUnsafeBytes(of: value.bigEndian) { Array($0) }
    }

    static func address(_ text: String) -> [UInt8] { IPAddress(text)?.bytes ?? [] }

    static func checksum(_ bytes: [UInt8]) -> [UInt8] {
        let padded = bytes.count.isMultiple(of: 2) ? bytes : bytes + [0]
        var sum: UInt32 = 0
        for index in stride(from: 0, to: padded.count, by: 2) {
            sum += UInt32(padded[index]) << 8 + UInt32(padded[index + 1])
            sum = sum & 0xffff + sum >> 16
        }
        return big(~UInt16(truncatingIfNeeded: sum))
    }

    static func ethernet(_ type: UInt16, _ payload: [UInt8], tags: [UInt16] = []) -> [UInt8] {
        serverMAC + clientMAC + tags.flatMap { big(UInt16(0x8100)) + big($0) } + big(type) + payload
    }

    static func ipv4(
        _ source: String, _ destination: String, _ transport: UInt8, _ payload: [UInt8], identification: UInt16 = 7,
        fragment: UInt16 = 0x4000, options: [UInt8] = [], tos: UInt8 = 0, ttl: UInt8 = 64
    ) -> [UInt8] {
        var header: [UInt8] = [0x45 + UInt8(options.count / 4), tos]
        header += big(UInt16(20 + options.count + payload.count)) + big(identification) + big(fragment)
        header += [ttl, transport, 0, 0] + address(source) + address(destination) + options
        header.replaceSubrange(10..<12, with: checksum(header))
        return header + payload
    }

    static func ipv6(_ source: String, _ destination: String, _ next: UInt8, _ payload: [UInt8]) -> [UInt8] {
        [0x62, 0xe1, 0x23, 0x45] + big(UInt16(payload.count)) + [next, 63] + address(source) + address(destination)
            + payload
    }

    /// Fills the checksum at an offset of a segment, over it and the pseudo header.
    static func summed(
        _ segment: [UInt8], at offset: Int, _ transport: UInt8, from source: String, to destination: String
    ) -> [UInt8] {
        let pseudo = address(source) + address(destination) + big(UInt32(segment.count)) + [0, 0, 0, transport]
        var segment = segment
        segment.replaceSubrange(offset..<offset + 2, with: checksum(pseudo + segment))
        return segment
    }

    static func tcp(_ flags: UInt8, sequence: UInt32 = 1, payload: [UInt8] = []) -> [UInt8] {
        // MSS 1460 as an option: a header of 24 bytes.
        big(UInt16(41234)) + big(UInt16(8080)) + big(sequence) + big(UInt32(99)) + [0x60, flags] + big(UInt16(64240))
            + [0, 0, 0, 0] + [2, 4, 5, 0xb4] + payload
    }

    static func udp(_ source: UInt16, _ destination: UInt16, _ payload: [UInt8], length: UInt16? = nil) -> [UInt8] {
        big(source) + big(destination) + big(length ?? UInt16(8 + payload.count)) + [0, 0] + payload
    }

    static func echo(_ type: UInt8, identifier: UInt16, sequence: UInt16) -> [UInt8] {
        var message = [type, 0, 0, 0] + big(identifier) + big(sequence) + Array("probe 17".utf8)
        if type == 8 || type == 0 { message.replaceSubrange(2..<4, with: checksum(message)) }
        return message
    }

    static let podA = "10.244.1.5"
    static let podB = "10.244.2.3"
    static let podA6 = "fd00:10:244:1::5"
    static let podB6 = "fd00:10:244:2::3"

    static let tcp4 = ethernet(
        0x0800, ipv4(podA, podB, 6, summed(tcp(0x02), at: 16, 6, from: podA, to: podB)))
    static let tcp6 = ethernet(
        0x86dd,
        ipv6(podA6, podB6, 6, summed(tcp(0x18, payload: Array("hello".utf8)), at: 16, 6, from: podA6, to: podB6)))
    static let udp4 = ethernet(
        0x0800, ipv4(podA, podB, 17, summed(udp(5000, 53, [1, 2, 3]), at: 6, 17, from: podA, to: podB), tos: 0xb8))
    static let udp6 = ethernet(0x86dd, ipv6(podA6, podB6, 17, udp(5000, 53, [1, 2, 3])))
    static let sctp4 = ethernet(
        0x0800, ipv4(podA, podB, 132, big(UInt16(7)) + big(UInt16(9)) + big(UInt32(0)) + [0, 0, 0, 0] + [1, 0, 0, 4]))
    static let arpRequest = ethernet(
        0x0806,
        [0, 1, 8, 0, 6, 4, 0, 1] + clientMAC + address(podA) + [0, 0, 0, 0, 0, 0] + address(podB))
    static let ping4 = ethernet(0x0800, ipv4(podA, podB, 1, echo(8, identifier: 300, sequence: 2)))
    static let ping6 = ethernet(
        0x86dd,
        ipv6(podA6, podB6, 58, summed(echo(128, identifier: 300, sequence: 2), at: 2, 58, from: podA6, to: podB6)))
    static let tagged = ethernet(0x0800, ipv4(podA, podB, 17, udp(1, 2, [])), tags: [0x6005, 0x0007])
    static let withOptions = ethernet(0x0800, ipv4(podA, podB, 6, tcp(0x10), options: [0x94, 4, 0, 0]))

    /// Port unreachable from pod B about a UDP datagram of pod A, quoted with 8 bytes of its data.
    static let refused4 = ethernet(
        0x0800,
        ipv4(podB, podA, 1, [3, 3, 0, 0, 0, 0, 0, 0] + ipv4(podA, podB, 17, udp(5000, 81, Array(0..<100))).prefix(36)))
    static let tooBig6 = ethernet(
        0x86dd,
        ipv6("fd00::1", podA6, 58, [2, 0, 0, 0] + big(UInt32(1400)) + ipv6(podA6, podB6, 6, tcp(0x10))))
    static let neighborSolicitation = ethernet(
        0x86dd, ipv6("fe80::1", "ff02::1:ff00:3", 58, [135, 0, 0, 0, 0, 0, 0, 0] + address(podB6)))

    static let firstFragment4 = ethernet(
        0x0800, ipv4(podA, podB, 17, udp(5000, 53, Array(0..<24), length: 3008), identification: 77, fragment: 0x2000))
    static let laterFragment4 = ethernet(
        0x0800, ipv4(podA, podB, 17, Array(0..<16), identification: 77, fragment: 0x00b9))
    /// Hop-by-hop, routing, destination options, then a fragment header.
    static let extensions6 = ethernet(
        0x86dd,
        ipv6(
            podA6, podB6, 0,
            [43, 0, 1, 4, 0, 0, 0, 0] + [60, 0, 4, 0, 0, 0, 0, 0] + [44, 1] + [UInt8](repeating: 0, count: 14)
                + [17, 0, 0, 1, 0, 0, 0x12, 0x34] + udp(5000, 53, [9, 9], length: 2000)))
    static let vxlan4 = ethernet(
        0x0800,
        ipv4("192.168.1.10", "192.168.1.11", 17, udp(55555, 8472, [8, 0, 0, 0, 0, 0, 1, 0] + tcp4), fragment: 0))
    static let vxlan6 = ethernet(
        0x86dd, ipv6("fd00:1::10", "fd00:1::11", 17, udp(55555, 4789, [8, 0, 0, 0, 0xab, 0xcd, 0xef, 0] + ping6)))

    static let all: [(name: String, bytes: [UInt8])] = [
        ("TCP", tcp4), ("TCP over IPv6", tcp6), ("UDP", udp4), ("UDP over IPv6", udp6), ("SCTP", sctp4),
        ("ARP", arpRequest), ("ping", ping4), ("ping over IPv6", ping6), ("two tags", tagged), ("options", withOptions),
        ("port unreachable", refused4), ("packet too big", tooBig6), ("neighbor solicitation", neighborSolicitation),
        ("first fragment", firstFragment4), ("later fragment", laterFragment4), ("extension headers", extensions6),
        ("VXLAN", vxlan4), ("VXLAN over IPv6", vxlan6),
    ]
}
