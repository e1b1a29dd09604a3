import Addressing
import PacketCapture

@testable import Conformance

/// Makes frames of probes by hand, as captures would have them.
struct PacketBuilder {
    /// The frames so far, in order of time.
    private(set) var packets: [CapturedPacket] = []
    let points: [ObservationPoint]
    private var clock: UInt64 = 1_000_000

    init(points: [ObservationPoint]) {
        self.points = points
    }

    /// Captures an IP packet at the named points, one after the other. At each it comes in or goes out by the
    /// point's own station; `>` before a name means that it goes out.
    mutating func pass(_ packet: [UInt8], at names: String...) {
        for name in names {
            let isOutgoing = name.hasPrefix(">")
            let isTunnelled = name.hasSuffix("+")
            let plain = name.drop { $0 == ">" }.prefix { $0 != "+" }
            guard let index = points.firstIndex(where: { $0.name == plain }) else { continue }
            let bytes = isTunnelled ? Self.vxlan(packet) : packet
            capture(bytes, at: index, isOutgoing: isOutgoing)
        }
    }

    /// Captures a packet that only passes by: a frame between two strangers.
    mutating func overhear(_ packet: [UInt8], at name: String) {
        guard let index = points.firstIndex(where: { $0.name == name }) else { return }
        append(Self.frame(packet, from: Self.stranger, to: Self.other), at: index)
    }

    private mutating func capture(_ packet: [UInt8], at index: Int, isOutgoing: Bool) {
        let station = points[index].station ?? .zero
        append(
            Self.frame(packet, from: isOutgoing ? station : Self.stranger, to: isOutgoing ? Self.stranger : station),
            at: index)
    }

    private mutating func append(_ bytes: [UInt8], at index: Int) {
        clock += 1000
        packets.append(CapturedPacket(timestamp: clock, point: index, originalLength: bytes.count, bytes: bytes))
    }

    private static let stranger = MACAddress(rawValue: 0x0200_0000_00ff)
    private static let other = MACAddress(rawValue: 0x0200_0000_00fe)

    // MARK: Layers

    static func frame(_ packet: [UInt8], from source: MACAddress, to destination: MACAddress) -> [UInt8] {
        destination.bytes + source.bytes + (packet[0] >> 4 == 4 ? [0x08, 0x00] : [0x86, 0xdd]) + packet
    }

    static func ip(
        _ source: IPAddress, _ destination: IPAddress, _ number: UInt8, _ payload: [UInt8], id: UInt16 = 7,
        offset: Int = 0,
        more: Bool = false
    ) -> [UInt8] {
        switch source {
        case .v4:
            let fragment = UInt16(offset / 8) | (more ? 0x2000 : 0)
            return [0x45, 0] + word(20 + payload.count) + word(Int(id)) + word(Int(fragment)) + [64, number, 0, 0]
                + source.bytes
                + destination.bytes + payload
        case .v6:
            return [0x60, 0, 0, 0] + word(payload.count) + [number, 64] + source.bytes + destination.bytes + payload
        }
    }

    static func udp(_ source: Endpoint, _ destination: Endpoint, _ text: String) -> [UInt8] {
        let payload = Array(text.utf8)
        let header = word(Int(source.port)) + word(Int(destination.port)) + word(8 + payload.count) + [0, 0]
        return ip(source.address, destination.address, 17, header + payload)
    }

    static func tcp(_ source: Endpoint, _ destination: Endpoint, flags: UInt8, sequence: UInt32, _ text: String = "")
        -> [UInt8]
    {
        let header =
            word(Int(source.port)) + word(Int(destination.port)) + long(sequence) + long(0) + [
                0x50, flags, 1, 0, 0, 0, 0, 0,
            ]
        return ip(source.address, destination.address, 6, header + Array(text.utf8))
    }

    static func sctp(_ source: Endpoint, _ destination: Endpoint, tag: UInt32) -> [UInt8] {
        ip(
            source.address, destination.address, 132,
            SCTPInit.packet(sourcePort: source.port, destinationPort: destination.port, initiateTag: tag))
    }

    /// A destination unreachable that quotes a packet.
    static func unreachable(code: UInt8, from source: IPAddress, to destination: IPAddress, quoting packet: [UInt8])
        -> [UInt8]
    {
        let (type, number): (UInt8, UInt8) = source.family == .ipv4 ? (3, 1) : (1, 58)
        return ip(source, destination, number, [type, code, 0, 0, 0, 0, 0, 0] + packet.prefix(60))
    }

    private static func vxlan(_ packet: [UInt8]) -> [UInt8] {
        let inner = frame(packet, from: stranger, to: other)
        let header: [UInt8] = [8, 0, 0, 0, 0, 0, 1, 0]
        let length = 8 + header.count + inner.count
        let udp = word(50000) + word(8472) + word(length) + [0, 0] + header + inner
        return ip(Sample.node1, Sample.node2, 17, udp)
    }

    private static func word(_ value: Int) -> [UInt8] { [UInt8(value >> 8 & 255), UInt8(value & 255)] }
    private static func long(_ value: UInt32) -> [UInt8] { withUnsafeBytes(of: value.bigEndian) { Array($0) } }
}
