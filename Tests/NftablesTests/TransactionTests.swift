import Addressing
import Testing

@testable import Netlink
@testable import Nftables

@Suite("The bytes of a transaction")
struct TransactionTests {
    private func transaction(_ table: Table, firstSequence: UInt32 = 7) throws -> Transaction {
        try table.validate()
        var transaction = Transaction(firstSequence: firstSequence)
        try transaction.delete(table.identity)
        try transaction.add(table)
        transaction.end()
        return transaction
    }

    private func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// Recorded where nft listed the result as its own. nft sends the same attributes (`nft --debug=mnl`), and table flags
    /// of 0 and a set's identifier with its elements besides.
    @Test("tables, sets and elements are encoded as nft encodes them")
    func recorded() throws {
        let marks = NamedSet(
            "m2", key: [.mark, .port], comment: "hello", elements: [SetElement([.mark(0x11), .port(80)])])
        let ports = NamedMap(
            "p", key: [.port], content: .data([.port]),
            elements: [MapElement([.port(80)], .data([.port(8080)]), comment: "a")])
        let table = Table(.inet, "t", comment: "c c", sets: [marks], maps: [ports])
        let messages = ReceivedMessage.split(try transaction(table).datagram[...])
        // nfgenmsg of NFPROTO_INET, and the table's name.
        let start = "01000000" + "0600010074000000"
        let set = "070002006d320000"
        let map = "0600020070000000"
        let comment = "0a000600" + "0004632063000000"
        // Flags, key type and length, identifier, user data: the key's byte order and the comment.
        let setBody =
            "0800030000000000" + "08000400000004cd" + "0800050000000008" + "08000a0000000001"
            + "12000d00" + "000400000000" + "070668656c6c6f000000"
        // Flags, key type and length, data type and length, identifier, user data: both byte orders.
        let mapBody =
            "0800030000000008" + "080004000000000d" + "0800050000000002" + "080006000000000d" + "0800070000000002"
            + "08000a0000000002" + "10000d00" + "000402000000" + "010402000000"
        #expect(
            messages.map { "\($0.type & 0xff) \(hexadecimal($0.payload))" } == [
                "16 0000000a", "0 \(start)", "2 \(start)", "0 \(start)\(comment)", "9 \(start)\(set)\(setBody)",
                "9 \(start)\(map)\(mapBody)",
                "12 01000000\(set)0600010074000000" + "18000380" + "14000180" + "10000180" + "0c000100"
                    + "1100000000500000",
                "12 01000000\(map)0600010074000000" + "28000380" + "24000180" + "0c000180" + "0600010000500000"
                    + "0c000280" + "060001001f900000" + "08000600" + "00026100",
                "17 0000000a",
            ])
    }

    @Test("every message has a sequence number of its own, and only the last asks for an answer")
    func sequences() throws {
        let transaction = try transaction(try sampleInetTable(), firstSequence: .max - 3)
        let messages = ReceivedMessage.split(transaction.datagram[...])
        #expect(messages.map(\.sequence) == messages.indices.map { (UInt32.max - 3) &+ UInt32($0) })
        let asking = messages.indices.filter { messages[$0].flags & NftablesConstants.acknowledge != 0 }
        #expect(asking == [messages.count - 2])
        #expect(messages.count == transaction.messages.count + 2)
        for (index, message) in transaction.messages.enumerated() {
            #expect(transaction.index(of: messages[index + 1].sequence) == index)
            #expect(!message.range.isEmpty)
        }
        #expect(transaction.index(of: transaction.firstSequence) == nil)
    }

    @Test("rules come after the sets that they name, and elements last")
    func order() throws {
        let types = ReceivedMessage.split(try transaction(try sampleInetTable()).datagram[...]).map { $0.type & 0xff }
        let kinds = types.reduce(into: [UInt16]()) { if $0.last != $1 { $0.append($1) } }
        // begin, new table, delete table, new table, sets, chains, rules, elements, end
        #expect(kinds == [16, 0, 2, 0, 9, 3, 6, 12, 17])
    }

    @Test(
        "elements of any size fit their messages: each holds what its length says, and all arrive in order",
        arguments: [1, 4])
    func chunks(fields: Int) throws {
        let comment = String(repeating: "x", count: 128)
        let elements = (0..<3000).map { index in
            SetElement(
                (0..<fields).map { .address(.v6(IPv6Address(rawValue: UInt128(index * 8 + $0)))) }, comment: comment)
        }
        let set = NamedSet("s", key: Array(repeating: .ipv6Address, count: fields), elements: elements)
        let transaction = try transaction(Table(.ip6, "t", sets: [set]))
        var keys: [ArraySlice<UInt8>] = []
        for message in ReceivedMessage.split(transaction.datagram[...]) where message.type & 0xff == 12 {
            let list = try #require(message.attributes(after: UInt32.self).first { $0.type == 3 })
            #expect(message.payload.count - 4 >= list.value.count)
            for element in Attributes(list.value) {
                let key = try #require(Attributes(element.value).first { $0.type == 1 })
                keys.append(try #require(Attributes(key.value).first { $0.type == 1 }).value)
            }
        }
        #expect(keys.map { Array($0) } == elements.map(\.key.bytes))
    }
}
