import Addressing
import KubernetesModel
import Nftables
import PolicyEngine

/// What it takes to give a node the rules of many policies, and to change one of them: the built-in engine's own code, in
/// the calling thread's network namespace.
struct PolicyProgramming {
    private let many: ManyPolicies
    private let pods: [Pod]
    private let policies: [NetworkPolicy]
    private let node: PolicyNode

    /// What one turn took.
    struct Turn {
        /// To work out who is selected, and the rules from that.
        var building: Duration = .zero
        /// To encode the rules, and what the kernel takes for them.
        var kernel: Duration = .zero
        var total: Duration { building + kernel }
    }

    init(_ many: ManyPolicies) {
        self.many = many
        pods = many.pods.map { Pod($0) }
        policies = many.policies.map { NetworkPolicy($0) }
        node = PolicyNode(name: "node1", podRanges: ["10.244.0.0/16"].compactMap { CIDR($0) })
    }

    private func track() -> PolicyTracker {
        var tracker = PolicyTracker()
        tracker.replaceAll(policies: policies, pods: pods, namespaces: [])
        _ = tracker.takeChanges()
        return tracker
    }

    /// Gives the namespace the rules of all policies.
    func program(_ handle: NftablesHandle) throws -> Turn {
        let start = ContinuousClock.now
        let tables = NodePolicyRuleset(node, from: track()).tables
        let built = ContinuousClock.now
        try handle.replace(tables)
        return Turn(building: built - start, kernel: ContinuousClock.now - built)
    }

    /// Gives single policies another port, or single pods another group, one after the other, in a namespace that has the
    /// rules.
    func change(_ kind: Change, turns: Int, _ handle: NftablesHandle) throws -> [Turn] {
        var tracker = track()
        var ruleset = NodePolicyRuleset(node, from: tracker)
        return try (0..<turns).map { turn in
            let number = turn * max(1, many.count / turns)
            let policy = NetworkPolicy(many.policy(number, port: 5000 + turn))
            let pod = Pod(many.pod(number, labels: ["app": "a\((number + 1) % 50)", "number": "\(number)"]))
            let start = ContinuousClock.now
            switch kind {
            case .policy: tracker.update(policy)
            case .pod: tracker.update(pod)
            }
            let update = ruleset.update(tracker.takeChanges(), from: tracker)
            let built = ContinuousClock.now
            try handle.commit(update.changes, to: update.tables)
            return Turn(building: built - start, kernel: ContinuousClock.now - built)
        }
    }

    /// What changes.
    enum Change: CaseIterable {
        case policy, pod
    }

    /// The rules as a file for `nft -f`.
    var text: String { NodePolicyRuleset(node, from: track()).tables.map(\.description).joined() }

    /// Takes the rules away again.
    func clear(_ handle: NftablesHandle) throws {
        try handle.delete(NodePolicyRuleset.tables)
    }
}
