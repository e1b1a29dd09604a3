import Addressing
import KubernetesModel
import Testing

/// Corner cases 9 to 15, each by its number.
@Suite("Further corner cases of NetworkPolicies")
struct PolicyFurtherCornerCaseTests {
    // MARK: 9

    @Test("corner case 9: an exception takes addresses out of its own peer only, and all exceptions count")
    func exceptions() throws {
        let one = try PolicyCluster(
            #"""
            {"podSelector":{},"ingress":[{"from":[
             {"ipBlock":{"cidr":"10.244.0.0/16","except":["10.244.1.0/24","10.244.2.3/32"]}}]}]}
            """#)
        #expect(try one.flow("x/b", "x/a") == "allowed")
        #expect(try one.flow("y/a", "x/b") == "denied")
        #expect(try one.flow("y/b", "x/a") == "denied", "the second exception counts too")
        let again = try PolicyCluster(
            #"""
            {"podSelector":{},"ingress":[{"from":[
             {"ipBlock":{"cidr":"10.244.0.0/16","except":["10.244.1.0/24"]}},{"ipBlock":{"cidr":"10.244.1.3/32"}}]}]}
            """#)
        #expect(try again.flow("y/a", "x/b") == "allowed", "another peer allows it")
        #expect(try again.flow("x/a", "x/b") == "denied")
        var byPolicy = one
        try byPolicy.add(#"{"podSelector":{},"ingress":[{},{"from":[{"podSelector":{}}]}]}"#)
        #expect(try byPolicy.flow("y/a", "x/b") == "allowed", "another policy allows it")
    }

    @Test("corner case 9: blocks mean pods, nodes and outside hosts by their addresses, family by family")
    func blocks() throws {
        let everybody = try PolicyCluster(
            #"{"podSelector":{},"ingress":[{"from":[{"ipBlock":{"cidr":"0.0.0.0/0"}}]}]}"#)
        for source in ["x/b", "y/b", "node2", "outside", "203.0.113.9"] {
            #expect(try everybody.flow(source, "10.244.1.2") == "allowed", "\(source)")
        }
        #expect(try everybody.flow("y/b", "fd00:10:244:1::2") == "denied", "IPv4's everybody is nobody in IPv6")
        let half = try PolicyCluster(
            #"{"podSelector":{},"egress":[{"to":[{"ipBlock":{"cidr":"::/0","except":["fd00:10:244:2::/64"]}}]}]}"#)
        #expect(try half.flow("x/a", "fd00:192:168:1::100") == "allowed")
        #expect(try half.flow("x/a", "fd00:192:168:1::12") == "allowed")
        #expect(try half.flow("x/a", "fd00:10:244:2::3") == "denied")
        #expect(try half.flow("x/a", "192.168.1.100") == "denied")
    }

    // MARK: 10

    @Test("corner case 10: NotIn and DoesNotExist match what lacks the key, In and Exists do not")
    func absentKeys() throws {
        func flow(_ comparison: String, _ values: String, from source: String) throws -> String {
            let expression = #"{"key":"tier","operator":"\#(comparison)"\#(values)}"#
            return try PolicyCluster(
                #"{"podSelector":{},"ingress":[{"from":[{"podSelector":{"matchExpressions":[\#(expression)]},"namespaceSelector":{}}]}]}"#
            ).flow(source, "x/a")
        }
        let web = #","values":["web"]"#
        let results = try ["y/a", "y/b"].map { source in
            [
                try flow("NotIn", web, from: source), try flow("DoesNotExist", "", from: source),
                try flow("In", web, from: source), try flow("Exists", "", from: source),
            ]
        }
        #expect(results == [["allowed", "allowed", "denied", "denied"], ["denied", "denied", "allowed", "allowed"]])
    }

    @Test("corner case 10: so do selectors of namespaces, and of the policy's pods")
    func absentKeysElsewhere() throws {
        var cluster = try PolicyCluster(
            #"""
            {"podSelector":{"matchExpressions":[{"key":"tier","operator":"NotIn","values":["web"]}]},"ingress":[{"from":[
             {"namespaceSelector":{"matchExpressions":[{"key":"team","operator":"DoesNotExist"}]}}]}]}
            """#)
        #expect(try cluster.flow("y/b", "x/a") == "denied")
        #expect(try cluster.flow("y/b", "x/b") == "allowed", "the policy is not about x/b")
        cluster.namespaceLabels["y"] = [:]
        #expect(try cluster.flow("y/b", "x/a") == "allowed")
    }

    // MARK: 11

    @Test("corner case 11: a rule for SCTP isolates the pod and never opens TCP")
    func sctp() throws {
        let cluster = try PolicyCluster(#"{"podSelector":{},"ingress":[{"ports":[{"port":80,"protocol":"SCTP"}]}]}"#)
        #expect(try cluster.flow("y/b", "x/a", "SCTP 80") == "allowed")
        for traffic in ["TCP 80", "UDP 80", "SCTP 81"] { #expect(try cluster.flow("y/b", "x/a", traffic) == "denied") }
    }

    // MARK: 12

    @Test("corner case 12: a pod's own node always gets in, other nodes do not")
    func ownNode() throws {
        let cluster = try PolicyCluster(PolicyCluster.denyAll)
        #expect(try cluster.flow("node1", "x/a") == "allowed")
        #expect(try cluster.flow("node2", "x/a") == "denied")
        #expect(try cluster.flow("node2", "x/b") == "allowed")
    }

    @Test(
        "corner case 12: towards its own node a pod is exempt by the documentation and not by the API's text: a question"
    )
    func towardsOwnNode() throws {
        let cluster = try PolicyCluster(PolicyCluster.denyAll)
        #expect(try cluster.flow("x/a", "192.168.1.11") == "policy.egress-to-own-node")
        #expect(try cluster.flow("x/a", "192.168.1.11", "TCP 80", [.egressToOwnNode: "allowed"]) == "allowed")
        #expect(try cluster.flow("x/a", "192.168.1.11", "TCP 80", [.egressToOwnNode: "by-rule"]) == "denied")
        #expect(try cluster.flow("x/a", "192.168.1.12") == "denied")
        let open = try PolicyCluster(#"{"podSelector":{},"egress":[{"to":[{"ipBlock":{"cidr":"192.168.1.0/24"}}]}]}"#)
        #expect(try open.flow("x/a", "192.168.1.11") == "allowed", "no question where a rule allows it")
    }

    // MARK: 13

    @Test("corner case 13: a pod always reaches its own address")
    func itself() throws {
        let cluster = try PolicyCluster(PolicyCluster.denyAll)
        #expect(try cluster.flow("x/a", "x/a") == "allowed")
        #expect(try cluster.flow("x/a", "10.244.1.2", "UDP 9") == "allowed")
        #expect(try cluster.flow("x/a", "x/b") == "denied")
    }

    @Test("corner case 13: through a Service back to itself is left to implementations")
    func hairpin() throws {
        var cluster = try PolicyCluster(PolicyCluster.denyAll)
        cluster.others = PolicyCluster.service(port: 80, targetPort: 80, to: "10.244.1.2", on: "node1")
        let itself = FlowSource.pod(namespace: "x", name: "a")
        #expect(try cluster.throughService(itself, "10.96.0.10:80") == "policy.hairpin")
        #expect(try cluster.throughService(itself, "10.96.0.10:80", [.hairpin: "allowed"]) == "allowed")
        #expect(try cluster.throughService(itself, "10.96.0.10:80", [.hairpin: "by-rule"]) == "denied")
        #expect(try cluster.throughService(.pod(namespace: "x", name: "b"), "10.96.0.10:80") == "denied")
    }

    // MARK: 14

    @Test("corner case 14: a pod in its node's network is a pod or its node; both are permitted")
    func hostNetwork() throws {
        let asNode: PolicyProfile = [.hostNetworkPods: "as-node"]
        let asPod: PolicyProfile = [.hostNetworkPods: "as-pod"]
        let isolated = try PolicyCluster(PolicyCluster.denyIngress)
        #expect(try isolated.flow("y/a", "x/monitor") == "policy.host-network-pods")
        #expect(try isolated.flow("y/a", "x/monitor", "TCP 80", asNode) == "allowed")
        #expect(try isolated.flow("y/a", "x/monitor", "TCP 80", asPod) == "denied")
        #expect(try isolated.flow("x/monitor", "x/a") == "denied", "neither a pod nor another node is let in")
        #expect(
            try isolated.flow("x/agent", "x/a") == "policy.host-network-pods", "its own node is let in, a pod is not")
        let selected = try PolicyCluster(
            #"{"podSelector":{},"ingress":[{"from":[{"podSelector":{"matchLabels":{"app":"monitor"}}}]}]}"#)
        #expect(try selected.flow("x/monitor", "x/a", "TCP 80", asPod) == "allowed")
        #expect(try selected.flow("x/monitor", "x/a", "TCP 80", asNode) == "denied")
        let block = try PolicyCluster(
            #"{"podSelector":{},"ingress":[{"from":[{"ipBlock":{"cidr":"192.168.1.12/32"}}]}]}"#)
        #expect(try block.flow("x/monitor", "x/a") == "allowed", "its node's address means it either way")
    }

    @Test("corner case 14: ICMP to or from an isolated pod is undefined, and passes between others and to itself")
    func icmp() throws {
        let cluster = try PolicyCluster(#"{"podSelector":{},"ingress":[{}]}"#)
        func ping(_ source: String, _ target: String, _ profile: PolicyProfile = [:]) throws -> String {
            let address = try #require(IPAddress(target))
            return try cluster.oracle.icmpVerdict(from: PolicyCluster.party(source, .ipv4), to: address)
                .settled(by: profile).words
        }
        #expect(try ping("y/b", "10.244.1.2") == "policy.icmp")
        #expect(try ping("y/b", "10.244.1.2", [.icmp: "allowed"]) == "allowed")
        #expect(try ping("y/b", "10.244.1.2", [.icmp: "denied"]) == "denied")
        #expect(try ping("x/a", "10.244.2.3") == "allowed", "x/a is not isolated for egress")
        #expect(try ping("x/a", "10.244.1.2") == "allowed")
        #expect(try ping("node1", "10.244.1.2") == "allowed")
    }

    // MARK: 15

    @Test("corner case 15: a pod is isolated before it runs", arguments: ["Pending", "Running", "Unknown"])
    func newPod(phase: String) throws {
        var cluster = try PolicyCluster(PolicyCluster.denyIngress)
        cluster.others = [
            APIObject(
                .pods, namespace: "x", name: "new",
                [
                    "spec": ["nodeName": "node1"],
                    "status": ["phase": .string(phase), "podIPs": [["ip": "10.244.1.9"]]],
                ])
        ]
        #expect(try cluster.flow("y/a", "x/new") == "denied")
        #expect(try cluster.flow("y/a", "10.244.1.9") == "denied")
    }
}
