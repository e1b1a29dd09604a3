import Addressing
import KubernetesModel

/// Policies and labels of namespaces that change at random, out of so few labels, ports and addresses that rules often meet.
/// The same seed gives the same changes in the same world.
struct RandomPolicies {
    private var generator: SplitMix
    private let world: PolicyWorld
    private let blocks: [CIDR]
    /// The policies that there are.
    private(set) var policies: [ObjectKey: APIObject] = [:]

    private static let names = ["p", "q", "r"]

    init(seed: UInt64, in world: PolicyWorld) {
        generator = SplitMix(seed: seed)
        self.world = world
        blocks = AddressFamily.allCases.flatMap { family -> [CIDR] in
            [.all(family), .nobody(family)]
                + world.outsiders.filter { $0.family == family }.map { InterfaceAddress(host: $0).cidr }
                + [PolicyWorld.pod("x", "a"), PolicyWorld.pod("z", "c")].compactMap {
                    world.blocks(around: $0, family)
                }.flatMap { [$0.alone, $0.tight, $0.loose, $0.node, $0.part] }
        }
    }

    /// The next change: of one to three objects.
    mutating func next() -> [PolicyChange] {
        (0..<Int.random(in: 1...3, using: &generator)).map { _ in change() }
    }

    private mutating func change() -> PolicyChange {
        if chance(12) {
            let namespace = pick(PolicyWorld.namespaces)
            return .label(
                ObjectKey(.namespaces, name: PolicyWorld.namespace(namespace)),
                set: ["ns": chance(60) ? namespace : pick(PolicyWorld.namespaces)], remove: [])
        }
        let policy = policy()
        if chance(25), policies[policy.key] != nil {
            policies[policy.key] = nil
            return .delete(policy.key)
        }
        policies[policy.key] = policy.object
        return .apply(policy.object)
    }

    private mutating func policy() -> PolicyManifest {
        var policy = PolicyManifest(types: types())
        policy.name = pick(Self.names)
        policy.namespace = pick(PolicyWorld.namespaces)
        policy.subject = chance(30) ? [:] : selector("pod", PolicyWorld.pods)
        if policy.types?.contains(.egress) != true || chance(70) { policy.ingress = rules("from") }
        if policy.types?.contains(.egress) == true, chance(80) { policy.egress = rules("to") }
        return policy
    }

    private mutating func types() -> [NetworkPolicy.Direction]? {
        chance(20) ? nil : pick([[.ingress], [.egress], [.ingress, .egress]])
    }

    private mutating func rules(_ field: String) -> [JSONValue] {
        (0..<Int.random(in: 0...2, using: &generator)).map { _ in
            var rule = PolicyRule()
            if chance(80) { rule.peers = (0..<Int.random(in: 1...2, using: &generator)).map { _ in peer() } }
            if chance(60) { rule.ports = (0..<Int.random(in: 1...2, using: &generator)).map { _ in port() } }
            return rule.value(field)
        }
    }

    private mutating func peer() -> JSONValue {
        if chance(35), !blocks.isEmpty {
            let block = pick(blocks)
            let inner = blocks.filter { $0 != block && $0.family == block.family && block.contains($0.network) }
                .filter { $0.prefixLength > block.prefixLength }
            return .block(block, except: chance(50) && !inner.isEmpty ? [pick(inner)] : [])
        }
        let pods = chance(70) ? (chance(20) ? [:] : selector("pod", PolicyWorld.pods)) : nil
        let namespaces = pods == nil || chance(60) ? (chance(25) ? [:] : selector("ns", PolicyWorld.namespaces)) : nil
        return .peer(pods, namespaces: namespaces)
    }

    private mutating func port() -> JSONValue {
        let transport: TransportProtocol? = chance(30) ? nil : pick(TransportProtocol.allCases)
        switch Int.random(in: 0..<4, using: &generator) {
        case 0: return .port(nil, transport ?? .tcp)
        case 1: return .port(79, to: pick([80, 81]), transport)
        case 2: return .port(.string("serve-\(pick([80, 81]))-\(pick(["tcp", "udp", "sctp"]))"), transport)
        default: return .port(.integer(pick([80, 81])), transport)
        }
    }

    private mutating func selector(_ key: String, _ values: [String]) -> JSONValue {
        switch Int.random(in: 0..<6, using: &generator) {
        case 0: .conditions(.condition(key, "In", Array(values.shuffled(using: &generator).prefix(2))))
        case 1: .conditions(.condition(key, "NotIn", [pick(values)]))
        case 2: .conditions(.condition(pick([key, "tier"]), "Exists"))
        case 3: .conditions(.condition(pick([key, "tier"]), "DoesNotExist"))
        default: .labels([key: pick(values)])
        }
    }

    private mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &generator) < percent }

    private mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[Int.random(in: elements.indices, using: &generator)]
    }
}
