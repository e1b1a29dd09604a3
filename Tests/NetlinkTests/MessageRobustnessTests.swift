import TestSupport
import Testing

@testable import Netlink

/// Whatever arrives, reading it ends and stays inside the bytes.
@Suite("Damaged messages")
struct MessageRobustnessTests {
    private static let names = ["link", "addr", "route4", "route6", "neigh", "fdb", "exists"]

    /// Reads everything that a datagram can be read as, and gives how much was found.
    private func read(_ datagram: ArraySlice<UInt8>) -> Int {
        var found = 0
        for message in ReceivedMessage.split(datagram) {
            #expect(message.payload.startIndex >= datagram.startIndex && message.payload.endIndex <= datagram.endIndex)
            found += 1
            if Link(message) != nil { found += 1 }
            if Address(message) != nil { found += 1 }
            if let route = Route(message) { found += route.nextHops.count }
            found += message.payload.string.isEmpty ? 0 : 1
            for (_, value) in Attributes(message.payload) {
                found += Attributes(value).reduce(0) { count, _ in count + 1 }
            }
        }
        return found
    }

    /// Has a handle read a datagram as the answer to every kind of conversation.
    private func converse(_ datagram: [UInt8]) {
        let transport = LoopbackTransport(datagram)
        let handle = RouteHandle(transport)
        let conversations: [() throws -> Void] = [
            { try handle.perform(.deleteLink("a")) }, { _ = try handle.links() }, { _ = try handle.addresses() },
            { _ = try handle.routes() }, { _ = try handle.neighbors() }, { _ = try handle.forwardingEntries() },
        ]
        for conversation in conversations {
            do {
                try conversation()
            } catch {
                #expect(error is NetlinkError)
            }
        }
    }

    @Test("every recorded datagram cut off anywhere is read as far as it goes")
    func truncation() throws {
        for name in Self.names {
            let datagram = try Recording.answer(name)[0]
            let whole = read(datagram[...])
            #expect(whole > 0)
            for length in stride(from: 0, to: datagram.count, by: datagram.count > 2000 ? 17 : 1) {
                #expect(read(datagram[..<length]) <= whole, "\(name) cut off at \(length)")
            }
        }
    }

    @Test("6,000 datagrams with damaged bytes and lengths neither trap nor hang")
    func mutation() throws {
        let seed: UInt64 = 0x0e71_14c4
        var generator = SeededGenerator(seed: seed)
        let datagrams = try Self.names.map { try Recording.answer($0)[0] }
        let extremes: [UInt8] = [0, 1, 3, 4, 5, 0x7f, 0x80, 0xff]
        for _ in 0..<6000 {
            var bytes = try #require(datagrams.randomElement(using: &generator))
            // A part of the long ones: the damage is to be near what is read.
            let start = ReceivedMessage.split(bytes[...]).randomElement(using: &generator)
            if let start { bytes = Array(bytes[(start.payload.startIndex - 16)..<start.payload.endIndex]) }
            for _ in 0..<Int.random(in: 1...6, using: &generator) {
                let place = Int.random(in: 0..<bytes.count, using: &generator)
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: bytes[place] = UInt8.random(in: 0...255, using: &generator)
                case 1: bytes[place] = extremes.randomElement(using: &generator) ?? 0
                default:
                    let word = Array(repeating: extremes.randomElement(using: &generator) ?? 0, count: 4)
                    bytes.replaceSubrange(place..<min(place + 4, bytes.count), with: word)
                }
                if bytes.isEmpty { break }
            }
            _ = read(bytes[...])
            converse(bytes)
        }
    }

    @Test("2,000 datagrams of random bytes neither trap nor hang")
    func noise() {
        let seed: UInt64 = 0x0d
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<2000 {
            let bytes = (0..<Int.random(in: 0...300, using: &generator)).map { _ in
                UInt8.random(in: 0...255, using: &generator) & (Bool.random(using: &generator) ? 0xff : 0x0f)
            }
            _ = read(bytes[...])
            converse(bytes)
        }
    }

    @Test("interface indexes, errnos and lengths at the ends of their types are read")
    func extremes() {
        let ones = [UInt8](repeating: 0xff, count: 64)
        for type in UInt16(0)...40 {
            let datagram =
                Bytes.of(UInt32(16 + ones.count)) + Bytes.of(type) + [0, 0] + Bytes.of(UInt32(1)) + [0, 0, 0, 0] + ones
            _ = read(datagram[...])
            converse(datagram)
        }
        converse(
            Bytes.of(UInt32(36)) + Bytes.of(UInt16(2)) + [0, 0] + Bytes.of(UInt32(1)) + [0, 0, 0, 0]
                + Bytes.of(Int32.min) + [UInt8](repeating: 0, count: 16))
    }
}

/// Answers everything with one datagram, its sequence numbers made to fit, and then with the end of a dump.
private final class LoopbackTransport: NetlinkTransport {
    private let datagram: [UInt8]
    private var sequence: [UInt8] = [0, 0, 0, 0]
    private var turn = 0

    init(_ datagram: [UInt8]) {
        self.datagram = datagram
    }

    func send(_ datagram: [UInt8]) throws(NetlinkError) {
        sequence = Array(datagram[8..<12])
        turn = 0
    }

    func receive() throws(NetlinkError) -> ArraySlice<UInt8> {
        turn += 1
        switch turn {
        case 1:
            var bytes = datagram
            if bytes.count >= 12 { bytes.replaceSubrange(8..<12, with: sequence) }
            return bytes[...]
        case 2:
            return (Bytes.of(UInt32(20)) + Bytes.of(UInt16(3)) + [2, 0] + sequence + [0, 0, 0, 0, 0, 0, 0, 0])[...]
        default: throw NetlinkError(.socket(errno: 110))
        }
    }
}
