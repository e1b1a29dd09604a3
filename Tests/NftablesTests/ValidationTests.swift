import Addressing
import Foundation
import Nftables
import Testing

@Suite("Tables as values")
struct ValidationTests {
    @Test(
        "a name or comment that would say something else as text is refused",
        arguments: ["", "1st", "a b", "a{", "a;b", "a\nb", "ä", String(repeating: "a", count: 256)])
    func names(name: String) {
        #expect(throws: NftablesError.self) { try Table(.ip, name).validate() }
        #expect(throws: NftablesError.self) { try Table(.ip, "t", sets: [NamedSet(name, key: [.port])]).validate() }
        #expect(throws: NftablesError.self) { try Table(.ip, "t", chains: [Chain(name)]).validate() }
        let jump = Chain("c", rules: [Rule([.verdict(.jump(name))])])
        #expect(throws: NftablesError.self) { try Table(.ip, "t", chains: [jump]).validate() }
    }

    @Test("comments of 128 bytes are taken; longer ones, quotation marks and control characters are refused")
    func comments() throws {
        try Table(.ip, "t", comment: String(repeating: "a", count: 128)).validate()
        for comment in [String(repeating: "a", count: 129), "a\"; }", "a\nb", "\0", ""] {
            #expect(throws: NftablesError.self) { try Table(.ip, "t", comment: comment).validate() }
            #expect(throws: NftablesError.self) {
                try Table(.ip, "t", chains: [Chain("c", rules: [Rule([.verdict(.drop)], comment: comment)])]).validate()
            }
        }
    }

    @Test("an element of another type than its set's is refused by its number")
    func elementTypes() throws {
        let elements = [SetElement([.port(1)]), SetElement([.mark(1)])]
        let table = Table(.ip, "t", sets: [NamedSet("s", key: [.port], elements: elements)])
        let error = #expect(throws: NftablesError.self) { try table.validate() }
        #expect(error?.description == "element 2 of set s in table ip t: 0x1 is no inet_service")
    }

    @Test("statements that do not fit their table, set or map are refused")
    func statements() throws {
        let address = Value.address(try ip("10.0.0.1"))
        let everything = try #require(CIDR("0.0.0.0/0"))
        let bad: [Statement] = [
            .match(.sourceAddress(.ip6), .address(try ip("::1"))), .match(.sourceAddress(.ip), .port(1)),
            .match(.sourceAddress(.ip), .prefix(everything)), .lookup([.destinationPort], set: "absent"),
            .lookup([.sourceAddress(.ip)], set: "ports"), .lookup([.destinationPort, .mark], set: "ports"),
            .verdictMap([.destinationPort], map: "data"), .verdictMap([.destinationPort], map: "ports"),
            .destinationNAT(.ip, [.destinationPort], map: "verdicts"),
            .destinationNAT(.ip6, [.destinationPort], map: "data"), .destinationNAT(.ip, [.mark], map: "data"),
        ]
        let good: [Statement] = [
            .match(.sourceAddress(.ip), address), .lookup([.destinationPort], set: "ports"),
            .verdictMap([.sourcePort], map: "verdicts"), .destinationNAT(.ip, [.destinationPort], map: "data"),
        ]
        func table(_ statement: Statement) -> Table {
            Table(
                .ip, "t", sets: [NamedSet("ports", key: [.port])],
                maps: [
                    NamedMap("data", key: [.port], content: .data([.ipv4Address, .port])),
                    NamedMap("verdicts", key: [.port], content: .verdict),
                ], chains: [Chain("c", rules: [Rule([statement])])])
        }
        for statement in good { try table(statement).validate() }
        for statement in bad {
            #expect(throws: NftablesError.self, "\(statement)") { try table(statement).validate() }
        }
    }

    @Test("keys of up to 64 bytes are taken")
    func keyLength() throws {
        try Table(.ip6, "t", sets: [NamedSet("s", key: Array(repeating: .ipv6Address, count: 4))]).validate()
        let long = Array(repeating: DataType.ipv6Address, count: 4) + [.port]
        #expect(throws: NftablesError.self) { try Table(.ip6, "t", sets: [NamedSet("s", key: long)]).validate() }
        #expect(throws: NftablesError.self) { try Table(.ip6, "t", sets: [NamedSet("s", key: [])]).validate() }
    }

    @Test("a table is the same after JSON and back", arguments: 1...20 as ClosedRange<UInt64>)
    func coding(seed: UInt64) throws {
        var generator = TableGenerator(seed: seed)
        for table in [generator.table(), try sampleInetTable()] {
            let data = try JSONEncoder().encode(table)
            #expect(try JSONDecoder().decode(Table.self, from: data) == table, "seed \(seed)")
            try table.validate()
        }
    }
}
