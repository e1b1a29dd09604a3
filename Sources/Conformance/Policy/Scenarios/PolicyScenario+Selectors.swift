import KubernetesModel

extension PolicyScenario {
    /// Whom a policy is about: by each form of selector, and in each namespace.
    static var subjects: [PolicyScenario] {
        let denial = PolicyManifest(both: [])
        return SelectorForm.all("pod", ["a", "b", "c"]).map { form in
            PolicyScenario(
                "subjects/\(form.id)", "a policy about pods with \(form.words)", form.proves + ["G1"],
                denial.about(form.selector))
        }
            + PolicyWorld.namespaces.map { namespace in
                PolicyScenario(
                    "subjects/namespace-\(namespace)", "a policy is about pods of its own namespace, \(namespace)",
                    ["G27", "G1"], denial.about(in: namespace))
            } + [manyLabels]
    }

    /// Whom a rule is for: by each form of selector, of pods and of namespaces.
    static var selectors: [PolicyScenario] {
        SelectorForm.all("pod", ["a", "b", "c"]).map { form in
            PolicyScenario(
                "selectors/pods-\(form.id)", "a rule for pods with \(form.words)", form.proves + ["G6"],
                PolicyManifest(both: [PolicyRule(peers: [.peer(form.selector, namespaces: [:])])]))
        }
            + SelectorForm.all("ns", ["x", "y", "z"]).map { form in
                PolicyScenario(
                    "selectors/namespaces-\(form.id)", "a rule for namespaces with \(form.words)", form.proves + ["G6"],
                    PolicyManifest(both: [PolicyRule(peers: [.peer(nil, namespaces: form.selector)])]))
            }
            + SelectorForm.all("pod", ["b", "c", "a"]).map { form in
                PolicyScenario(
                    "selectors/own-pods-\(form.id)", "a rule for pods of the policy's own namespace with \(form.words)",
                    form.proves + ["G6"], PolicyManifest(both: [PolicyRule(peers: [.peer(form.selector)])]))
            }
    }

    /// Several labels of which some pods have one, some the other and one has both.
    private static var manyLabels: PolicyScenario {
        func labels(_ namespace: String, _ pod: String, _ labels: [String: String]) -> PolicyChange {
            .label(ObjectKey(.pods, namespace: PolicyWorld.namespace(namespace), name: pod), set: labels, remove: [])
        }
        let both = JSONValue.labels(["app": "shop", "tier": "front"])
        let marks = ["x", "y"].flatMap { namespace in
            [
                labels(namespace, "a", ["app": "shop"]), labels(namespace, "b", ["tier": "front"]),
                labels(namespace, "c", ["app": "shop", "tier": "front"]),
            ]
        }
        let someKey = PolicyManifest(both: []).about(.conditions(.condition("tier", "Exists")))
        let noKey = PolicyManifest(both: []).about(.conditions(.condition("tier", "DoesNotExist")))
        let otherValue = PolicyManifest(both: []).about(.conditions(.condition("tier", "NotIn", ["front"])))
        let peers = PolicyManifest(both: [PolicyRule(peers: [.peer(both, namespaces: [:])])])
        return PolicyScenario(
            "subjects/many-labels", "policies and rules for pods with several labels, which only some have",
            ["G4", "G5"],
            [PolicyStep(marks + [.apply(PolicyManifest(both: []).about(both).object)])]
                + [someKey, noKey, otherValue, peers].map { PolicyStep(.apply($0.object)) })
    }
}
