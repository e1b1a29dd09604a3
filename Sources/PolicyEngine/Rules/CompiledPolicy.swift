import Addressing
import KubernetesModel
import Nftables

/// A policy's chains and what they look up: the same on every node.
struct CompiledPolicy {
    /// A chain of one direction and family.
    struct Part: Hashable {
        let chain: Chain
        /// The sets that it looks up.
        let sets: [PolicySet]
    }

    private let parts: [Key: Part]

    private struct Key: Hashable {
        let direction: NetworkPolicy.Direction
        let family: AddressFamily
    }

    /// Compiles what a policy says, in the directions in which it isolates.
    init(_ policy: NetworkPolicy) {
        var parts: [Key: Part] = [:]
        for direction in policy.directions {
            for family in AddressFamily.allCases {
                var compiler = PolicyCompiler(policy, direction, family)
                parts[Key(direction: direction, family: family)] = compiler.compile()
            }
        }
        self.parts = parts
    }

    /// The chain of a direction and family; nil where the policy does not isolate in the direction.
    func part(_ direction: NetworkPolicy.Direction, _ family: AddressFamily) -> Part? {
        parts[Key(direction: direction, family: family)]
    }

    /// All groups of pods.
    var groups: Set<PodGroup> {
        Set(contents.compactMap { if case .pods(let group) = $0 { group } else { nil } })
    }

    /// All names of ports.
    var ports: Set<TrackedPod.NamedPort> {
        Set(contents.compactMap { if case .ports(let port) = $0 { port } else { nil } })
    }

    private var contents: [PolicySet.Content] { parts.values.flatMap(\.sets).map(\.content) }
}
