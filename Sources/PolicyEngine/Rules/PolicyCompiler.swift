import Addressing
import KubernetesModel
import Nftables

/// Writes the chain of one policy for one direction and family. It accepts what the policy allows and comes back
/// otherwise, so that the next policy is asked.
struct PolicyCompiler {
    private let policy: NetworkPolicy
    private let direction: NetworkPolicy.Direction
    private let family: AddressFamily
    private var rules: [Rule] = []
    private var sets: [PolicySet] = []

    init(_ policy: NetworkPolicy, _ direction: NetworkPolicy.Direction, _ family: AddressFamily) {
        self.policy = policy
        self.direction = direction
        self.family = family
    }

    mutating func compile() -> CompiledPolicy.Part {
        for (index, rule) in policy.rules(direction).enumerated() {
            let comment = Comment.fitting("\(PolicyReference(policy)) \(direction.words)[\(index)]")
            let ports = conditions(onPorts: rule.ports)
            for peer in conditions(onPeers: rule.peers) {
                rules += ports.map { Rule(peer + $0 + [.counter, .verdict(.accept)], comment: comment) }
            }
        }
        let name = PolicyReference(policy).chainName(direction)
        let comment = Comment.fitting("what NetworkPolicy \(PolicyReference(policy)) allows")
        return CompiledPolicy.Part(
            chain: Chain(name, comment: comment, rules: rules), sets: sets)
    }

    /// Each way to be one of the peers.
    private mutating func conditions(onPeers peers: [NetworkPolicy.Peer]) -> [[Statement]] {
        guard !peers.isEmpty else { return [[]] }
        var names: [String] = []
        for case .pods(let pods, let namespaces) in peers {
            let group = PodGroup(pods, namespaces: namespaces, policyNamespace: policy.namespace)
            let name = add(.pods(group))
            if !names.contains(name) { names.append(name) }
        }
        let ranges = AddressRanges(peers, family)
        if !ranges.ranges.isEmpty {
            let set = NamedSet(
                ranges.setName, key: [.address(NetworkProtocol(family))], flags: .interval,
                elements: ranges.elements(family))
            names.append(add(.fixed(set)))
        }
        return names.map { [.lookup([direction.peerAddress(family)], set: $0)] }
    }

    /// Each way to be for one of the ports.
    private mutating func conditions(onPorts list: [NetworkPolicy.Port]) -> [[Statement]] {
        guard !list.isEmpty else { return [[]] }
        var conditions: [[Statement]] = []
        let numbers = PortRanges(list)
        if !numbers.isEmpty {
            let set = NamedSet(
                numbers.setName, key: [.transportProtocol, .port], flags: .interval, elements: numbers.elements)
            conditions.append([.lookup([.transportProtocol, .destinationPort], set: add(.fixed(set)))])
        }
        for case .named(let transport, let name) in list {
            let set = add(.ports(TrackedPod.NamedPort(transport: transport, name: name)))
            let key = [
                PacketExpression.destinationAddress(NetworkProtocol(family)), .transportProtocol, .destinationPort,
            ]
            let condition = [Statement.lookup(key, set: set)]
            if !conditions.contains(condition) { conditions.append(condition) }
        }
        return conditions
    }

    /// - Returns: the name of the set.
    private mutating func add(_ content: PolicySet.Content) -> String {
        let set = PolicySet(content)
        if !sets.contains(where: { $0.name == set.name }) { sets.append(set) }
        return set.name
    }
}

extension NetworkPolicy.Direction {
    /// The address of the other end.
    func peerAddress(_ family: AddressFamily) -> PacketExpression {
        let networkProtocol = NetworkProtocol(family)
        return self == .ingress ? .sourceAddress(networkProtocol) : .destinationAddress(networkProtocol)
    }

    /// The address of the pod that policies are about.
    func subjectAddress(_ family: AddressFamily) -> PacketExpression {
        let networkProtocol = NetworkProtocol(family)
        return self == .ingress ? .destinationAddress(networkProtocol) : .sourceAddress(networkProtocol)
    }
}

extension PolicyReference {
    /// The chain of a direction: `ingress/default/web`, and a digest where that is too long for the kernel.
    func chainName(_ direction: NetworkPolicy.Direction) -> String {
        let plain = "\(direction.words)/\(namespace)/\(name)"
        if plain.utf8.count <= 200 { return plain }
        var digest = NameDigest()
        digest.add(namespace)
        digest.add(name)
        return "\(direction.words)/\(digest.text)"
    }
}

extension TrackedPod.NamedPort {
    /// The set of the pods' addresses and their numbers for this name.
    var setName: String {
        var digest = NameDigest()
        digest.add(transport.rawValue)
        digest.add(name)
        return "named-\(digest.text)"
    }
}
