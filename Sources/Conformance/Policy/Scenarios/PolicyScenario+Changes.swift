import KubernetesModel

extension PolicyScenario {
    /// Policies that come, change and go.
    static var policyChanges: [PolicyScenario] {
        let some = PolicyManifest(both: [PolicyRule(peers: [.peer(.labels(["pod": "b"]))], ports: [.port(80, .tcp)])])
        let denial = PolicyManifest(both: [])
        let allowance = PolicyManifest(both: [PolicyRule()])
        let otherPorts = PolicyManifest(both: [
            PolicyRule(peers: [.peer(.labels(["pod": "b"]))], ports: [.port("serve-81-udp", .udp)])
        ])
        let otherPeers = PolicyManifest(both: [
            PolicyRule(peers: [.peer(nil, namespaces: .labels(["ns": "z"]))], ports: [.port(80, .tcp)])
        ])
        func applied(_ policies: PolicyManifest...) -> [PolicyStep] { policies.map { PolicyStep(.apply($0.object)) } }
        let other = PolicyManifest(both: [PolicyRule(ports: [.port(81, .tcp)])]).named("other")
        return [
            PolicyScenario(
                "changes/deleted", "a policy that goes takes its denials along", ["G17"],
                applied(denial) + [PolicyStep(.delete(denial.key))]),
            PolicyScenario(
                "changes/created-again", "a policy that went and came again holds again", ["G17"],
                applied(some) + [PolicyStep(.delete(some.key))] + applied(some)),
            PolicyScenario(
                "changes/one-of-two-deleted", "of two policies about a pod one goes, and the other still holds",
                ["G17", "G9"],
                [PolicyStep(.apply(some.object), .apply(other.object)), PolicyStep(.delete(some.key))]),
            PolicyScenario(
                "changes/ports", "a policy gets other ports", ["G17", "G11"], applied(some, otherPorts, some)),
            PolicyScenario(
                "changes/peers", "a policy gets other peers", ["G17", "G6"], applied(some, otherPeers, some)),
            PolicyScenario(
                "changes/allow-to-deny", "a policy that allowed all denies all", ["G17", "G1"],
                applied(allowance, denial)),
            PolicyScenario(
                "changes/deny-to-allow", "a policy that denied all allows all", ["G17", "G2"],
                applied(denial, allowance)),
            PolicyScenario(
                "changes/subjects", "a policy is about other pods", ["G17", "G4"],
                applied(denial, denial.about(.labels(["pod": "b"])), denial.about([:]))),
            PolicyScenario(
                "changes/types", "a policy isolates in other directions", ["G17", "G15"],
                applied(PolicyManifest(.ingress, []), PolicyManifest(.egress, []), denial)),
            PolicyScenario(
                "changes/rules", "a policy gets rules and loses them", ["G17", "G8"],
                applied(
                    denial, PolicyManifest(both: [PolicyRule(ports: [.port(80, .tcp)])]),
                    PolicyManifest(both: [PolicyRule(ports: [.port(80, .tcp)]), PolicyRule(ports: [.port(81, .tcp)])]),
                    PolicyManifest(both: [PolicyRule(ports: [.port(81, .tcp)])]))),
        ]
    }

    /// Labels that come, change and go.
    static var labelChanges: [PolicyScenario] {
        func pod(_ namespace: String, _ name: String) -> ObjectKey {
            ObjectKey(.pods, namespace: PolicyWorld.namespace(namespace), name: name)
        }
        func namespace(_ letter: String) -> ObjectKey { ObjectKey(.namespaces, name: PolicyWorld.namespace(letter)) }
        func policy(_ peer: JSONValue) -> PolicyStep {
            PolicyStep(.apply(PolicyManifest(both: [PolicyRule(peers: [peer])]).object))
        }
        let marked = JSONValue.labels(["marked": "yes"])
        let unmarked = JSONValue.conditions(.condition("marked", "DoesNotExist"))
        func marking(_ key: ObjectKey) -> [PolicyStep] {
            [
                PolicyStep(.label(key, set: ["marked": "yes"], remove: [])),
                PolicyStep(.label(key, set: ["marked": "no"], remove: [])),
                PolicyStep(.label(key, set: [:], remove: ["marked"])),
            ]
        }
        return [
            PolicyScenario(
                "labels/pod-as-peer", "a pod gets a label that a rule is for, another value of it, and loses it",
                ["G18"],
                [policy(.peer(marked, namespaces: [:]))] + marking(pod("y", "b"))),
            PolicyScenario(
                "labels/pod-as-unmarked-peer", "a pod gets a label that a rule is not for, and loses it",
                ["G18", "G5"],
                [policy(.peer(unmarked, namespaces: [:]))] + marking(pod("y", "b"))),
            PolicyScenario(
                "labels/pod-as-subject", "a pod gets a label that a policy is about, another value of it, and loses it",
                ["G18"],
                [PolicyStep(.apply(PolicyManifest(both: []).about(marked).object))] + marking(pod("x", "c"))),
            PolicyScenario(
                "labels/pod-as-two-labels", "a pod gets the second of two labels that a rule is for", ["G18", "G4"],
                [policy(.peer(.labels(["pod": "b", "marked": "yes"])))] + marking(pod("x", "b"))),
            PolicyScenario(
                "labels/namespace-as-peer",
                "a namespace gets a label that a rule is for, another value of it, and loses it",
                ["G18"], [policy(.peer(nil, namespaces: marked))] + marking(namespace("y"))),
            PolicyScenario(
                "labels/namespace-of-pods", "a namespace gets a label that a rule for pods is for", ["G18", "G7"],
                [policy(.peer(.labels(["pod": "c"]), namespaces: marked))] + marking(namespace("y"))),
            PolicyScenario(
                "labels/namespace-as-unmarked-peer", "a namespace gets a label that a rule is not for, and loses it",
                ["G18", "G5"], [policy(.peer(nil, namespaces: unmarked))] + marking(namespace("z"))),
            PolicyScenario(
                "labels/before-policy", "labels that were there before the policy count", ["G18"],
                [
                    PolicyStep(
                        .label(pod("z", "a"), set: ["marked": "yes"], remove: []),
                        .label(namespace("y"), set: ["marked": "yes"], remove: []),
                        .apply(
                            PolicyManifest(both: [
                                PolicyRule(peers: [.peer(marked, namespaces: [:]), .peer(nil, namespaces: marked)])
                            ]).object))
                ]),
        ]
    }
}
