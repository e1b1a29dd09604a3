import Addressing
import TestSupport
import Testing

@testable import PacketCapture

@Suite struct FrameRobustnessTests {
    /// Every range that a decoded frame hands out, those of the packets inside it included.
    private func ranges(of frame: Frame) -> [Range<Int>] {
        [frame.payload] + (frame.packet.map(ranges) ?? [])
    }

    private func ranges(of packet: IPPacket) -> [Range<Int>] {
        var all = [packet.headerRange, packet.payload]
        if let quoted = packet.quoted { all += ranges(of: quoted) }
        if case .vxlan(_, let vxlan) = packet.transport { all += ranges(of: vxlan.inner) }
        return all
    }

    private func isWithin(_ frame: Frame, _ count: Int) -> Bool {
        ranges(of: frame).allSatisfy { $0.lowerBound >= 0 && $0.upperBound <= count }
    }

    /// Whether a cut frame says nothing that the whole one does not say.
    private func agrees(_ part: Frame, _ whole: Frame) -> Bool {
        if let ethernet = part.ethernet, ethernet.destination != whole.ethernet?.destination { return false }
        switch (part.network, whole.network) {
        case (.missing, _), (.other, .other): return true
        case (.arp(let part), .arp(let whole)): return part == whole
        case (.ip(let part), .ip(let whole)): return agrees(part, whole)
        default: return false
        }
    }

    private func agrees(_ part: IPPacket, _ whole: IPPacket) -> Bool {
        guard part.header.source == whole.header.source, part.header.destination == whole.header.destination,
            part.header.totalLength == whole.header.totalLength,
            part.header.extensions.isSubset(of: whole.header.extensions)
        else { return false }
        switch (part.transport, whole.transport) {
        case (.missing, _): return true
        case (.ports(let source, let destination), let whole):
            return whole.ports?.source == source && whole.ports?.destination == destination
        case (.icmp(let part), .icmp(let whole)):
            return part.type == whole.type && part.code == whole.code
                && (part.body == whole.body || part.body == .missing)
        case (.icmp(let part), .icmpError(let whole, _)): return part == whole || part.body == .missing
        case (.icmpError(let part, let partQuote), .icmpError(let whole, let wholeQuote)):
            return part == whole && agrees(partQuote, wholeQuote)
        case (.udp(let part), .vxlan(let whole, _)): return part == whole
        case (.vxlan(let part, let partVXLAN), .vxlan(let whole, let wholeVXLAN)):
            return part == whole && partVXLAN.networkIdentifier == wholeVXLAN.networkIdentifier
                && agrees(partVXLAN.inner, wholeVXLAN.inner)
        case (.sctp(let part), .sctp(let whole)):
            return part.verificationTag == whole.verificationTag
                && (part.firstChunk == whole.firstChunk || part.firstChunk == nil)
        default: return part.transport == whole.transport
        }
    }

    @Test("a frame cut at any length says so, and says nothing that the whole frame does not", arguments: Sample.all)
    func truncation(name: String, bytes: [UInt8]) {
        let whole = Frame.decode(bytes)
        #expect(agrees(whole, whole) && isWithin(whole, bytes.count))
        for length in 0..<bytes.count {
            let part = Frame.decode(Array(bytes.prefix(length)), originalLength: bytes.count)
            #expect(part.completeness == .truncated, "\(name) cut to \(length): \(part)")
            #expect(isWithin(part, length), "\(name) cut to \(length)")
            #expect(agrees(part, whole), "\(name) cut to \(length): \(part)")
        }
    }

    @Test("a frame that ends early on the wire is never taken for a whole one", arguments: Sample.all)
    func shortFrame(name: String, bytes: [UInt8]) {
        for length in 0..<bytes.count {
            let part = Frame.decode(Array(bytes.prefix(length)))
            #expect(part.completeness != .complete, "\(name) of \(length): \(part)")
            #expect(isWithin(part, length), "\(name) of \(length)")
        }
    }

    @Test("no mutated frame traps the decoder or leads out of its bytes")
    func fuzz() {
        let seed: UInt64 = 0x5eed_0001
        var random = SeededGenerator(seed: seed)
        var counts: [Completeness: Int] = [:]
        for round in 0..<200_000 {
            var bytes = Sample.all[Int.random(in: 0..<Sample.all.count, using: &random)].bytes
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            if Bool.random(using: &random) { bytes.removeLast(Int.random(in: 0..<bytes.count, using: &random)) }
            let frame = Frame.decode(bytes, originalLength: Int.random(in: 0...2000, using: &random))
            counts[frame.completeness, default: 0] += 1
            if !isWithin(frame, bytes.count) || (round % 50 == 0 && frame.description.isEmpty) {
                Issue.record("seed \(seed) round \(round): \(bytes)")
                return
            }
        }
        #expect(counts.count == 3, "the mutations reach every outcome: \(counts)")
    }
}
