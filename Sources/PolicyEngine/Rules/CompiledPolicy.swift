import Addressing
import KubernetesModel
import Nftables

/// A policy's chains and what they look up: the same on every node.
struct CompiledPolicy {
    /// A chain of one direction and family.
    struct Part: Hashable {
        let chain: Chain
        /// The groups of pods whose sets it names.
        var groups: [PodGroup] = []
        /// The names of ports whose sets it names.
        var ports: [TrackedPod.NamedPort] = []
        /// The sets that it names and whose elements never change.
        var fixedSets: [NamedSet] = []
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
    var groups: Set<PodGroup> { Set(parts.values.flatMap(\.groups)) }
    /// All names of ports.
    var ports: Set<TrackedPod.NamedPort> { Set(parts.values.flatMap(\.ports)) }
}
