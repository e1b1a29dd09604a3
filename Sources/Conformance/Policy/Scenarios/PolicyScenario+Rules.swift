import KubernetesModel

extension PolicyScenario {
    /// What rules say, and how several of them add up.
    static var rules: [PolicyScenario] {
        NetworkPolicy.Direction.allCases.flatMap { direction in
            wholeRules(direction) + severalRules(direction)
        } + [
            PolicyScenario(
                "rules/both-deny-all", "a policy without rules denies all in both directions", ["G1"],
                PolicyManifest(types: [.ingress, .egress])),
            PolicyScenario(
                "rules/both-allow-all", "empty rules allow all in both directions", ["G2"],
                PolicyManifest(both: [PolicyRule()])),
            PolicyScenario(
                "rules/both-deny-all-pods", "a policy about all pods of a namespace denies all", ["G1", "G3"],
                PolicyManifest(both: []).about([:])),
        ]
    }

    /// Rules that leave things out.
    private static func wholeRules(_ direction: NetworkPolicy.Direction) -> [PolicyScenario] {
        let word = direction.word
        let port = JSONValue.port(80, .tcp)
        return [
            PolicyScenario(
                "rules/\(word)-absent", "a policy of \(word) without rules denies all", ["G1"],
                PolicyManifest(types: [direction])),
            PolicyScenario(
                "rules/\(word)-none", "an empty list of rules of \(word) denies all", ["G1"],
                PolicyManifest(direction, [])),
            PolicyScenario(
                "rules/\(word)-empty-rule", "an empty rule of \(word) allows all", ["G2"],
                PolicyManifest(direction, [PolicyRule()])),
            PolicyScenario(
                "rules/\(word)-empty-lists", "a rule of \(word) with empty lists of peers and ports allows all", ["G2"],
                PolicyManifest(direction, [PolicyRule(peers: [], ports: [])])),
            PolicyScenario(
                "rules/\(word)-empty-peers", "a rule of \(word) without peers is for everybody at its ports",
                ["G2", "G11"], PolicyManifest(direction, [PolicyRule(peers: [], ports: [port])])),
            PolicyScenario(
                "rules/\(word)-empty-ports", "a rule of \(word) without ports is for its peers at all ports",
                ["G2", "G6"], PolicyManifest(direction, [PolicyRule(peers: [.peer(.labels(["pod": "b"]))], ports: [])])),
            PolicyScenario(
                "rules/\(word)-peers-and-ports", "a rule of \(word) is for its peers at its ports alone",
                ["G7", "G11"],
                PolicyManifest(
                    direction, [PolicyRule(peers: [.peer(nil, namespaces: .labels(["ns": "y"]))], ports: [port])])),
            PolicyScenario(
                "rules/\(word)-all-pods", "a rule of \(word) about all pods of a namespace", ["G3", "G6"],
                PolicyManifest(direction, [PolicyRule(peers: [.peer(nil, namespaces: .labels(["ns": "z"]))])])
                    .about([:])),
        ]
    }

    /// Rules that add up.
    private static func severalRules(_ direction: NetworkPolicy.Direction) -> [PolicyScenario] {
        let word = direction.word
        let first = PolicyRule(peers: [.peer(nil, namespaces: .labels(["ns": "y"]))], ports: [.port(80, .tcp)])
        let second = PolicyRule(peers: [.peer(.labels(["pod": "c"]), namespaces: [:])], ports: [.port(81, .tcp)])
        let third = PolicyRule(peers: [.peer(.labels(["pod": "b"]))], ports: [.port(80, .udp), .port(81, .udp)])
        return [
            PolicyScenario(
                "rules/\(word)-two", "two rules of \(word), each with peers and ports of its own", ["G8"],
                PolicyManifest(direction, [first, second])),
            PolicyScenario(
                "rules/\(word)-three", "three rules of \(word), of which the one between counts too", ["G8"],
                PolicyManifest(direction, [first, third, second])),
            PolicyScenario(
                "rules/\(word)-all-behind-another", "a rule of \(word) that allows all, behind a narrow one",
                ["G8", "G2"], PolicyManifest(direction, [first, PolicyRule()])),
            PolicyScenario(
                "rules/\(word)-all-before-another", "a rule of \(word) that allows all, before a narrow one",
                ["G8", "G2"], PolicyManifest(direction, [PolicyRule(), first])),
            PolicyScenario(
                "rules/\(word)-nobody-before-another",
                "a rule of \(word) that is for nobody takes nothing from another",
                ["G8"],
                PolicyManifest(direction, [PolicyRule(peers: [.peer(.labels(["pod": "nobody"]))]), second])),
        ]
    }
}
