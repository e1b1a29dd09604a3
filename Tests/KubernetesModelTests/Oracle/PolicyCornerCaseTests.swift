import Addressing
import KubernetesModel
import Testing

/// Corner cases 1 to 8, each by its number.
@Suite("Corner cases of NetworkPolicies")
struct PolicyCornerCaseTests {
    private static let others = ["x/b", "y/a", "y/b", "node2", "outside"]

    // MARK: 1

    @Test(
        "corner case 1: without policyTypes a policy isolates for ingress, and for egress only where it has egress rules"
    )
    func policyTypes() throws {
        let silent = try PolicyCluster(#"{"podSelector":{}}"#)
        #expect(try silent.flow("y/b", "x/a") == "denied")
        #expect(try silent.flow("x/a", "y/b") == "allowed")
        let emptyEgress = try PolicyCluster(#"{"podSelector":{},"egress":[]}"#)
        #expect(try emptyEgress.flow("x/a", "y/b") == "allowed", "an empty list has no rules")
        let egress = try PolicyCluster(#"{"podSelector":{},"egress":[{"ports":[{"port":443}]}]}"#)
        #expect(try egress.flow("x/a", "y/b", "TCP 443") == "allowed")
        #expect(try egress.flow("x/a", "y/b", "TCP 80") == "denied")
        #expect(try egress.flow("y/b", "x/a", "TCP 443") == "denied", "ingress is isolated too")
    }

    @Test("corner case 1: a policy of type Egress leaves ingress alone")
    func egressOnly() throws {
        let cluster = try PolicyCluster(#"{"podSelector":{},"policyTypes":["Egress"],"ingress":[]}"#)
        #expect(try cluster.flow("y/b", "x/a") == "allowed")
        #expect(try cluster.flow("x/a", "y/b") == "denied")
    }

    // MARK: 2

    @Test("corner case 2: no ingress rule denies all, one empty rule allows all", arguments: others)
    func emptyRules(source: String) throws {
        for spec in [#"{"podSelector":{},"ingress":[]}"#, PolicyCluster.denyIngress] {
            #expect(try PolicyCluster(spec).flow(source, "x/a") == "denied")
        }
        let allowAll = try PolicyCluster(#"{"podSelector":{},"ingress":[{}]}"#)
        for traffic in ["TCP 80", "UDP 53", "SCTP 1"] {
            #expect(try allowAll.flow(source, "x/a", traffic) == "allowed")
        }
    }

    // MARK: 3

    @Test("corner case 3: without peers a rule means everyone, also outside of the cluster", arguments: others)
    func absentPeers(source: String) throws {
        for spec in [
            #"{"podSelector":{},"ingress":[{"ports":[{"port":80}]}]}"#,
            #"{"podSelector":{},"ingress":[{"from":[],"ports":[{"port":80}]}]}"#,
        ] {
            #expect(try PolicyCluster(spec).flow(source, "x/a") == "allowed")
        }
    }

    @Test("corner case 3: an empty namespaceSelector means every pod, and nobody else")
    func everyNamespace() throws {
        let cluster = try PolicyCluster(#"{"podSelector":{},"ingress":[{"from":[{"namespaceSelector":{}}]}]}"#)
        for source in ["x/b", "y/a", "y/b"] { #expect(try cluster.flow(source, "x/a") == "allowed") }
        for source in ["node2", "outside"] { #expect(try cluster.flow(source, "x/a") == "denied") }
    }

    // MARK: 4

    @Test("corner case 4: two selectors in one peer are both needed, of two peers one suffices")
    func andOr() throws {
        let both = try PolicyCluster(
            #"""
            {"podSelector":{},"ingress":[{"from":[
             {"namespaceSelector":{"matchLabels":{"team":"red"}},"podSelector":{"matchLabels":{"app":"b"}}}]}]}
            """#)
        #expect(try both.flow("y/b", "x/a") == "allowed")
        #expect(try both.flow("x/b", "x/a") == "denied")
        #expect(try both.flow("y/a", "x/a") == "denied")
        let either = try PolicyCluster(
            #"""
            {"podSelector":{},"ingress":[{"from":[
             {"namespaceSelector":{"matchLabels":{"team":"red"}}},{"podSelector":{"matchLabels":{"app":"b"}}}]}]}
            """#)
        for source in ["y/b", "y/a", "x/b"] { #expect(try either.flow(source, "x/a") == "allowed") }
    }

    @Test(
        "corner case 4: a podSelector alone means pods of the policy's own namespace",
        arguments: ["{}", #"{"matchLabels":{"app":"b"}}"#])
    func ownNamespace(selector: String) throws {
        let cluster = try PolicyCluster(#"{"podSelector":{},"ingress":[{"from":[{"podSelector":\#(selector)}]}]}"#)
        #expect(try cluster.flow("x/b", "x/a") == "allowed")
        #expect(try cluster.flow("y/b", "x/a") == "denied")
    }

    // MARK: 5

    @Test("corner case 5: a port without protocol is TCP, a protocol without port is all its ports")
    func portDefaults() throws {
        let port = try PolicyCluster(#"{"podSelector":{},"ingress":[{"ports":[{"port":80}]}]}"#)
        #expect(try port.flow("y/b", "x/a", "TCP 80") == "allowed")
        for traffic in ["UDP 80", "SCTP 80", "TCP 81"] { #expect(try port.flow("y/b", "x/a", traffic) == "denied") }
        let transport = try PolicyCluster(#"{"podSelector":{},"ingress":[{"ports":[{"protocol":"UDP"}]}]}"#)
        for traffic in ["UDP 1", "UDP 65535"] { #expect(try transport.flow("y/b", "x/a", traffic) == "allowed") }
        #expect(try transport.flow("y/b", "x/a", "TCP 1") == "denied")
        let nothing = try PolicyCluster(#"{"podSelector":{},"ingress":[{"ports":[{}]}]}"#)
        #expect(try nothing.flow("y/b", "x/a", "TCP 7") == "allowed", "an empty port is every port of TCP")
        #expect(try nothing.flow("y/b", "x/a", "UDP 7") == "denied")
    }

    // MARK: 6

    @Test("corner case 6: the port is the pod's own, behind a Service too")
    func afterTranslation() throws {
        var cluster = try PolicyCluster(#"{"podSelector":{},"ingress":[{"ports":[{"port":8080}]}]}"#)
        cluster.others = PolicyCluster.service(port: 80, targetPort: 8080, to: "10.244.2.2", on: "node2")
        let client = FlowSource.pod(namespace: "y", name: "a")
        #expect(try cluster.throughService(client, "10.96.0.10:80") == "allowed")
        cluster.policies = []
        try cluster.add(#"{"podSelector":{},"ingress":[{"ports":[{"port":80}]}]}"#)
        #expect(try cluster.throughService(client, "10.96.0.10:80") == "denied")
    }

    // MARK: 7

    @Test("corner case 7: a named port is the one that each destination pod calls so")
    func namedPort() throws {
        let ingress = try PolicyCluster(#"{"podSelector":{},"ingress":[{"ports":[{"port":"http"}]}]}"#)
        #expect(try ingress.flow("y/a", "x/a", "TCP 80") == "allowed")
        #expect(try ingress.flow("y/a", "x/a", "TCP 8080") == "denied")
        #expect(try ingress.flow("y/a", "x/b", "TCP 8080") == "allowed")
        #expect(try ingress.flow("y/a", "x/b", "TCP 80") == "denied")
        let egress = try PolicyCluster(
            #"{"podSelector":{},"policyTypes":["Egress"],"egress":[{"ports":[{"port":"http"}]}]}"#)
        #expect(
            try egress.flow("x/a", "y/b", "TCP 8080") == "allowed", "by the destination's names, not the policy's pod's"
        )
        #expect(try egress.flow("x/a", "y/b", "TCP 80") == "denied")
    }

    @Test("corner case 7: the name with another protocol, or one that nobody serves, matches nothing")
    func unservedName() throws {
        let cluster = try PolicyCluster(
            #"{"podSelector":{},"ingress":[{"ports":[{"port":"http","protocol":"UDP"},{"port":"dns"},{"port":"gone"}]}]}"#
        )
        for traffic in ["TCP 80", "UDP 80", "TCP 53", "UDP 53"] {
            #expect(try cluster.flow("y/a", "x/a", traffic) == "denied", "\(traffic)")
        }
        let egress = try PolicyCluster(
            #"{"podSelector":{},"policyTypes":["Egress"],"egress":[{"ports":[{"port":"http"}]}]}"#)
        #expect(
            try egress.flow("x/a", "192.168.1.100") == "denied", "nobody outside of the cluster has names for ports")
    }

    // MARK: 8

    @Test(
        "corner case 8: endPort and port are both in the range",
        arguments: [(79, false), (80, true), (81, true), (90, true), (91, false)])
    func endPort(port: Int, isAllowed: Bool) throws {
        let cluster = try PolicyCluster(#"{"podSelector":{},"ingress":[{"ports":[{"port":80,"endPort":90}]}]}"#)
        #expect(try cluster.flow("y/a", "x/a", "TCP \(port)") == (isAllowed ? "allowed" : "denied"))
        #expect(try cluster.flow("y/a", "x/a", "UDP \(port)") == "denied")
    }
}
