import KubernetesModel
import Testing

@testable import ControlPlane

@Suite("Scheduling")
struct SchedulingTests {
    private let nodes = [
        Sample.node("n1", labels: ["disk": "ssd", "cores": "4"]),
        Sample.node("n2", labels: ["disk": "hdd", "cores": "8"]),
    ]

    private func place(_ spec: [String: JSONValue], on nodes: [Node]? = nil, load: [String: Scheduling.Load] = [:])
        -> Scheduling.Outcome
    {
        Scheduling.place(Sample.pod("p", node: nil, spec), on: nodes ?? self.nodes, load: load)
    }

    private func affinity(_ terms: JSONValue...) -> [String: JSONValue] {
        [
            "affinity": [
                "nodeAffinity": [
                    "requiredDuringSchedulingIgnoredDuringExecution": ["nodeSelectorTerms": .array(terms)]
                ]
            ]
        ]
    }

    @Test("the node with the fewest pods like it is taken, then the one with the fewest pods, then the first")
    func spreading() {
        #expect(place([:]) == .node("n1"))
        #expect(place([:], load: ["n1": .init(pods: 1, alike: 1), "n2": .init(pods: 9)]) == .node("n2"))
        #expect(place([:], load: ["n1": .init(pods: 3, alike: 1), "n2": .init(pods: 2, alike: 1)]) == .node("n2"))
    }

    @Test("nodeSelector and required affinity are honoured")
    func affinity() {
        #expect(place(["nodeSelector": ["disk": "hdd"]]) == .node("n2"))
        let expressions: [(JSONValue, String)] = [
            (["key": "disk", "operator": "NotIn", "values": ["ssd"]], "n2"),
            (["key": "cores", "operator": "Gt", "values": ["5"]], "n2"),
            (["key": "cores", "operator": "Lt", "values": ["5"]], "n1"),
            (["key": "disk", "operator": "In", "values": ["hdd"]], "n2"),
        ]
        for (expression, node) in expressions {
            #expect(place(affinity(["matchExpressions": [expression]])) == .node(node))
        }
        let byName: JSONValue = ["matchFields": [["key": "metadata.name", "operator": "In", "values": ["n2"]]]]
        #expect(place(affinity(["matchExpressions": [["key": "no", "operator": "Exists"]]], byName)) == .node("n2"))
    }

    @Test("a pod that fits nowhere is told why, in the scheduler's words")
    func refusals() {
        #expect(
            place(["nodeSelector": ["disk": "tape"]])
                == .nowhere("0/2 nodes are available: 2 node(s) didn't match Pod's node affinity/selector."))
        #expect(place(affinity([:])) != .node("n1"))
        let mixed = [
            Sample.node("n1", ["unschedulable": true]),
            Sample.node("n2", ["taints": [["key": "dedicated", "value": "db", "effect": "NoSchedule"]]]),
        ]
        #expect(
            place([:], on: mixed)
                == .nowhere(
                    "0/2 nodes are available: 1 node(s) had untolerated taint {dedicated: db}, "
                        + "1 node(s) were unschedulable."))
        #expect(place([:], on: []) == .nowhere("no nodes available to schedule pods"))
    }

    @Test("tolerations let a pod onto a tainted node; a taint that only prefers is avoided")
    func taints() {
        let tainted = [Sample.node("n1", ["taints": [["key": "k", "value": "v", "effect": "NoSchedule"]]])]
        for toleration: JSONValue in [
            ["key": "k", "operator": "Exists"], ["key": "k", "value": "v"], ["operator": "Exists"],
            ["key": "k", "operator": "Equal", "value": "v", "effect": "NoSchedule"],
        ] {
            #expect(place(["tolerations": [toleration]], on: tainted) == .node("n1"))
        }
        for toleration: JSONValue in [
            ["key": "k", "value": "w"], ["key": "x", "operator": "Exists"],
            ["key": "k", "operator": "Exists", "effect": "NoExecute"],
        ] {
            #expect(place(["tolerations": [toleration]], on: tainted) != .node("n1"))
        }
        let preferring = [
            Sample.node("n1", ["taints": [["key": "k", "effect": "PreferNoSchedule"]]]), Sample.node("n2"),
        ]
        #expect(place([:], on: preferring, load: ["n2": .init(pods: 9, alike: 9)]) == .node("n2"))
    }

    @Test("a port of a node is given once for each address and protocol")
    func hostPorts() {
        let pod = Sample.pod("p", node: nil, ports: [["containerPort": 80, "hostPort": 8080]])
        func load(_ address: String, _ transport: TransportProtocol) -> [String: Scheduling.Load] {
            ["n1": .init(hostPorts: [.init(number: 8080, transport: transport, address: address)])]
        }
        let node = [Sample.node("n1")]
        #expect(
            Scheduling.place(pod, on: node, load: load("10.0.0.1", .tcp))
                == .nowhere(
                    "0/1 nodes are available: 1 node(s) didn't have free ports for the requested pod ports."))
        #expect(Scheduling.place(pod, on: node, load: load("10.0.0.1", .udp)) == .node("n1"))
    }
}
