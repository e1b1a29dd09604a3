import Addressing
import KubernetesModel

extension PolicyScenario {
    /// Several policies at once: each only adds to what is allowed, and both ends have to allow.
    static func unions(in world: PolicyWorld) -> [PolicyScenario] {
        NetworkPolicy.Direction.allCases.flatMap { direction in conflicts(direction, in: world) } + stacks + ends
    }

    /// One policy that denies and one that allows the same.
    private static func conflicts(_ direction: NetworkPolicy.Direction, in world: PolicyWorld) -> [PolicyScenario] {
        let word = direction.word
        func policy(_ name: String, _ peers: [JSONValue]?...) -> PolicyManifest {
            PolicyManifest(direction, peers.map { PolicyRule(peers: $0) }).named(name)
        }
        let nothing = policy("nothing")
        let everything = policy("everything", nil)
        let allPods = policy("all-pods", [.peer(nil, namespaces: [:])])
        let allAddresses = policy("all-addresses", world.families.map { .block(.all($0)) })
        let noPods = policy("no-pods", [.peer(nil, namespaces: .labels(["ns": "nobody"]))])
        let noAddresses = policy("no-addresses", world.families.map { .block(.nobody($0)) })
        return [
            PolicyScenario(
                "unions/\(word)-nothing-and-everything", "nothing by one policy of \(word), everything by another",
                ["G9", "G1", "G2"], nothing, everything),
            PolicyScenario(
                "unions/\(word)-nothing-and-pods", "nothing by one policy of \(word), all pods by another",
                ["G9", "G6"],
                nothing, allPods),
            PolicyScenario(
                "unions/\(word)-nothing-and-addresses", "nothing by one policy of \(word), all addresses by another",
                ["G9", "G14"], nothing, allAddresses),
            PolicyScenario(
                "unions/\(word)-no-addresses-and-pods",
                "no pod's address by one policy of \(word), all pods by another",
                ["G9", "G14"], noAddresses, allPods),
            PolicyScenario(
                "unions/\(word)-no-pods-and-addresses", "no pod by one policy of \(word), all addresses by another",
                ["G9", "G14"], noPods, allAddresses),
            PolicyScenario("unions/\(word)-no-addresses", "no pod's address of \(word)", ["G14", "G1"], noAddresses),
            PolicyScenario("unions/\(word)-no-pods", "no pod of \(word)", ["G6", "G1"], noPods),
        ]
    }

    /// Policies that are about some of the same pods.
    private static var stacks: [PolicyScenario] {
        let namespaces = PolicyRule(peers: [.peer(nil, namespaces: .labels(["ns": "y"]))], ports: [.port(80, .tcp)])
        let pods = PolicyRule(peers: [.peer(.labels(["pod": "c"]), namespaces: [:])], ports: [.port(81, .tcp)])
        let one = PolicyManifest(both: [namespaces]).named("one")
        let two = PolicyManifest(both: [pods]).named("two").about(.conditions(.condition("pod", "In", ["a", "b"])))
        let three = PolicyManifest(.ingress, [PolicyRule(ports: [.port(nil, .udp)])]).named("three").about([:])
        return [
            PolicyScenario(
                "unions/same-pods", "two policies about the same pod, each with peers and ports of its own", ["G9"],
                one,
                two.about(one.subject)),
            PolicyScenario(
                "unions/overlapping-pods", "three policies about overlapping sets of pods", ["G9", "G3"], one, two,
                three),
            PolicyScenario(
                "unions/different-directions", "one policy of ingress and one of egress about the same pod",
                ["G9", "G15"],
                PolicyManifest(.ingress, [namespaces]).named("one"), PolicyManifest(.egress, [pods]).named("two")),
            PolicyScenario(
                "unions/one-after-another", "policies that come one after another only add to what is allowed",
                ["G9", "G17"], [one, two, three].map { PolicyStep(.apply($0.object)) }),
            PolicyScenario(
                "unions/same-name", "policies of one name in different namespaces are different ones", ["G27", "G9"],
                PolicyManifest(both: [namespaces]), PolicyManifest(both: [pods]).about(in: "y"),
                PolicyManifest(.egress, []).about([:], in: "z")),
        ]
    }

    /// Policies at both ends of a flow.
    private static var ends: [PolicyScenario] {
        let (sender, receiver) = (JSONValue.labels(["pod": "b"]), JSONValue.labels(["pod": "c"]))
        func end(_ direction: NetworkPolicy.Direction, _ rules: [PolicyRule]) -> PolicyManifest {
            PolicyManifest(direction, rules).named(direction.word)
                .about(direction == .egress ? sender : receiver, in: direction == .egress ? "x" : "y")
        }
        let toReceiver = PolicyRule(peers: [.peer(receiver, namespaces: .labels(["ns": "y"]))])
        let fromSender = PolicyRule(peers: [.peer(sender, namespaces: .labels(["ns": "x"]))])
        let elsewhere = PolicyRule(peers: [.peer(.labels(["pod": "a"]))])
        return [
            PolicyScenario(
                "unions/denied-by-sender", "what the receiver allows and the sender does not is denied", ["G10"],
                end(.egress, []), end(.ingress, [PolicyRule()])),
            PolicyScenario(
                "unions/denied-by-receiver", "what the sender allows and the receiver does not is denied", ["G10"],
                end(.egress, [PolicyRule()]), end(.ingress, [])),
            PolicyScenario(
                "unions/allowed-by-both", "what both ends allow is allowed", ["G10"], end(.egress, [toReceiver]),
                end(.ingress, [fromSender])),
            PolicyScenario(
                "unions/receiver-allows-another", "each end allows, and not the other one", ["G10"],
                end(.egress, [toReceiver]), end(.ingress, [elsewhere])),
            PolicyScenario(
                "unions/ports-of-both", "only the ports that both ends allow are allowed", ["G10", "G11"],
                end(.egress, [PolicyRule(ports: [.port(80, .tcp), .port(80, .udp)])]),
                end(.ingress, [PolicyRule(ports: [.port(80, .tcp), .port(81, .tcp)])])),
        ]
    }
}
