import Addressing
import TestSupport
import Testing

@testable import Netlink
@testable import Nftables

/// Whatever arrives, reading it ends and stays inside the bytes.
@Suite("Damaged answers of nftables")
struct ReadBackRobustnessTests {
    /// A message of elements of all kinds, as the kernel lays it out.
    private func message() throws -> [UInt8] {
        let container = NamedMap("m", key: [.ipv4Address, .port], content: .verdict, flags: [.interval])
            .container(in: TableIdentity(.ip, "t"))
        let ranges = NamedSet("s", key: [.port], flags: [.interval]).container(in: TableIdentity(.ip, "t"))
        let block = Value.prefix(try #require(CIDR("10.0.0.0/8")))
        return [UInt8](unsafeUninitializedCapacity: 4096) { memory, count in
            var writer = AttributeWriter(UnsafeMutableRawBufferPointer(memory))
            writer.write(UInt32(0x0000_0002))
            writer.attribute(NftablesConstants.elementsTable, "t")
            writer.nested(NftablesConstants.elementsAttribute) {
                let element = SetElement([block, .port(80)], timeout: 10, comment: "default/web")
                _ = $0.write(element, .verdict(.goto("chain")), of: container)
                _ = $0.write(element, .data([.port(1)]), of: container)
                _ = $0.write(SetElement([.port(1)], keyEnd: [.port(9)]), nil, of: ranges)
            }
            count = writer.count
        }
    }

    private func read(_ payload: ArraySlice<UInt8>, type: UInt16) -> Int {
        let message = ReceivedMessage(type: 10 << 8 | type, flags: 2, sequence: 1, payload: payload)
        var elements: [DumpedElement] = []
        DumpedElement.append(elementsOf: message, .ip, to: &elements)
        let table = TableIdentity(.ip, "t")
        let names = [TableDump.chain(message, table), TableDump.chain(ofRule: message, table)].compactMap { $0 }
        let sets = DumpedSet(message, .ip).map { [$0.elementCount] } ?? []
        let values = [true, false].flatMap { DumpedElement.joined(elements, isRanges: $0) }
            .compactMap {
                $0.key(as: [.ipv4Address, .port]) ?? $0.keyEnd(as: [.port]) ?? $0.data(as: [.interfaceName])
            }
        return elements.count + names.count + sets.count + values.count + (TableDump.table(message) == nil ? 0 : 1)
    }

    @Test("elements are read from the message that they are written to")
    func whole() throws {
        let payload = try message()
        let message = ReceivedMessage(type: 10 << 8 | 12, flags: 2, sequence: 1, payload: payload[...])
        var elements: [DumpedElement] = []
        DumpedElement.append(elementsOf: message, .ip, to: &elements)
        #expect(elements.map(\.isEnd) == [false, false, false, true])
        #expect(elements.map(\.verdict) == [.goto("chain"), nil, nil, nil])
        #expect(elements.map(\.comment) == ["default/web", "default/web", nil, nil])
        #expect(elements.map(\.timeout) == [10_000, 10_000, nil, nil])
        #expect(elements[1].data == [0, 1] && elements[0].keyEnd == [10, 255, 255, 255, 0, 80, 0, 0])
        let range = DumpedElement.joined(Array(elements.suffix(2)), isRanges: true)
        #expect(range.map { [$0.key(as: [.port]), $0.keyEnd(as: [.port])] } == [[[.port(1)], [.port(9)]]])
    }

    @Test("an answer cut off anywhere is read as far as it goes")
    func truncation() throws {
        let payload = try message()
        let all = read(payload[...], type: 12)
        for length in payload.indices { #expect(read(payload[..<length], type: 12) <= all, "cut off at \(length)") }
    }

    @Test("20,000 damaged answers of every type neither trap nor hang")
    func mutation() throws {
        let seed: UInt64 = 0x4f7
        var generator = SeededGenerator(seed: seed)
        let payload = try message()
        for _ in 0..<20_000 {
            var bytes = payload
            for _ in 0..<Int.random(in: 1...6, using: &generator) {
                let extremes: [UInt8] = [0, 1, 3, 4, 5, 0x7f, 0x80, 0xff, .random(in: 0...255, using: &generator)]
                let place = Int.random(in: 0..<bytes.count, using: &generator)
                bytes[place] = try #require(extremes.randomElement(using: &generator))
            }
            _ = read(bytes[...], type: try #require([0, 3, 6, 9, 12].randomElement(using: &generator)))
        }
    }

    @Test("user data of any bytes is read to its end")
    func userData() {
        var generator = SeededGenerator(seed: 0x0d)
        for _ in 0..<5000 {
            let bytes = (0..<Int.random(in: 0...40, using: &generator)).map { _ in
                UInt8.random(in: 0...9, using: &generator)
            }
            _ = UserData.comment(in: bytes[...])
        }
        #expect(UserData.comment(in: [9, 1, 0, 0, 3, 97, 98, 0][...]) == "ab")
        #expect(UserData.comment(in: [9, 1, 0][...]) == nil)
    }
}
