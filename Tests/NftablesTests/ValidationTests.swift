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

    @Test("statements of service proxies that do not fit their table, set or map are refused")
    func serviceStatements() throws {
        let address = Value.address(try ip("10.0.0.1"))
        let bad: [Statement] = [
            .matchMark(bits: 0, isSet: true), .setMark(bits: 0), .clearMark(bits: 0),
            .match(.connectionState, .connectionState([])),
            .match(.connectionState, .connectionState(.init(rawValue: 16))),
            .match(.connectionStatus, .connectionStatus([])), .match(.connectionStatus, .connectionState(.new)),
            .match(.inputInterface, .interface("")), .match(.inputInterface, .interface("*")),
            .match(.inputInterface, .interface("a b")), .match(.inputInterface, .interface("a/b")),
            .match(.inputInterface, .interface("a*b")), .match(.inputInterface, .interface("a\"b")),
            .match(.inputInterface, .interface("a123456789012345")), .match(.outputInterface, .interface("..")),
            .match(.random(modulus: 0), .mark(0)), .match(.originalDestinationAddress(.ip6), .address(try ip("::1"))),
            .update(set: "absent", [.destinationPort]), .update(set: "ports", [.destinationPort]),
            .update(set: "recent", [.mark]), .update(set: "recent", [.destinationPort], timeout: 0),
            .update(set: "untimed", [.destinationPort], timeout: 1),
            .updateMapFromPacket("affinity", [.sourceAddress(.ip)], data: [.destinationAddress(.ip)]),
            .updateMapFromPacket("data", [.destinationPort], data: [.destinationAddress(.ip), .destinationPort]),
            .updateMap("affinity", [.sourceAddress(.ip)], from: [.mark], map: "data"),
            .updateMap("affinity", [.sourceAddress(.ip)], from: [.destinationPort], map: "verdicts"),
            .updateMap("affinity", [.destinationPort], from: [.destinationPort], map: "data"),
            .anonymousVerdictMap(.mark, []), .anonymousVerdictMap(.mark, [VerdictElement(.port(1), .accept)]),
            .anonymousVerdictMap(.mark, [VerdictElement(.mark(1), .jump("a b"))]),
            .anonymousVerdictMap(.connectionStatus, [VerdictElement(.connectionStatus(.dying), .accept)]),
            .anonymousVerdictMap(.connectionState, [VerdictElement(.connectionState([.new, .related]), .accept)]),
            .anonymousVerdictMap(.inputInterface, [VerdictElement(.interface("a*"), .accept)]),
            .destinationNATTo(try ip("::1")),
        ]
        let good: [Statement] = [
            .matchMark(bits: 1, isSet: false), .match(.inputInterface, .interface("a12345678901234")),
            .match(.inputInterface, .interface("veth*")), .match(.originalDestinationAddress(.ip), address),
            .update(set: "recent", [.destinationPort], timeout: 1), .update(set: "untimed", [.destinationPort]),
            .updateMapFromPacket(
                "affinity", [.sourceAddress(.ip)], data: [.destinationAddress(.ip), .destinationPort]),
            .updateMap("affinity", [.sourceAddress(.ip)], timeout: 5, from: [.destinationPort], map: "data"),
            .anonymousVerdictMap(.random(modulus: 1), [VerdictElement(.mark(0), .accept)]),
            .destinationNATTo(try ip("10.0.0.1"), port: 80), .reject(.reset),
        ]
        func table(_ statement: Statement) -> Table {
            let target = NamedMap.Content.data([.ipv4Address, .port])
            return Table(
                .ip, "t",
                sets: [
                    NamedSet("ports", key: [.port]), NamedSet("untimed", key: [.port], flags: [.dynamic]),
                    NamedSet("recent", key: [.port], flags: [.dynamic, .timeout]),
                ],
                maps: [
                    NamedMap("data", key: [.port], content: target),
                    NamedMap("affinity", key: [.ipv4Address], content: target, flags: [.dynamic, .timeout]),
                    NamedMap("verdicts", key: [.port], content: .verdict),
                ], chains: [Chain("c", rules: [Rule([statement])])])
        }
        for statement in good { try table(statement).validate() }
        for statement in bad {
            #expect(throws: NftablesError.self, "\(statement)") { try table(statement).validate() }
        }
    }

    @Test("sets whose flags, times or ranges do not fit are refused")
    func setFlags() throws {
        let (low, high) = (SetElement([.port(1)], keyEnd: [.port(2)]), SetElement([.port(2)], keyEnd: [.port(1)]))
        let block = Value.prefix(try #require(CIDR("10.0.0.0/8")))
        let address = Value.address(try ip("10.0.0.1"))
        let bad = [
            NamedSet("s", key: [.port], flags: [.interval, .dynamic]), NamedSet("s", key: [.mark], flags: [.interval]),
            NamedSet("s", key: [.interfaceName], flags: [.interval]),
            NamedSet("s", key: [.port, .connectionState], flags: [.interval]), NamedSet("s", key: [.connectionStatus]),
            NamedSet("s", key: [.addressType]), NamedSet("s", key: [.port], timeout: 1),
            NamedSet("s", key: [.port], flags: [.timeout], timeout: 0), NamedSet("s", key: [.port], size: 0),
            NamedSet("s", key: [.port], elements: [low]),
            NamedSet("s", key: [.port], flags: [.interval], elements: [high]),
            NamedSet("s", key: [.port], elements: [SetElement([.port(1)], timeout: 1)]),
            NamedSet("s", key: [.port], flags: [.timeout], elements: [SetElement([.port(1)], timeout: 0)]),
            NamedSet("s", key: [.ipv4Address], elements: [SetElement([block])]),
            NamedSet("s", key: [.ipv4Address], flags: [.interval], elements: [SetElement([block], keyEnd: [address])]),
            NamedSet("s", key: [.ipv4Address], flags: [.interval], elements: [SetElement([address], keyEnd: [block])]),
            NamedSet(
                "s", key: [.ipv4Address], flags: [.interval],
                elements: [SetElement([address], keyEnd: [address, address])]),
            NamedSet("s", key: [.interfaceName], elements: [SetElement([.interface("a*")])]),
            NamedSet("s", key: [.connectionState], elements: [SetElement([.connectionState([.new, .related])])]),
            NamedSet(
                "s", key: [.interfaceName, .port], flags: [.interval],
                elements: [SetElement([.interface("a"), .port(1)], keyEnd: [.interface("b"), .port(1)])]),
        ]
        for set in bad {
            #expect(throws: NftablesError.self, "\(set)") { try Table(.ip, "t", sets: [set]).validate() }
        }
        let good = [
            NamedSet("s", key: [.port], flags: [.interval], elements: [low]),
            NamedSet("s", key: [.ipv4Address, .port], flags: [.interval], elements: [SetElement([block, .port(1)])]),
            NamedSet(
                "s", key: [.interfaceName, .port], flags: [.interval],
                elements: [SetElement([.interface("a"), .port(1)], keyEnd: [.interface("a"), .port(9)])]),
            NamedSet("s", key: [.port], flags: [.timeout, .interval], timeout: 1, size: 1),
        ]
        for set in good { try Table(.ip, "t", sets: [set]).validate() }
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
