import Addressing
import KubernetesModel
import Nftables

/// What a table consists of besides the policies' own chains.
struct PolicyFrame {
    private let family: AddressFamily
    private let node: PolicyNode
    private let settings: PolicySettings
    private var networkProtocol: NetworkProtocol { NetworkProtocol(family) }

    init(_ family: AddressFamily, _ node: PolicyNode, _ settings: PolicySettings) {
        self.family = family
        self.node = node
        self.settings = settings
    }

    /// Each isolated pod's address with itself.
    var itself: NamedSet {
        NamedSet(
            "itself", key: [.address(networkProtocol), .address(networkProtocol)],
            comment: "isolated pods that reach themselves")
    }

    /// The map from the pods of the node to what isolates them.
    static func map(_ direction: NetworkPolicy.Direction, _ family: AddressFamily) -> NamedMap {
        NamedMap(
            direction.words, key: [.address(NetworkProtocol(family))], content: .verdict,
            comment: "the pods of this node and the policies that isolate them for \(direction.words)")
    }

    /// The set of the addresses and numbers of a port that has a name.
    func namedPortSet(_ port: TrackedPod.NamedPort) -> NamedSet {
        NamedSet(
            port.setName, key: [.address(networkProtocol), .transportProtocol, .port],
            comment: Comment.fitting("pods' ports named \(port.name) (\(port.transport.rawValue))"))
    }

    /// The base chains. Egress comes first; a packet that one chain accepts goes on to the other.
    ///
    /// A node's own packets to its pods pass the hook output only, which has no chain: a pod's own node is always let in.
    var baseChains: [Chain] {
        var chains = [
            Chain(
                "forward-egress", base: BaseChain(.filter, .forward, BaseChain.Priority(rawValue: 10)),
                rules: rules(.egress)),
            Chain(
                "forward-ingress", base: BaseChain(.filter, .forward, BaseChain.Priority(rawValue: 11)),
                rules: rules(.ingress)),
        ]
        if settings.restrictsEgressToOwnNode {
            chains.append(
                Chain(
                    "input-egress", base: BaseChain(.filter, .input, BaseChain.Priority(rawValue: 10)),
                    rules: rules(.egress, isForwarding: false)))
        }
        return chains
    }

    private func rules(_ direction: NetworkPolicy.Direction, isForwarding: Bool = true) -> [Rule] {
        let subject = direction.subjectAddress(family)
        var rules = [
            Rule(
                [.match(.connectionState, .connectionState([.established, .related])), .counter, .verdict(.accept)],
                comment: "flows that were let through, and errors about them")
        ]
        if family == .ipv6 {
            // Connection tracking leaves neighbour and multicast listener discovery out, and nothing else.
            rules.append(
                Rule(
                    [
                        .match(.transportProtocol, .transportProtocol(58)),
                        .match(.connectionState, .connectionState(.untracked)), .counter, .verdict(.accept),
                    ], comment: "neighbour discovery"))
        }
        rules.append(Rule([.verdictMap([subject], map: direction.words)]))
        if family == .ipv6, isForwarding, let linkLocal = CIDR("fe80::/10") {
            rules.append(
                Rule(
                    [.match(subject, .prefix(linkLocal)), .counter, .verdict(.drop)],
                    comment: "no policy knows pods by these addresses"))
        }
        for range in node.podRanges where range.family == family && range.prefixLength > 0 {
            rules.append(
                Rule(
                    [.match(subject, .prefix(range)), .counter, .verdict(.drop)],
                    comment: "no pod is known to have the address"))
        }
        return rules
    }

    /// The chain of a combination of policies: what none of them accepts ends here.
    func chain(_ combination: Combination, _ direction: NetworkPolicy.Direction) -> Chain {
        let names = combination.policies.map(\.description).joined(separator: ", ")
        let comment = Comment.fitting("isolated for \(direction.words) by \(names)")
        let ends: [PacketExpression] = [.sourceAddress(networkProtocol), .destinationAddress(networkProtocol)]
        var rules = [Rule([.lookup(ends, set: itself.name), .counter, .verdict(.accept)], comment: "a pod to itself")]
        let icmp = Statement.match(.transportProtocol, .transportProtocol(family == .ipv4 ? 1 : 58))
        switch settings.icmp {
        case .allowed: rules.append(Rule([icmp, .counter, .verdict(.accept)], comment: "ICMP is allowed"))
        case .denied: rules.append(Rule([icmp, .counter, denial], comment: "ICMP is denied"))
        case .byRule: break
        }
        rules += combination.policies.map { Rule([.verdict(.jump($0.chainName(direction)))]) }
        rules.append(Rule([.counter, denial], comment: comment))
        return Chain(combination.chain, comment: comment, rules: rules)
    }

    private var denial: Statement { settings.denial == .drop ? .verdict(.drop) : .reject(.adminProhibited) }
}
