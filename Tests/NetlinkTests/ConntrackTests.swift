import Addressing
import TestSupport
import Testing

@testable import Netlink

@Suite("Connections as messages")
struct ConntrackTests {
    private typealias Answer = RecordedTransport.Answer

    private func ip(_ text: String) throws -> IPAddress { try #require(IPAddress(text)) }

    private func entry() throws -> ConntrackEntry {
        ConntrackEntry(
            transportProtocol: 17,
            original: ConntrackTuple(
                source: try ip("10.244.1.5"), sourcePort: 40_000, destination: try ip("10.96.0.10"), destinationPort: 53
            ),
            reply: ConntrackTuple(
                source: try ip("10.244.2.7"), sourcePort: 5353, destination: try ip("10.244.1.5"),
                destinationPort: 40_000),
            status: 0x1ea, zone: 7, identifier: 0x0102_0304)
    }

    /// A message of a dump, as the kernel lays it out.
    private func message(_ entry: ConntrackEntry) -> Answer {
        func tuple(_ tuple: ConntrackTuple) -> [UInt8] {
            let (source, destination) = tuple.source.family == .ipv4 ? (UInt16(1), UInt16(2)) : (3, 4)
            let addresses = attribute(source, tuple.source.bytes) + attribute(destination, tuple.destination.bytes)
            let ports =
                attribute(1, [entry.transportProtocol]) + attribute(2, Bytes.of(tuple.sourcePort.bigEndian))
                + attribute(3, Bytes.of(tuple.destinationPort.bigEndian))
            return attribute(0x8001, addresses) + attribute(0x8002, ports)
        }
        var payload: [UInt8] = [entry.family == .ipv4 ? 2 : 10, 0, 0, 0]
        payload += attribute(0x8001, tuple(entry.original)) + attribute(0x8002, tuple(entry.reply))
        payload +=
            attribute(3, Bytes.of(entry.status.bigEndian)) + attribute(12, Bytes.of(entry.identifier?.bigEndian ?? 0))
        payload += attribute(18, Bytes.of(entry.zone.bigEndian))
        return Answer(type: 0x100, flags: 2, payload: payload)
    }

    private func attribute(_ type: UInt16, _ value: [UInt8]) -> [UInt8] {
        let padding = [UInt8](repeating: 0, count: (4 - value.count % 4) % 4)
        return Bytes.of(UInt16(4 + value.count)) + Bytes.of(type) + value + padding
    }

    @Test("entries are read, those without ports and other protocols passed over, and each is given once")
    func dump() throws {
        let entry = try entry()
        var tcp = entry
        tcp.transportProtocol = 6
        var withoutPorts = message(entry)
        withoutPorts.payload = [2, 0, 0, 0] + attribute(0x8001, attribute(0x8002, attribute(1, [1])))
        let answers = [[message(entry), withoutPorts], [message(tcp), message(entry)], [Answer.done()]]
        let transport = RecordedTransport([{ _ in answers }, { _ in answers }])
        let handle = ConntrackHandle(transport)
        #expect(try handle.entries(family: .ipv4) == [entry, tcp])
        #expect(try handle.entries(family: .ipv4, transport: 6) == [tcp])
        let request = try #require(RecordedTransport.requests(transport.sent[0]).first)
        #expect(request.type == 0x101 && request.flags == 0x301)
        #expect(Array(request.payload) == [2, 0, 0, 0])
    }

    @Test("a deletion names the original direction, the zone and the identifier, as the kernel lays them out")
    func deletion() throws {
        let entry = try entry()
        let transport = RecordedTransport([
            { _ in [[.error(0, 0)]] }, { _ in [[.error(2, 0)]] }, { _ in [[.error(1, 0)]] },
        ])
        let handle = ConntrackHandle(transport)
        #expect(try handle.delete(entry))
        #expect(try handle.delete(entry) == false)
        #expect(throws: NetlinkError(.refused(errno: 1), index: 0)) { try handle.delete(entry) }
        let request = try #require(RecordedTransport.requests(transport.sent[0]).first)
        #expect(request.type == 0x102 && request.flags == 5)
        let original = Attributes(message(entry).payload.dropFirst(4)).first { $0.type == 1 }
        let expected: [UInt8] =
            [2, 0, 0, 0] + attribute(0x8001, Array(try #require(original).value)) + attribute(18, [0, 7])
            + attribute(12, [1, 2, 3, 4])
        #expect(Array(request.payload) == expected)
    }

    @Test("many deletions are sent together; what is gone is passed over, and what is refused thrown")
    func deletions() throws {
        let entries = Array(repeating: try entry(), count: 300)
        let transport = RecordedTransport([
            { count in [[.error(2, 3), .error(2, 4), .error(0, count - 1)]] }, { count in [[.error(0, count - 1)]] },
            { _ in [[.error(1, 7)]] },
        ])
        let handle = ConntrackHandle(transport)
        try handle.delete(entries)
        #expect(transport.sent.map { RecordedTransport.requests($0).count } == [256, 44])
        #expect(throws: NetlinkError.self) { try handle.delete(entries) }
    }

    @Test("2,000 random entries are read as they were written, and damaged ones neither trap nor hang")
    func property() throws {
        let seed: UInt64 = 0xc7
        var generator = SeededGenerator(seed: seed)
        func address(_ family: AddressFamily) -> IPAddress {
            family == .ipv4
                ? .v4(IPv4Address(rawValue: .random(in: 0...UInt32.max, using: &generator)))
                : .v6(IPv6Address(rawValue: .random(in: 0...UInt128.max, using: &generator)))
        }
        func tuple(_ family: AddressFamily) -> ConntrackTuple {
            ConntrackTuple(
                source: address(family), sourcePort: .random(in: 0...UInt16.max, using: &generator),
                destination: address(family), destinationPort: .random(in: 0...UInt16.max, using: &generator))
        }
        for _ in 0..<2000 {
            let family: AddressFamily = Bool.random(using: &generator) ? .ipv4 : .ipv6
            let entry = ConntrackEntry(
                transportProtocol: .random(in: 0...255, using: &generator), original: tuple(family),
                reply: tuple(family), status: .random(in: 0...UInt32.max, using: &generator),
                zone: .random(in: 0...UInt16.max, using: &generator),
                identifier: .random(in: 0...UInt32.max, using: &generator))
            let answer = message(entry)
            let whole = ReceivedMessage(type: 0x100, flags: 2, sequence: 1, payload: answer.payload[...])
            #expect(ConntrackEntry(whole) == entry, "seed \(seed)")
            var bytes = answer.payload
            for _ in 0..<4 {
                bytes[Int.random(in: 0..<bytes.count, using: &generator)] = .random(in: 0...255, using: &generator)
            }
            let damaged = bytes.prefix(Int.random(in: 0...bytes.count, using: &generator))
            _ = ConntrackEntry(ReceivedMessage(type: 0x100, flags: 2, sequence: 1, payload: damaged))
        }
    }

    @Test("an entry speaks of both directions")
    func description() throws {
        #expect(
            try entry().description
                == "udp 10.244.1.5:40000 > 10.96.0.10:53, reply 10.244.2.7:5353 > 10.244.1.5:40000")
    }
}
