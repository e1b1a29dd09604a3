import KubernetesModel

extension PolicyScenario {
    /// Pods and namespaces that come and go, and pods whose ports are others than those of the world.
    static func podChanges(in world: PolicyWorld) -> [PolicyScenario] {
        [
            isolated(in: world), peer(in: world), withoutLabels(in: world), again(in: world), address(in: world),
            namespace(in: world),
            names(in: world),
        ]
    }

    private static func key(_ namespace: String, _ name: String) -> ObjectKey {
        ObjectKey(.pods, namespace: PolicyWorld.namespace(namespace), name: name)
    }

    /// A pod that a policy is about before it is there.
    private static func isolated(in world: PolicyWorld) -> PolicyScenario {
        let rule = PolicyRule(peers: [.peer(nil, namespaces: .labels(["ns": "y"]))], ports: [.port(80, .tcp)])
        return PolicyScenario(
            "pods/created-isolated", "a pod that comes after the policy is isolated, and what rules allow is allowed",
            ["G19", "G3"],
            [
                PolicyStep(.apply(PolicyManifest(both: [rule]).about([:]).object)),
                PolicyStep(
                    .apply(world.podObject("x", "d", ["pod": "d"], onNode: 0)),
                    .apply(world.podObject("x", "e", ["pod": "e"], onNode: 1))),
                PolicyStep(.delete(key("x", "d"))),
            ])
    }

    /// A pod that a rule is for before it is there.
    private static func peer(in world: PolicyWorld) -> PolicyScenario {
        let rule = PolicyRule(peers: [.peer(.labels(["pod": "d"]), namespaces: [:])])
        return PolicyScenario(
            "pods/created-as-peer", "a pod that a rule is for comes after the policy", ["G19", "G6"],
            [
                PolicyStep(.apply(PolicyManifest(both: [rule]).object)),
                PolicyStep(
                    .apply(world.podObject("y", "d", ["pod": "d"], onNode: 0)),
                    .apply(world.podObject("x", "d", ["pod": "d"], onNode: 1))),
                PolicyStep(.delete(key("y", "d"))),
            ])
    }

    /// A pod without the key that all others have.
    private static func withoutLabels(in world: PolicyWorld) -> PolicyScenario {
        func policy(_ comparison: String, _ values: [String]? = nil) -> PolicyStep {
            let selector = JSONValue.conditions(.condition("pod", comparison, values))
            return PolicyStep(
                .apply(
                    PolicyManifest(both: [PolicyRule(peers: [.peer(selector, namespaces: [:])])]).about(selector).object
                ))
        }
        return PolicyScenario(
            "pods/without-labels", "a pod without labels is meant by NotIn and DoesNotExist, and not by In and Exists",
            ["G5", "G19"],
            [
                PolicyStep(
                    .apply(world.podObject("x", "d", [:], onNode: 0)),
                    .apply(world.podObject("y", "d", [:], onNode: 1)),
                    .apply(PolicyManifest(both: []).about(.conditions(.condition("pod", "NotIn", ["a"]))).object)),
                policy("NotIn", ["a", "b"]), policy("DoesNotExist"), policy("Exists"), policy("In", ["a", "b"]),
            ])
    }

    /// A pod that went and came again with other labels, perhaps with another pod's former address.
    private static func again(in world: PolicyWorld) -> PolicyScenario {
        let rule = PolicyRule(peers: [.peer(.labels(["pod": "d"]), namespaces: [:])])
        return PolicyScenario(
            "pods/created-again", "a pod of the same name that came again with other labels is another one", ["G19"],
            [
                PolicyStep(
                    .apply(world.podObject("y", "d", ["pod": "d"], onNode: 0)),
                    .apply(PolicyManifest(both: [rule]).object)),
                PolicyStep(.delete(key("y", "d")), .apply(world.podObject("y", "d", ["pod": "other"], onNode: 0))),
                PolicyStep(.delete(key("y", "d")), .apply(world.podObject("y", "d", ["pod": "d"], onNode: 1))),
            ])
    }

    /// A pod that comes when another one on its node has gone, and may get the address that is free again.
    private static func address(in world: PolicyWorld) -> PolicyScenario {
        let rule = PolicyRule(peers: [.peer(.labels(["pod": "d"]), namespaces: [:])])
        return PolicyScenario(
            "pods/address-again", "a pod that gets the address of one that has gone does not get its permissions",
            ["G19"],
            [
                PolicyStep(
                    .apply(world.podObject("y", "d", ["pod": "d"], onNode: 0)),
                    .apply(PolicyManifest(both: [rule]).object)),
                PolicyStep(.delete(key("y", "d"))),
                PolicyStep(.apply(world.podObject("z", "e", ["pod": "e"], onNode: 0))),
            ])
    }

    /// A namespace that comes with its pods and goes.
    private static func namespace(in world: PolicyWorld) -> PolicyScenario {
        let rule = PolicyRule(peers: [.peer(nil, namespaces: .labels(["ns": "y"]))])
        let denial = PolicyManifest(both: []).about(.labels(["pod": "b"]), in: "w").named("denial")
        return PolicyScenario(
            "pods/created-namespace", "a namespace that a rule is for comes with its pods and policies, and goes",
            ["G19", "G27"],
            [
                PolicyStep(.apply(PolicyManifest(both: [rule]).object)),
                PolicyStep(
                    .apply(PolicyWorld.namespaceObject("w", ["ns": "y"])),
                    .apply(world.podObject("w", "a", ["pod": "a"], onNode: 0)),
                    .apply(world.podObject("w", "b", ["pod": "b"], onNode: 1)), .apply(denial.object)),
                PolicyStep(.delete(ObjectKey(.namespaces, name: PolicyWorld.namespace("w")))),
            ])
    }

    /// Pods that give their ports each other's names, in containers of their own.
    private static func names(in world: PolicyWorld) -> PolicyScenario {
        func swapped(_ namespace: String, onNode place: Int) -> PolicyChange {
            .apply(
                world.podObject(
                    namespace, "d", ["pod": "d"], onNode: place,
                    [
                        [.init(81, .tcp, as: 80), .init(81, .udp, as: 80)],
                        [.init(80, .tcp, as: 81), .init(80, .udp, as: 81)],
                    ]))
        }
        func policy(_ name: String, _ transport: TransportProtocol?) -> PolicyChange {
            .apply(
                PolicyManifest(both: [PolicyRule(ports: [.port(.string(name), transport)])])
                    .about(.conditions(.condition("pod", "In", ["a", "d"]))).object)
        }
        return PolicyScenario(
            "pods/names-of-ports", "a port's name is each pod's own: another number in another pod", ["G12", "G11"],
            [
                PolicyStep(swapped("x", onNode: 0), swapped("y", onNode: 1), policy("serve-80-tcp", nil)),
                PolicyStep(policy("serve-81-tcp", .tcp)), PolicyStep(policy("serve-81-udp", .udp)),
            ])
    }
}
