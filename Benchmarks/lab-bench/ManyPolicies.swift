import Addressing
import KubernetesModel

/// A cluster of many policies over many pods: each pod is isolated by 20 policies, each policy lets one group of pods in at
/// one port of its own.
struct ManyPolicies {
    let count: Int
    /// How many pods and policies share a label.
    private static let groups = 50

    /// The pods, on one node.
    var pods: [APIObject] {
        (0..<count).map { number in
            pod(number, labels: ["app": "a\(number % Self.groups)", "number": "\(number)"])
        }
    }

    /// The policies.
    var policies: [APIObject] {
        (0..<count).map { policy($0, port: 1000 + $0) }
    }

    /// One of the pods, with other labels.
    func pod(_ number: Int, labels: [String: String]) -> APIObject {
        let address = "10.244.\(number / 250).\(number % 250 + 2)"
        var pod = APIObject(.pods, namespace: "default", name: "pod\(number)")
        pod.labels = labels
        pod["spec"] = ["nodeName": "node1", "containers": [["name": "server", "image": "nginx"]]]
        pod["status"] = ["phase": "Running", "podIPs": [["ip": .string(address)]]]
        return pod
    }

    /// One of the policies, with another port.
    func policy(_ number: Int, port: Int) -> APIObject {
        var policy = APIObject(.networkPolicies, namespace: "default", name: "policy\(number)")
        policy["spec"] = [
            "podSelector": ["matchLabels": ["app": .string("a\(number % Self.groups)")]],
            "policyTypes": ["Ingress"],
            "ingress": [
                [
                    "from": [
                        ["podSelector": ["matchLabels": ["app": .string("a\((number + 7) % Self.groups)")]]]
                    ],
                    "ports": [["protocol": "TCP", "port": .integer(Int64(port))]],
                ]
            ],
        ]
        return policy
    }
}
