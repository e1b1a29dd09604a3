import KubernetesModel
import TestSupport

/// Makes clusters whose labels and policies are by chance.
struct RandomPolicies {
    var generator: SeededGenerator

    init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

    mutating func cluster() throws -> PolicyCluster {
        var cluster = try PolicyCluster()
        for name in ["x/a", "x/b", "y/a", "y/b", "x/agent", "x/monitor"] { cluster.podLabels[name] = labels() }
        for name in ["x", "y"] { cluster.namespaceLabels[name] = labels() }
        for number in 0..<Int.random(in: 1...4, using: &generator) {
            cluster.policies.append(
                APIObject(
                    .networkPolicies, namespace: pick(["x", "x", "y"]), name: "p\(number)", ["spec": spec()]))
        }
        return cluster
    }

    mutating func pick<Element>(_ choices: [Element]) -> Element {
        choices[Int.random(in: 0..<choices.count, using: &generator)]
    }

    private mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &generator) < percent }

    private mutating func list(_ counts: ClosedRange<Int>, _ make: (inout Self) -> JSONValue) -> JSONValue {
        .array((0..<Int.random(in: counts, using: &generator)).map { _ in make(&self) })
    }

    private mutating func labels() -> [String: String] {
        var labels: [String: String] = [:]
        for key in ["app", "tier"] where chance(60) { labels[key] = pick(["a", "b", "c"]) }
        return labels
    }

    private mutating func spec() -> JSONValue {
        var spec: [String: JSONValue] = ["podSelector": chance(40) ? [:] : selector()]
        let types: [JSONValue?] = [nil, nil, [], ["Ingress"], ["Egress"], ["Ingress", "Egress"]]
        spec["policyTypes"] = pick(types)
        for (rules, peers) in [("ingress", "from"), ("egress", "to")] where chance(75) {
            spec[rules] = list(0...2) { $0.rule(peers) }
        }
        return .object(spec)
    }

    private mutating func rule(_ peers: String) -> JSONValue {
        var rule: [String: JSONValue] = [:]
        if chance(80) { rule[peers] = list(chance(10) ? 0...0 : 1...3) { $0.peer() } }
        if chance(60) { rule["ports"] = list(chance(10) ? 0...0 : 1...3) { $0.port() } }
        return .object(rule)
    }

    private mutating func peer() -> JSONValue {
        if chance(40) { return ["ipBlock": block()] }
        var peer: [String: JSONValue] = [:]
        if chance(60) { peer["podSelector"] = chance(20) ? [:] : selector() }
        if peer.isEmpty || chance(50) { peer["namespaceSelector"] = chance(20) ? [:] : selector(ofNamespaces: true) }
        return .object(peer)
    }

    private mutating func selector(ofNamespaces: Bool = false) -> JSONValue {
        if ofNamespaces, chance(30) {
            return ["matchLabels": ["kubernetes.io/metadata.name": .string(pick(["x", "y"]))]]
        }
        var selector: [String: JSONValue] = [:]
        if chance(50) { selector["matchLabels"] = [pick(["app", "tier"]): .string(pick(["a", "b", "c"]))] }
        if selector.isEmpty || chance(40) { selector["matchExpressions"] = list(1...2) { $0.expression() } }
        return .object(selector)
    }

    private mutating func expression() -> JSONValue {
        let comparison = pick(["In", "NotIn", "Exists", "DoesNotExist"])
        var expression: [String: JSONValue] = [
            "key": .string(pick(["app", "tier"])), "operator": .string(comparison),
        ]
        if comparison.hasSuffix("In") {
            expression["values"] = .array(pick([["a"], ["a", "b"], ["b", "c"]]))
        }
        return .object(expression)
    }

    private mutating func block() -> JSONValue {
        let blocks: [(String, [JSONValue])] = [
            ("0.0.0.0/0", ["10.244.0.0/16", "192.168.1.12/32", "10.244.2.3/32"]),
            ("10.244.0.0/16", ["10.244.1.0/24", "10.244.2.2/32", "10.244.1.2/31"]),
            ("192.168.1.0/24", ["192.168.1.11/32", "192.168.1.64/26"]), ("10.244.1.2/31", ["10.244.1.3/32"]),
            ("::/0", ["fd00:10:244::/48", "fd00:192:168:1::100/128"]),
            ("fd00:10:244::/48", ["fd00:10:244:1::/64", "fd00:10:244:2::3/128"]),
        ]
        let (block, exceptions) = pick(blocks)
        var value: [String: JSONValue] = ["cidr": .string(block)]
        if chance(60) { value["except"] = .array(exceptions.filter { _ in chance(60) }) }
        return .object(value)
    }

    private mutating func port() -> JSONValue {
        var port: [String: JSONValue] = [:]
        if chance(50) { port["protocol"] = .string(pick(["TCP", "UDP", "SCTP"])) }
        switch Int.random(in: 0..<10, using: &generator) {
        case 0: break
        case 1...3: port["port"] = .string(pick(["http", "dns", "gone"]))
        case 4...6:
            let first = pick([52, 53, 79, 80, 81] as [Int64])
            port["port"] = .integer(first)
            port["endPort"] = .integer(first + pick([0, 1, 28]))
        default: port["port"] = .integer(pick([53, 80, 81, 8080]))
        }
        return .object(port)
    }
}
