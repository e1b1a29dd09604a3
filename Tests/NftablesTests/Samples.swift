import Addressing
import Nftables
import Testing

func ip(_ text: String) throws -> IPAddress { try #require(IPAddress(text), "\(text) is no address") }

/// hostPorts of both families, on one address and on all.
func sampleHostPorts() throws -> HostPortRuleset {
    HostPortRuleset([
        HostPortMapping(
            hostIP: try ip("192.168.1.10"), hostPort: 8080, protocolNumber: 6, podAddress: try ip("10.244.1.5"),
            podPort: 80, comment: "default/pod-a"),
        HostPortMapping(
            hostPort: 8080, protocolNumber: 17, podAddress: try ip("10.244.1.5"), podPort: 53, comment: "default/pod-a"),
        HostPortMapping(
            hostPort: 9090, protocolNumber: 132, podAddress: try ip("10.244.1.6"), podPort: 90, comment: "default/pod-b"
        ),
        HostPortMapping(
            hostIP: try ip("fd01::10"), hostPort: 8080, protocolNumber: 6, podAddress: try ip("fd00:10:244:1::5"),
            podPort: 80, comment: "default/pod-a"),
        HostPortMapping(
            hostPort: 8443, protocolNumber: 6, podAddress: try ip("fd00:10:244:1::6"), podPort: 443,
            comment: "default/pod-b"),
    ])
}

/// A table with one of everything.
func sampleInetTable() throws -> Table {
    let block = try #require(CIDR("10.0.0.0/9"))
    return Table(
        .inet, "everything", comment: "one of everything",
        sets: [
            NamedSet("marks", key: [.mark], elements: [SetElement([.mark(0x11)], comment: "seventeen")]),
            NamedSet(
                "mark-and-port", key: [.mark, .port], comment: "host and network order",
                elements: [SetElement([.mark(0x11), .port(80)]), SetElement([.mark(0x0100_0000), .port(8080)])]),
            NamedSet("protocols", key: [.transportProtocol], elements: [SetElement([.transportProtocol(132)])]),
        ],
        maps: [
            NamedMap(
                "ports", key: [.port], content: .data([.port]),
                elements: [MapElement([.port(80)], .data([.port(8080)]), comment: "web")]),
            NamedMap(
                "targets", key: [.transportProtocol, .port], content: .data([.ipv6Address, .port]),
                elements: [
                    MapElement([.transportProtocol(6), .port(80)], .data([.address(try ip("fd00::1")), .port(81)]))
                ]),
            NamedMap("plain", key: [.ipv4Address], content: .data([.ipv4Address])),
            NamedMap(
                "numbers", key: [.mark], content: .data([.mark]), elements: [MapElement([.mark(1)], .data([.mark(2)]))]),
            NamedMap(
                "policies", key: [.ipv6Address, .mark], content: .verdict, comment: "who may go where",
                elements: [
                    MapElement([.address(try ip("::1")), .mark(1)], .verdict(.jump("regular")), comment: "jumps"),
                    MapElement([.address(try ip("::2")), .mark(2)], .verdict(.drop)),
                    MapElement([.address(try ip("::3")), .mark(3)], .verdict(.goto("regular"))),
                ]),
        ],
        chains: [
            Chain(
                "regular", comment: "no hook",
                rules: [
                    Rule(
                        [
                            .match(.sourceAddress(.ip), .prefix(block)),
                            .match(.destinationAddress(.ip), comparison: .notEqual, .address(try ip("1.2.3.4"))),
                            .verdict(.drop),
                        ], comment: "not there"),
                    Rule([.match(.sourceAddress(.ip6), .address(try ip("::1"))), .verdict(.return)]),
                    Rule([
                        .lookup([.mark, .destinationPort], comparison: .notEqual, set: "mark-and-port"),
                        .verdict(.accept),
                    ]),
                ]),
            Chain(
                "prerouting", base: BaseChain(.nat, .prerouting, .destinationNAT, policy: .drop),
                rules: [
                    Rule([.verdictMap([.destinationAddress(.ip6), .mark], map: "policies")]),
                    Rule([.destinationNAT(.ip6, [.transportProtocol, .destinationPort], map: "targets")]),
                    Rule([.destinationNAT(.ip, [.destinationAddress(.ip)], map: "plain")]),
                    Rule([
                        .match(.transportProtocol, .transportProtocol(6)),
                        .match(.mark, comparison: .notEqual, .mark(5)),
                        .match(.sourcePort, .port(1024)), .match(.destinationAddressType, .addressType(.unicast)),
                        .verdict(.jump("regular")),
                    ]),
                ]),
            Chain("input", base: BaseChain(.filter, .input, .filter)),
            Chain("forward", base: BaseChain(.filter, .forward, .init(rawValue: 7), policy: .drop)),
            Chain("output", base: BaseChain(.route, .output, .mangle)),
            Chain(
                "postrouting", base: BaseChain(.nat, .postrouting, .sourceNAT),
                rules: [Rule([.lookup([.transportProtocol], set: "protocols"), .masquerade])]),
        ])
}
