import Addressing
import Nftables
import TestSupport
import Testing

@Suite("hostPorts as a ruleset")
struct HostPortRulesetTests {
    private func mapping(
        _ hostIP: String?, _ port: UInt16, _ number: UInt8 = 6, to pod: String = "10.244.1.5",
        _ comment: String = "default/a"
    ) throws -> HostPortMapping {
        HostPortMapping(
            hostIP: try hostIP.map(ip), hostPort: port, protocolNumber: number, podAddress: try ip(pod), podPort: 80,
            comment: comment)
    }

    @Test("one port on two addresses, with two protocols and on all addresses does not clash")
    func noClash() throws {
        let ruleset = HostPortRuleset([
            try mapping("192.168.1.10", 80), try mapping("192.168.1.11", 80), try mapping("192.168.1.10", 80, 17),
            try mapping(nil, 80), try mapping(nil, 80, 132), try mapping(nil, 80, to: "fd00::5"),
        ])
        #expect(ruleset.rejections.isEmpty)
        let table = try #require(ruleset.tables(for: .ipv4).first)
        #expect(table.maps.map(\.elements.count) == [3, 2])
        #expect(try #require(ruleset.tables(for: .ipv6).first).maps.map(\.elements.count) == [0, 1])
    }

    @Test("the first of two mappings of one port wins, and the other one is reported")
    func clash() throws {
        let first = try mapping("0.0.0.0", 80)
        let second = try mapping(nil, 80, to: "10.244.1.6", "default/b")
        let ruleset = HostPortRuleset([first, second, first])
        #expect(ruleset.mappings == [first])
        #expect(ruleset.rejections.map(\.reason) == [.taken(by: first)])
        #expect(ruleset.rejections.first?.description == "hostPort 80 of default/b is taken by default/a")
    }

    @Test("mappings without ports, and between families, are reported and left out")
    func rejections() throws {
        let ruleset = HostPortRuleset([
            try mapping(nil, 0), try mapping(nil, 80, 1), try mapping("fd01::10", 80), try mapping("::", 81),
        ])
        #expect(ruleset.rejections.map(\.reason) == [.noPort, .noPort, .familiesDiffer])
        #expect(ruleset.mappings.map(\.hostPort) == [81])
    }

    @Test("the tables depend on the mappings, not on their order")
    func order() throws {
        var mappings: [HostPortMapping] = []
        for index in 1...40 {
            let hostIP = index % 2 == 0 ? nil : "192.168.1.\(index)"
            mappings.append(try mapping(hostIP, UInt16(index % 7 + 1), index % 3 == 0 ? 17 : 6))
        }
        let distinct = HostPortRuleset(mappings).mappings
        var generator = SeededGenerator(seed: 7)
        for _ in 0..<10 {
            let shuffled = distinct.shuffled(using: &generator)
            #expect(
                HostPortRuleset(shuffled).tables(for: .ipv4) == HostPortRuleset(distinct).tables(for: .ipv4), "seed 7")
        }
    }

    @Test("a comment of any length and content makes a valid table")
    func comments() throws {
        let long = String(repeating: "ä", count: 300)
        for comment in ["", "a\"b\n", long, String(repeating: "x", count: 129)] {
            let table = try #require(
                HostPortRuleset([try mapping(nil, 80, to: "10.0.0.1", comment)]).tables(for: .ipv4).first)
            try table.validate()
        }
        let table = try #require(HostPortRuleset([try mapping(nil, 80, to: "10.0.0.1", long)]).tables(for: .ipv4).first)
        #expect(table.maps[1].elements.first?.element.comment == String(repeating: "ä", count: 62) + "...")
    }

    @Test("the text is what a person would type")
    func text() throws {
        let table = try #require(HostPortRuleset([try mapping("192.168.1.10", 8080)]).tables(for: .ipv4).first)
        let expected = """
            table ip lab-hostports {
            \tcomment "hostPorts of the pods on this node"

            \tset hairpin {
            \t\ttype ipv4_addr . ipv4_addr
            \t\tcomment "pods that may reach themselves through their hostPort"
            \t\telements = {
            \t\t\t10.244.1.5 . 10.244.1.5
            \t\t}
            \t}

            \tmap by-address {
            \t\ttype ipv4_addr . inet_proto . inet_service : ipv4_addr . inet_service
            \t\telements = {
            \t\t\t192.168.1.10 . tcp . 8080 comment "default/a" : 10.244.1.5 . 80
            \t\t}
            \t}

            \tmap by-port {
            \t\ttype inet_proto . inet_service : ipv4_addr . inet_service
            \t}

            \tchain prerouting {
            \t\ttype nat hook prerouting priority dstnat; policy accept;
            \t\tip daddr 127.0.0.0/8 return
            \t\tfib daddr type local dnat ip to ip daddr . meta l4proto . th dport map @by-address
            \t\tfib daddr type local dnat ip to meta l4proto . th dport map @by-port
            \t}

            \tchain output {
            \t\ttype nat hook output priority -100; policy accept;
            \t\tip daddr 127.0.0.0/8 return
            \t\tfib daddr type local dnat ip to ip daddr . meta l4proto . th dport map @by-address
            \t\tfib daddr type local dnat ip to meta l4proto . th dport map @by-port
            \t}

            \tchain postrouting {
            \t\ttype nat hook postrouting priority srcnat; policy accept;
            \t\tip saddr . ip daddr @hairpin masquerade
            \t}
            }

            """
        #expect(table.description == expected)
    }
}
