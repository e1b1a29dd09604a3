import Addressing
import Nftables
import Testing

/// A table with every statement and every kind of set that service proxies need, for a family of addresses.
///
/// - Parameter isText: Leaves out what nft 1.0.6 lists but does not read.
func sampleServiceTable(_ family: TableFamily, isText: Bool = false) throws -> Table {
    let networkProtocol: NetworkProtocol = family == .ip6 ? .ip6 : .ip
    let names =
        family == .ip6 ? ("fd00:96::10", "fd00:1::5", "fd00:1::/64") : ("10.96.0.10", "10.244.1.5", "10.244.0.0/16")
    let service = Value.address(try ip(names.0))
    let pod = Value.address(try ip(names.1))
    let block = Value.prefix(try #require(CIDR(names.2)))
    let address = DataType.address(networkProtocol)
    let (tcp, udp) = (Value.transportProtocol(6), Value.transportProtocol(17))
    let (source, destination) = (
        PacketExpression.sourceAddress(networkProtocol), PacketExpression.destinationAddress(networkProtocol)
    )
    let frontend: [PacketExpression] = [destination, .transportProtocol, .destinationPort]
    let sets = [
        NamedSet("clients", key: [address], flags: [.dynamic, .timeout], timeout: 10_800, size: 1000),
        NamedSet("seen", key: [address, .port], flags: [.dynamic], comment: "no timeout"),
        NamedSet("short", key: [.port], flags: [.timeout], elements: [SetElement([.port(80)], timeout: 3600)]),
        NamedSet(
            "blocks", key: [address], flags: [.interval],
            elements: [SetElement([block], comment: "pods"), SetElement([service])]),
        NamedSet(
            "ranges", key: [.port], flags: [.interval],
            elements: [
                SetElement([.port(0)], keyEnd: [.port(79)]), SetElement([.port(81)], keyEnd: [.port(8080)]),
                SetElement([.port(65_000)], keyEnd: [.port(65_535)]),
            ]),
        NamedSet(
            "allowed", key: [address, .transportProtocol, .port, address], flags: [.interval],
            elements: [
                SetElement([service, tcp, .port(80), block], comment: "default/web"),
                SetElement([service, udp, .port(53), pod], keyEnd: [service, udp, .port(54), pod]),
            ]),
        NamedSet("interfaces", key: [.interfaceName], elements: [SetElement([.interface("cni0")], comment: "bridge")]),
        NamedSet("states", key: [.connectionState], elements: [SetElement([.connectionState(.new)])]),
    ]
    let endpoint = NamedMap.Content.data([address, .port])
    let maps = [
        NamedMap(
            "endpoints", key: [address, .transportProtocol, .port, .mark], content: endpoint,
            elements: try (0..<2).map { number in
                MapElement(
                    [service, tcp, .port(80), .mark(UInt32(number))],
                    .data([.address(try #require(try ip(names.1).advanced(by: UInt128(number)))), .port(8080)]),
                    comment: "default/web")
            }),
        NamedMap(
            "by-source", key: [address], content: .verdict, flags: [.interval],
            elements: [
                MapElement([block], .verdict(.goto("one")), comment: "pods"), MapElement([service], .verdict(.drop)),
            ]),
        NamedMap(
            "affinity", key: [address, address, .transportProtocol, .port], content: endpoint,
            flags: [.dynamic, .timeout], timeout: 3600, size: 65_535,
            elements: [
                MapElement([pod, service, tcp, .port(80)], .data([pod, .port(8080)]), timeout: 3000, comment: "x")
            ]),
    ]
    var nat: [Rule] = [
        Rule([.match(.sourceAddressType, .addressType(.local)), .setMark(bits: 0x4000), .counter]),
        Rule([.lookup([.inputInterface], set: "interfaces"), .clearMark(bits: 0x4000)]),
        Rule([.lookup([destination, .transportProtocol, .destinationPort, source], set: "allowed"), .verdict(.return)]),
        Rule([.update(set: "clients", [source], timeout: 600)]),
        Rule([.match(.transportProtocol, udp), .update(set: "seen", [source, .destinationPort])]),
        Rule([
            .anonymousVerdictMap(
                .random(modulus: 3),
                [
                    VerdictElement(.mark(0), .goto("one")), VerdictElement(.mark(1), .jump("two")),
                    VerdictElement(.mark(2), .return),
                ])
        ]),
        Rule([
            .anonymousVerdictMap(.transportProtocol, [VerdictElement(tcp, .jump("one")), VerdictElement(udp, .drop)])
        ]),
        Rule([.match(destination, service), .destinationNATTo(try ip(names.1))]),
        Rule([.match(.transportProtocol, tcp), .destinationNATTo(try ip(names.1), port: 8080)]),
        Rule([
            .destinationNAT(
                networkProtocol, [source, destination, .transportProtocol, .destinationPort], map: "affinity")
        ]),
    ]
    let learning: [Rule] = [
        Rule([
            .match(.connectionState, .connectionState(.new)),
            .match(.connectionStatus, .connectionStatus(.destinationNAT)),
            .updateMapFromPacket(
                "affinity",
                [source, .originalDestinationAddress(networkProtocol), .transportProtocol, .originalDestinationPort],
                timeout: 30, data: [destination, .destinationPort]),
        ]),
        Rule([.destinationNAT(networkProtocol, frontend + [.random(modulus: 2)], map: "endpoints")]),
    ]
    if !isText { nat += learning }
    let filter: [Rule] = [
        Rule([.match(.connectionState, .connectionState([.established, .related])), .verdict(.accept)]),
        Rule([.match(.connectionState, comparison: .notEqual, .connectionState(.new)), .verdict(.accept)]),
        Rule([.match(.connectionState, .connectionState(.invalid)), .verdict(.drop)]),
        Rule([.match(.connectionStatus, .connectionStatus(.destinationNAT)), .counter, .verdict(.accept)]),
        Rule([
            .match(.connectionStatus, comparison: .notEqual, .connectionStatus([.sourceNAT, .assured])),
            .verdict(.accept),
        ]),
        Rule([
            .match(.inputInterface, .interface("cni*")),
            .match(.outputInterface, comparison: .notEqual, .interface("eth0")), .verdict(.drop),
        ]),
        Rule([.matchMark(bits: 0x4000, isSet: true), .verdict(.accept)]),
        Rule([.matchMark(bits: 0x6000, isSet: false), .verdict(.accept)]),
        Rule([.match(.originalDestinationAddress(networkProtocol), service), .verdict(.accept)]),
        Rule([
            .match(.transportProtocol, tcp), .match(.originalDestinationPort, .port(80)),
            .match(.random(modulus: 10), .mark(3)),
            .verdict(.accept),
        ]),
        Rule([
            .lookup([.destinationPort], set: "ranges"), .lookup([source], comparison: .notEqual, set: "blocks"),
            .verdict(.drop),
        ]),
        Rule([.verdictMap([source], map: "by-source")]),
        Rule([.anonymousVerdictMap(.connectionState, [VerdictElement(.connectionState(.new), .accept)])]),
        Rule([.match(.transportProtocol, tcp), .reject(.reset)]),
        Rule([.match(.sourcePort, .port(99)), .reject(.reset)]),
        Rule([.match(source, pod), .reject(.adminProhibited)]),
        Rule([.reject(.portUnreachable)], comment: "no endpoints"),
    ]
    return Table(
        family, "services", sets: sets, maps: maps,
        chains: [
            Chain("one"), Chain("two", rules: [Rule([.verdict(.return)])]),
            Chain("nat", base: BaseChain(.nat, .prerouting, .destinationNAT), rules: nat),
            Chain("filter", base: BaseChain(.filter, .forward, .filter), rules: filter),
            Chain(
                "masquerading", base: BaseChain(.nat, .postrouting, .sourceNAT),
                rules: [
                    Rule([.matchMark(bits: 0x4000, isSet: true), .clearMark(bits: 0x4000), .masqueradeFullyRandom])
                ]),
        ])
}
