import KubernetesModel

extension PolicyScenario {
    /// In which directions a policy isolates, by its types and by what it has rules for.
    static var types: [PolicyScenario] {
        let peers = [PolicyRule(peers: [.peer(.labels(["pod": "b"]))])]
        let rules: [(id: String, words: String, ingress: [PolicyRule]?, egress: [PolicyRule]?)] = [
            ("no-rules", "without rules", nil, nil),
            ("empty-lists", "with empty lists of rules", [], []),
            ("ingress-rules", "with rules of ingress", peers, nil),
            ("egress-rules", "with rules of egress", nil, peers),
            ("both-rules", "with rules of both", peers, peers),
        ]
        let types: [(id: String, words: String, types: [NetworkPolicy.Direction]?)] = [
            ("absent", "no types", nil), ("ingress", "the type Ingress", [.ingress]),
            ("egress", "the type Egress", [.egress]), ("both", "both types", [.ingress, .egress]),
        ]
        return types.flatMap { type in
            rules.map { rule in
                PolicyScenario(
                    "types/\(type.id)-\(rule.id)", "a policy of \(type.words), \(rule.words)", ["G15", "G1"],
                    PolicyManifest(types: type.types, ingress: rule.ingress, egress: rule.egress))
            }
        }
    }
}
