import Addressing
import KubernetesModel
import TestSupport

/// Namespaces, pods and policies that change at random, out of so few labels, ports and addresses that rules often meet.
struct RandomCluster {
    private(set) var objects: [String: APIObject] = [:]
    private var generator: SeededGenerator
    /// Whether pods move to other nodes, and sometimes have addresses that other pods have too.
    private let hasMovingPods: Bool

    private static let keys = ["a", "b", "c"]
    private static let values = ["1", "2"]
    static let namespaces = ["default", "prod", "test"]
    static let outside = ["203.0.113.7", "203.0.113.70", "198.51.100.1", "2001:db8::7", "2001:db8:1::1"]
    private static let blocks = [
        "0.0.0.0/0", "203.0.113.0/24", "203.0.113.0/26", "203.0.113.7/32", "10.244.0.0/16", "10.244.1.0/29",
        "192.168.1.0/24", "10.244.1.2/31", "::/0", "2001:db8::/32", "2001:db8::/64", "fd00:10:244::/48",
        "fd00:10:244:1::2/127",
    ]

    init(seed: UInt64, hasMovingPods: Bool = false) {
        self.hasMovingPods = hasMovingPods
        generator = SeededGenerator(seed: seed)
        for object in [
            nodeObject("node1", ["192.168.1.10", "fd01::10"]), nodeObject("node2", ["192.168.1.20", "fd01::20"]),
        ] { objects["Node/\(object.name)"] = object }
        for name in Self.namespaces { objects["Namespace/\(name)"] = namespaceObject(name, ["a": "1"]) }
    }

    /// The objects as a manifest, for a failure's message.
    var manifest: String { objects.values.map(\.value.yamlText).sorted().joined(separator: "---\n") }

    /// Changes one object; nil where it was deleted.
    mutating func change() -> (key: String, object: APIObject?) {
        let (key, object): (String, APIObject)
        switch Int.random(in: 0..<8, using: &generator) {
        case 0: (key, object) = namespace()
        case 1...3: (key, object) = pod()
        default: (key, object) = policy()
        }
        guard !chance(20) else {
            objects[key] = nil
            return (key, nil)
        }
        objects[key] = object
        return (key, object)
    }

    private mutating func namespace() -> (String, APIObject) {
        let name = pick(Self.namespaces)
        return ("Namespace/\(name)", namespaceObject(name, someLabels()))
    }

    private mutating func pod() -> (String, APIObject) {
        let number = Int.random(in: 2...8, using: &generator)
        let place = hasMovingPods && chance(40) ? Int.random(in: 2...8, using: &generator) : number
        let node = place % 2 + 1
        let namespace = Self.namespaces[number % 3]
        let hasAddress = !chance(10)
        let isHost = number == 8
        let addresses =
            isHost
            ? ["192.168.1.\(node)0", "fd01::\(node)0"] : ["10.244.\(node).\(place)", "fd00:10:244:\(node)::\(place)"]
        let object = podObject(
            namespace, "pod\(number)", someLabels(), on: "node\(node)", hasAddress ? addresses : [],
            ports: [
                ("http", pick(["TCP", "UDP"]), pick([80, 81])),
                (pick(["dns", "http"]), pick(["TCP", "UDP"]), pick([80, 53])),
            ], hostNetwork: isHost)
        return ("Pod/\(namespace)/pod\(number)", object)
    }

    private mutating func policy() -> (String, APIObject) {
        let namespace = pick(Self.namespaces)
        let name = pick(["p", "q", "r"])
        var spec: [String: JSONValue] = ["podSelector": chance(40) ? [:] : selector()]
        if chance(70) { spec["ingress"] = rules("from") }
        if chance(50) { spec["egress"] = rules("to") }
        if chance(50) { spec["policyTypes"] = pick([["Ingress"], ["Egress"], ["Ingress", "Egress"]]) }
        return ("NetworkPolicy/\(namespace)/\(name)", policyObject(name, in: namespace, .object(spec)))
    }

    private mutating func rules(_ field: String) -> JSONValue {
        .array(
            (0..<Int.random(in: 0...2, using: &generator)).map { _ in
                var rule: [String: JSONValue] = [:]
                if chance(75) {
                    rule[field] = .array((0..<Int.random(in: 0...2, using: &generator)).map { _ in peer() })
                }
                if chance(60) {
                    rule["ports"] = .array((0..<Int.random(in: 0...3, using: &generator)).map { _ in port() })
                }
                return .object(rule)
            })
    }

    private mutating func peer() -> JSONValue {
        if chance(40) {
            var ipBlock: [String: JSONValue] = ["cidr": .string(pick(Self.blocks))]
            if chance(50) { ipBlock["except"] = [.string(pick(Self.blocks)), .string(pick(Self.blocks))] }
            return ["ipBlock": .object(ipBlock)]
        }
        var peer: [String: JSONValue] = [:]
        if chance(50) { peer["namespaceSelector"] = chance(30) ? [:] : selector() }
        if chance(60) { peer["podSelector"] = chance(20) ? [:] : selector() }
        return .object(peer)
    }

    private mutating func port() -> JSONValue {
        var port: [String: JSONValue] = [:]
        if chance(70) { port["protocol"] = pick(["TCP", "UDP", "SCTP"]) }
        switch Int.random(in: 0..<10, using: &generator) {
        case 0...3: port["port"] = pick([80, 81, 53])
        case 4...5:
            port["port"] = pick([79, 80])
            port["endPort"] = pick([80, 81])
        case 6...8: port["port"] = pick(["http", "dns", "none"])
        default: break
        }
        return .object(port)
    }

    private mutating func selector() -> JSONValue {
        if chance(50) {
            var wanted = [pick(Self.keys): pick(Self.values)]
            if chance(40) { wanted[pick(Self.keys)] = pick(Self.values) }
            return ["matchLabels": labels(wanted)]
        }
        let comparison = pick(["In", "NotIn", "Exists", "DoesNotExist"])
        var expression: [String: JSONValue] = ["key": .string(pick(Self.keys)), "operator": .string(comparison)]
        if comparison.hasSuffix("In") { expression["values"] = chance(60) ? ["1", "2"] : [.string(pick(Self.values))] }
        return ["matchExpressions": [.object(expression)]]
    }

    private mutating func someLabels() -> [String: String] {
        var labels: [String: String] = [:]
        for key in Self.keys where chance(50) { labels[key] = pick(Self.values) }
        return labels
    }

    private mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &generator) < percent }

    private mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[Int.random(in: elements.indices, using: &generator)]
    }
}
