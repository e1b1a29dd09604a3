import Addressing
import KubernetesModel
import Testing

/// By which policies and rules, in which words.
@Suite("Reasons for what NetworkPolicies do")
struct PolicyReasonTests {
    @Test("an allowed flow names every rule that allows it, with the peer and the port")
    func allowed() throws {
        let cluster = try PolicyCluster(
            #"""
            {"podSelector":{},"ingress":[
             {"from":[{"podSelector":{"matchLabels":{"app":"nobody"}}}]},
             {"from":[{"namespaceSelector":{"matchLabels":{"team":"blue"}}},{"ipBlock":{"cidr":"10.244.1.0/24"}}],
              "ports":[{"port":443},{"port":80}]}]}
            """#, #"{"podSelector":{"matchLabels":{"app":"b"}},"ingress":[{}]}"#)
        let verdict = try cluster.verdict("y/a", "x/b")
        guard case .decided(let egress, let ingress) = verdict else {
            Issue.record("\(verdict)")
            return
        }
        #expect(egress.grounds == .notIsolated)
        guard case .allowed(let rules) = ingress.grounds else {
            Issue.record("\(ingress)")
            return
        }
        #expect(rules.map(\.policy.name) == ["p0", "p1"])
        #expect(rules.map(\.rule) == [1, 0])
        #expect(rules.map(\.peer) == [1, nil])
        #expect(rules.map(\.port) == [1, nil])
        #expect(
            verdict.description
                == "allowed: egress of pod y/a: no policy selects the pod for it; ingress to pod x/b: allowed by "
                + "x/p0 ingress[1] (from[1], ports[1]), x/p1 ingress[0]")
    }

    @Test("a denied flow names the end where it fails and the policies that isolate the pod there")
    func denied() throws {
        let cluster = try PolicyCluster(PolicyCluster.denyAll, PolicyCluster.denyIngress)
        let verdict = try cluster.verdict("y/a", "x/b", "UDP 53")
        guard case .decided(_, let ingress) = verdict else {
            Issue.record("\(verdict)")
            return
        }
        let policies = ["p0", "p1"].map { PolicyReference(namespace: "x", name: $0) }
        #expect(ingress.grounds == .denied(by: policies))
        #expect(
            verdict.because
                == "ingress to pod x/b: isolated by x/p0, x/p1, and no rule allows UDP 53 from pod y/a: denied")
        #expect(
            try cluster.verdict("x/a", "192.168.1.100").because
                == "egress of pod x/a: isolated by x/p0, and no rule allows TCP 80 to outside host 192.168.1.100: denied"
        )
        let both = try cluster.verdict("x/a", "x/b").because
        #expect(both.contains("egress of pod x/a") && both.contains("; ingress to pod x/b"), "both ends deny: \(both)")
    }

    @Test("both ends have to allow")
    func bothEnds() throws {
        var cluster = try PolicyCluster(#"{"podSelector":{},"egress":[{}],"policyTypes":["Egress"]}"#)
        try cluster.add(PolicyCluster.denyIngress, namespace: "y")
        #expect(try cluster.flow("x/a", "y/a") == "denied")
        try cluster.add(
            #"{"podSelector":{},"ingress":[{"from":[{"namespaceSelector":{"matchLabels":{"team":"blue"}}}]}]}"#,
            namespace: "y")
        #expect(try cluster.flow("x/a", "y/a") == "allowed")
    }

    @Test("a policy is about pods of its own namespace only")
    func ownNamespace() throws {
        let cluster = try PolicyCluster(PolicyCluster.denyAll)
        #expect(try cluster.flow("node2", "y/a") == "allowed")
        #expect(try cluster.flow("y/a", "y/b") == "allowed")
    }

    @Test("namespaces are known by the label kubernetes.io/metadata.name, and those that the snapshot lacks too")
    func namespaceName() throws {
        var cluster = try PolicyCluster(
            #"""
            {"podSelector":{},"ingress":[{"from":[
             {"namespaceSelector":{"matchLabels":{"kubernetes.io/metadata.name":"y"}}}]}]}
            """#)
        for _ in 0..<2 {
            #expect(try cluster.flow("y/b", "x/a") == "allowed")
            #expect(try cluster.flow("x/b", "x/a") == "denied")
            cluster.namespaceLabels = [:]
        }
    }

    @Test("a node that masquerades: whether policies see its address or the client's is not defined")
    func masquerade() throws {
        var cluster = try PolicyCluster(
            #"{"podSelector":{},"ingress":[{"from":[{"ipBlock":{"cidr":"192.168.1.100/32"}}]}]}"#)
        cluster.others = PolicyCluster.service(port: 80, targetPort: 80, to: "10.244.2.2", on: "node2")
        let client = try PolicyCluster.party("outside", .ipv4)
        #expect(try cluster.throughService(client, "192.168.1.11:30080") == "policy.masqueraded-source")
        #expect(try cluster.throughService(client, "192.168.1.11:30080", [.masqueradedSource: "client"]) == "allowed")
        #expect(try cluster.throughService(client, "192.168.1.11:30080", [.masqueradedSource: "node"]) == "denied")
        #expect(try cluster.throughService(client, "192.168.1.12:30080") == "allowed", "the pod's own node gets in")
    }

    @Test("a pod that has ended has given its address back: policies are about the pod that has it now")
    func endedPod() throws {
        var cluster = try PolicyCluster(#"{"podSelector":{"matchLabels":{"app":"old"}}}"#)
        for (name, phase) in [("old", "Succeeded"), ("new", "Running")] {
            var pod = APIObject(
                .pods, namespace: "x", name: name,
                [
                    "spec": ["nodeName": "node1"],
                    "status": ["phase": .string(phase), "podIPs": [["ip": "10.244.1.9"]]],
                ])
            pod.labels = ["app": name]
            cluster.others.append(pod)
        }
        #expect(try cluster.flow("y/b", "10.244.1.9") == "allowed")
        #expect(try cluster.verdict("y/b", "10.244.1.9").because.contains("x/new"))
    }

    @Test("a table shows who reaches whom")
    func table() throws {
        var cluster = try PolicyCluster(#"{"podSelector":{},"ingress":[{"from":[{"podSelector":{}}]}]}"#)
        let pods = ["x/a", "x/b", "y/a"].map {
            let parts = $0.split(separator: "/").map(String.init)
            return PodReference(namespace: parts[0], name: parts[1])
        }
        #expect(
            try cluster.oracle.table(of: pods, .tcp, 80).description == """
                TCP 80   x/a  x/b  y/a
                pod x/a  .    .    .
                pod x/b  .    .    .
                pod y/a  X    X    .
                """)
        cluster.policies = []
        try cluster.add(#"{"podSelector":{},"ingress":[{"ports":[{"protocol":"UDP"}]}]}"#)
        let agent = FlowSource.pod(namespace: "x", name: "agent")
        let table = try cluster.oracle.table(from: [agent, .node("node2")], to: pods, .tcp, 80)
        #expect(
            table.description == """
                TCP 80       x/a  x/b  y/a
                pod x/agent  ?    X    .
                node node2   X    .    .
                """)
        #expect(table.verdicts[0][0].isAllowed == nil)
    }

    @Test("who is not there or has no address in common with the pod is told so")
    func unanswerable() throws {
        var cluster = try PolicyCluster()
        cluster.others = [ServiceCluster.pod("six", on: "node1", ["fd00:10:244:1::9"])]
        let oracle = cluster.oracle
        let six = PodReference(name: "six")
        let gone = PodReference(name: "gone")
        #expect(throws: FlowError.unknownPod(gone)) { try oracle.verdict(from: .pod(six), to: gone, .tcp, 80) }
        #expect(throws: FlowError.unknownPod(gone)) { try oracle.verdict(from: .pod(gone), to: six, .tcp, 80) }
        #expect(throws: FlowError.noAddress(of: .pod(six), .ipv4)) {
            try oracle.verdict(from: .node("node1"), to: six, .tcp, 80, .ipv4)
        }
        #expect(try oracle.verdict(from: .node("node1"), to: six, .tcp, 80).isAllowed == true, "they share IPv6")
    }
}
