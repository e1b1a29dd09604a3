import KubernetesModel
import ServiceProxy
import Testing

/// Which endpoints a node uses, seen by where a pod's packets to a ClusterIP can go.
@Suite("The endpoints that a node uses")
struct EndpointChoiceTests {
    private func outcomes(
        _ endpoints: [JSONValue], _ spec: JSONValue = [:], on node: String = "node1", _ layout: ProxyLayout = .dataMaps
    ) -> Set<Outcome> {
        SampleCluster([service("web", ["10.96.10.50"], spec)], [slice(endpoints)])
            .outcomes(layout, from: "10.244.7.9", to: "10.96.10.50", 80, on: node)
    }

    private func endpoint(
        _ number: Int, on node: String = "node1", ready: Bool = true, serving: Bool? = nil, terminating: Bool = false,
        zones: [String] = [], nodes: [String] = []
    ) -> JSONValue {
        ServiceProxyTests.endpoint(
            "10.244.1.\(number)", on: node, ready: ready, serving: serving, terminating: terminating, zones: zones,
            nodes: nodes)
    }

    private func ending(_ number: Int, on node: String = "node1", serving: Bool = true) -> JSONValue {
        endpoint(number, on: node, ready: false, serving: serving, terminating: true)
    }

    private func answers(_ numbers: Int...) -> Set<Outcome> { Set(numbers.map { to("10.244.1.\($0)") }) }

    @Test("C13, corner case 19: endpoints that end are used only where nobody is ready, and only while they serve")
    func terminating() {
        #expect(outcomes([endpoint(1), ending(2), endpoint(3, ready: false)]) == answers(1))
        #expect(outcomes([ending(2), ending(3, serving: false), endpoint(4, ready: false)]) == answers(2))
        #expect(outcomes([ending(3, serving: false)]) == [.rejected])
        // Serving without being ready or ending is for nobody.
        #expect(outcomes([endpoint(4, ready: false, serving: true)]) == [.rejected])
    }

    @Test("C13: with the policy Local the scope is the node: who ends there goes before who is ready elsewhere")
    func localTerminating() {
        let local: JSONValue = ["internalTrafficPolicy": "Local"]
        let endpoints = [ending(1), endpoint(2, on: "node2")]
        #expect(outcomes(endpoints, local) == answers(1))
        #expect(outcomes(endpoints, local, on: "node2") == answers(2))
        #expect(outcomes(endpoints) == answers(2))
        #expect(outcomes([ending(1, serving: false), endpoint(2, on: "node2")], local) == [.dropped])
        #expect(outcomes([ending(1, on: "node2")], local) == [.dropped])
        #expect(outcomes([ending(1, on: "node2", serving: false)], local) == [.rejected])
    }

    @Test("C14: a pod that publishes itself before it is ready is ready, terminating or not")
    func publishNotReady() {
        #expect(outcomes([endpoint(1, ready: true, serving: false), endpoint(2, terminating: true)]) == answers(1, 2))
    }

    @Test("conditions that nobody has written count as ready")
    func unknownConditions() {
        #expect(
            outcomes([["addresses": ["10.244.1.1"]], ["addresses": ["10.244.1.2"], "conditions": [:]]]) == answers(1, 2)
        )
    }

    @Test("E1: hints keep traffic in the node's zone")
    func zoneHints() {
        let endpoints = [
            endpoint(1, zones: ["a"]), endpoint(2, zones: ["b"]), endpoint(3, on: "node2", zones: ["a", "b"]),
        ]
        #expect(outcomes(endpoints) == answers(1, 3))
        #expect(outcomes(endpoints, on: "node2") == answers(2, 3))
        #expect(outcomes(endpoints, on: "node3") == answers(1, 2, 3))
    }

    @Test("E1: one ready endpoint without a hint, or none for the zone, and hints are not heeded")
    func missingHints() {
        #expect(outcomes([endpoint(1, zones: ["a"]), endpoint(2)]) == answers(1, 2))
        #expect(outcomes([endpoint(1), endpoint(2, zones: ["a"])]) == answers(1, 2))
        #expect(outcomes([endpoint(1, zones: ["b"]), endpoint(2, zones: ["c"])]) == answers(1, 2))
        // Who is not ready has no say.
        #expect(
            outcomes([endpoint(1, zones: ["a"]), endpoint(2, zones: ["b"]), endpoint(3, ready: false)]) == answers(1))
        #expect(outcomes([endpoint(1, ready: false, zones: ["a"]), endpoint(2, zones: ["b"])]) == answers(2))
        #expect(outcomes([ending(1), endpoint(2, zones: ["b"])]) == answers(2))
    }

    @Test("E2: hints for the node come first, then those for its zone, then all endpoints")
    func nodeHints() {
        let endpoints = [
            endpoint(1, zones: ["a"], nodes: ["node1"]), endpoint(2, zones: ["a"], nodes: ["node4"]),
            endpoint(3, zones: ["b"], nodes: ["node5"]),
        ]
        #expect(outcomes(endpoints) == answers(1))
        #expect(outcomes(endpoints, on: "node2") == answers(3))
        #expect(outcomes(endpoints, on: "node3") == answers(1, 2, 3))
        let half = [endpoint(1, zones: ["a"], nodes: ["node1"]), endpoint(2, zones: ["a"]), endpoint(3, zones: ["b"])]
        #expect(outcomes(half) == answers(1, 2))
    }

    @Test("E1: hints do not apply to the policy Local", arguments: ProxyLayout.allCases)
    func hintsAndLocal(layout: ProxyLayout) {
        let endpoints = [endpoint(1, zones: ["b"]), endpoint(2, zones: ["a"]), endpoint(3, on: "node2", zones: ["a"])]
        #expect(outcomes(endpoints, ["internalTrafficPolicy": "Local"], layout) == answers(1, 2))
    }

    @Test("endpoints of which no one knows the node are nobody's own")
    func unknownNode() {
        let endpoints: [JSONValue] = [["addresses": ["10.244.1.1"]]]
        #expect(outcomes(endpoints, ["internalTrafficPolicy": "Local"]) == [.dropped])
        #expect(outcomes(endpoints) == answers(1))
    }
}
