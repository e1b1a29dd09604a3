import KubernetesModel

extension PolicyScenario {
    /// One peer, in each form and direction; and two peers, in all pairs of forms.
    static func peers(in world: PolicyWorld) -> [PolicyScenario] {
        NetworkPolicy.Direction.allCases.flatMap { direction in
            (PeerForm.selectors + PeerForm.addresses(in: world)).map { form in
                PolicyScenario(
                    "peers/\(direction.word)-\(form.id)", "a rule of \(direction.word) for \(form.words)", form.proves,
                    PolicyManifest(direction, [PolicyRule(peers: form.peers)]))
            }
        } + namesOfNamespaces
    }

    /// Two peers of a rule, in both directions: what flows to a pod and what flows from it are different flows.
    static func peerPairs(in world: PolicyWorld) -> [PolicyScenario] {
        let forms = PeerForm.selectors + PeerForm.addresses(in: world)
        return forms.indices.flatMap { first in
            forms[(first + 1)...].map { second in
                let one = forms[first]
                return PolicyScenario(
                    "peer-pairs/\(one.id)-and-\(second.id)", "a rule for \(one.words), and for \(second.words)",
                    ["G7"] + Set(one.proves + second.proves).subtracting(["G7"]).sorted(),
                    PolicyManifest(both: [PolicyRule(peers: one.peers + second.peers)]))
            }
        }
    }

    /// Namespaces by the label that each has by itself.
    private static var namesOfNamespaces: [PolicyScenario] {
        NetworkPolicy.Direction.allCases.map { direction in
            let namespaces = JSONValue.labels(["kubernetes.io/metadata.name": PolicyWorld.namespace("z")])
            return PolicyScenario(
                "peers/\(direction.word)-namespace-by-name",
                "a rule of \(direction.word) for the namespace of a name, by the label that it has by itself", ["G16"],
                PolicyManifest(direction, [PolicyRule(peers: [.peer(nil, namespaces: namespaces)])]))
        } + [
            PolicyScenario(
                "peers/namespaces-but-one-by-name", "a rule for all namespaces but the one of a name", ["G16", "G5"],
                PolicyManifest(both: [
                    PolicyRule(peers: [
                        .peer(
                            .labels(["pod": "c"]),
                            namespaces: .conditions(
                                .condition("kubernetes.io/metadata.name", "NotIn", [PolicyWorld.namespace("z")])))
                    ])
                ]))
        ]
    }
}
