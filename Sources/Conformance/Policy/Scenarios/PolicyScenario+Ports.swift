import KubernetesModel

extension PolicyScenario {
    /// One port, in each form and direction.
    static var ports: [PolicyScenario] {
        NetworkPolicy.Direction.allCases.flatMap { direction in
            (PortForm.all + PortForm.names).map { form in
                PolicyScenario(
                    "ports/\(direction.word)-\(form.id)", "a rule of \(direction.word) for \(form.words)", form.proves,
                    PolicyManifest(direction, [PolicyRule(ports: [form.value])]))
            }
        } + portsOfPeers
    }

    /// Two ports of a rule in both directions, in all pairs of forms.
    static var portPairs: [PolicyScenario] {
        let forms = PortForm.all
        return forms.indices.flatMap { first in
            forms[(first + 1)...].map { second in
                let one = forms[first]
                return PolicyScenario(
                    "port-pairs/\(one.id)-and-\(second.id)", "a rule for \(one.words), and for \(second.words)",
                    Set(one.proves + second.proves).sorted(),
                    PolicyManifest(both: [PolicyRule(ports: [one.value, second.value])]))
            }
        }
    }

    /// Ranges of ports, in both directions.
    static var ranges: [PolicyScenario] {
        let ranges: [(id: String, words: String, first: Int64, last: Int64)] = [
            ("both", "both ports that are served", 80, 81), ("one", "one port", 80, 80),
            ("last", "a range that ends with a port", 79, 80), ("first", "a range that begins with a port", 81, 82),
            ("around", "a range around the ports", 79, 82), ("all", "all ports", 1, 65535),
            ("below", "a range that ends before the ports", 70, 79),
            ("above", "a range that begins behind the ports", 82, 90),
        ]
        return TransportProtocol.allCases.flatMap { transport in
            ranges.map { range in
                PolicyScenario(
                    "ranges/\(transport.rawValue.lowercased())-\(range.id)",
                    "a rule for \(range.words), \(range.first) to \(range.last) of \(transport.rawValue)",
                    transport == .sctp ? ["G11", "G26"] : ["G11"],
                    PolicyManifest(both: [PolicyRule(ports: [.port(.integer(range.first), to: range.last, transport)])])
                )
            }
        } + [
            PolicyScenario(
                "ranges/no-protocol", "a range without a protocol is one of TCP", ["G11"],
                PolicyManifest(both: [PolicyRule(ports: [.port(80, to: 81)])])),
            PolicyScenario(
                "ranges/two", "two ranges", ["G11"],
                PolicyManifest(both: [PolicyRule(ports: [.port(70, to: 80, .tcp), .port(81, to: 90, .udp)])])),
            PolicyScenario(
                "ranges/and-a-number", "a range and a number", ["G11"],
                PolicyManifest(both: [PolicyRule(ports: [.port(82, to: 90, .tcp), .port(80, .tcp)])])),
        ]
    }

    /// Ports that are some peers' alone.
    private static var portsOfPeers: [PolicyScenario] {
        let namespaces = JSONValue.peer(nil, namespaces: .labels(["ns": "y"]))
        let pods = JSONValue.peer(.labels(["pod": "b"]))
        return [
            PolicyScenario(
                "ports/empty-list", "a rule with an empty list of ports is for all ports", ["G11"],
                PolicyManifest(both: [PolicyRule(ports: [])])),
            PolicyScenario(
                "ports/of-several-peers", "each of a rule's peers has each of its ports", ["G7", "G11"],
                PolicyManifest(both: [
                    PolicyRule(peers: [namespaces, pods], ports: [.port(80, .tcp), .port("serve-81-udp", .udp)])
                ])),
            PolicyScenario(
                "ports/of-different-rules", "the peers of one rule have no port of another's", ["G7", "G8", "G11"],
                PolicyManifest(both: [
                    PolicyRule(peers: [namespaces], ports: [.port("serve-80-tcp")]),
                    PolicyRule(peers: [pods], ports: [.port(nil, .udp)]),
                ])),
        ]
    }
}
