import Addressing
import KubernetesModel

extension PolicyScenario {
    /// What is as long or as many as the API takes.
    static var sizes: [PolicyScenario] {
        // Every rule but the last is for addresses that no pod has (RFC 2544, RFC 5180).
        let idle = (0..<1000).map { number -> PolicyRule in
            let block = JSONValue.object(["cidr": .string("198.18.\(number / 250).\(number % 250)/32")])
            return PolicyRule(peers: [["ipBlock": block]], ports: [.port(.integer(Int64(1000 + number)), .tcp)])
        }
        let last = PolicyRule(peers: [.peer(.labels(["pod": "c"]), namespaces: [:])], ports: [.port(80, .tcp)])
        let ports = (0..<200).map { JSONValue.port(.integer(Int64(1000 + 2 * $0)), .tcp) } + [.port(81, .tcp)]
        let values = (0..<300).map { "value-\($0)" } + ["b"]
        let key = String(repeating: "k", count: 63)
        let value = String(repeating: "v", count: 63)
        let longLabel = "\(String(repeating: "p", count: 61)).\(String(repeating: "p", count: 61)).example/\(key)"
        // A DNS subdomain of 253 characters.
        let name =
            ([String](repeating: String(repeating: "n", count: 63), count: 3) + [String(repeating: "n", count: 61)])
            .joined(separator: ".")
        return [
            PolicyScenario(
                "sizes/longest-name", "a policy with the longest name that there is", ["G30"],
                PolicyManifest(both: [last]).named(name)),
            PolicyScenario(
                "sizes/two-long-names", "policies whose long names differ in their last letter only", ["G30", "G9"],
                PolicyManifest(both: [last]).named(name),
                PolicyManifest(both: [PolicyRule(ports: [.port(81, .udp)])]).named("\(name.dropLast())m")),
            PolicyScenario(
                "sizes/longest-label", "a rule for a label with the longest key and value that there are",
                ["G30", "G4"],
                [
                    PolicyStep(
                        .label(
                            ObjectKey(.pods, namespace: PolicyWorld.namespace("y"), name: "b"), set: [longLabel: value],
                            remove: []),
                        .apply(
                            PolicyManifest(both: [
                                PolicyRule(peers: [.peer(.labels([longLabel: value]), namespaces: [:])])
                            ]).object))
                ]),
            PolicyScenario(
                "sizes/many-rules", "a policy of 1,001 rules, of which the last counts too", ["G30", "G8"],
                PolicyManifest(both: idle + [last])),
            PolicyScenario(
                "sizes/many-ports", "a rule of 201 ports, of which the last counts too", ["G30", "G11"],
                PolicyManifest(both: [PolicyRule(ports: ports)])),
            PolicyScenario(
                "sizes/many-values", "a condition of 301 values, of which the last counts too", ["G30", "G5"],
                PolicyManifest(both: [PolicyRule(peers: [.peer(.conditions(.condition("pod", "In", values)))])])),
        ]
    }
}
